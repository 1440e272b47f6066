import { requiredEnvironment } from '../../shared/lambda/environment.ts';

/** What infra hands the ingest function; a name missing on either side fails to compile or to start. */
export interface IngestEnvironment {
  readonly STAGE: string;
  readonly LEDGER_TABLE: string;
  readonly BUFFER_QUEUE_URL: string;
  readonly ARCHIVE_BUCKET: string;
  /** Parent of `/{tenant}/{source}/...` in the parameter store. */
  readonly SECRET_PREFIX: string;
  /** JSON array of `TenantSettings`. */
  readonly TENANTS: string;
  /** Where Plaid's verification keys are fetched. */
  readonly PLAID_API_URL: string;
  /** Where SNS's certificates are fetched, with `{region}` where the region goes. */
  readonly SNS_URL: string;
}

export const environment = (): IngestEnvironment =>
  requiredEnvironment([
    'STAGE',
    'LEDGER_TABLE',
    'BUFFER_QUEUE_URL',
    'ARCHIVE_BUCKET',
    'SECRET_PREFIX',
    'TENANTS',
    'PLAID_API_URL',
    'SNS_URL',
  ]);
