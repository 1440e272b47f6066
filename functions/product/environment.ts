import { requiredEnvironment } from '../../shared/lambda/environment.ts';

/** What infra hands the product function; a name missing on either side fails to compile or to start. */
export interface ProductEnvironment {
  readonly STAGE: string;
  readonly LEDGER_TABLE: string;
  readonly ARCHIVE_BUCKET: string;
  /** Parent of `/{tenant}/{source}/...` in the parameter store. */
  readonly SECRET_PREFIX: string;
  /** JSON array of `TenantSettings`. */
  readonly TENANTS: string;
}

export const environment = (): ProductEnvironment =>
  requiredEnvironment(['STAGE', 'LEDGER_TABLE', 'ARCHIVE_BUCKET', 'SECRET_PREFIX', 'TENANTS']);
