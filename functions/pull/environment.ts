import { requiredEnvironment } from '../../shared/lambda/environment.ts';

/** What infra hands the pull function; a name missing on either side fails to compile or to start. */
export interface PullEnvironment {
  readonly STAGE: string;
  readonly LEDGER_TABLE: string;
  readonly ARCHIVE_BUCKET: string;
  /** Parent of `/{tenant}/{source}/...` in the parameter store. */
  readonly SECRET_PREFIX: string;
  /** JSON array of `TenantSettings`. */
  readonly TENANTS: string;
  readonly STRIPE_API_URL: string;
  readonly PLAID_API_URL: string;
  readonly GUSTO_API_URL: string;
  /** With `{region}` where the region goes. */
  readonly SNS_URL: string;
}

export const environment = (): PullEnvironment =>
  requiredEnvironment([
    'STAGE',
    'LEDGER_TABLE',
    'ARCHIVE_BUCKET',
    'SECRET_PREFIX',
    'TENANTS',
    'STRIPE_API_URL',
    'PLAID_API_URL',
    'GUSTO_API_URL',
    'SNS_URL',
  ]);
