import { requiredEnvironment } from '../../shared/lambda/environment.ts';

/** What infra hands the drain function; a name missing on either side fails to compile or to start. */
export interface DrainEnvironment {
  readonly STAGE: string;
  readonly LEDGER_TABLE: string;
  readonly ARCHIVE_BUCKET: string;
  /** JSON array of `TenantSettings`. */
  readonly TENANTS: string;
}

export const environment = (): DrainEnvironment =>
  requiredEnvironment(['STAGE', 'LEDGER_TABLE', 'ARCHIVE_BUCKET', 'TENANTS']);
