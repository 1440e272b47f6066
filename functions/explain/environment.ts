import { requiredEnvironment } from '../../shared/lambda/environment.ts';

/** What infra hands the explain function; a name missing on either side fails to compile or to start. */
export interface ExplainEnvironment {
  readonly STAGE: string;
  readonly STATE_TABLE: string;
  /** Read by bucket, for the payments of the days between two forecasts. */
  readonly LEDGER_TABLE: string;
  /** JSON array of `TenantSettings`. */
  readonly TENANTS: string;
  /** The tenant whose page needs no token; empty where every page does. */
  readonly OPEN_PAGE_TENANT: string;
  readonly RATE_LIMIT_PER_MINUTE: string;
  /** `true` or `false`: whether tokens with scope `admin` are counted too. */
  readonly ADMIN_RATE_LIMITED: string;
}

export const environment = (): ExplainEnvironment =>
  requiredEnvironment([
    'STAGE',
    'STATE_TABLE',
    'LEDGER_TABLE',
    'TENANTS',
    'OPEN_PAGE_TENANT',
    'RATE_LIMIT_PER_MINUTE',
    'ADMIN_RATE_LIMITED',
  ]);
