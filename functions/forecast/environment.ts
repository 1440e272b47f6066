import { requiredEnvironment } from '../../shared/lambda/environment.ts';

/** What infra hands the forecast function; a name missing on either side fails to compile or to start. */
export interface ForecastEnvironment {
  readonly STAGE: string;
  readonly LEDGER_TABLE: string;
  readonly STATE_TABLE: string;
  /** `redis://host:port`, `rediss://user@host:port` (password made per connection), or empty: no cache. */
  readonly CACHE_URL: string;
  /** JSON array of `TenantSettings`. */
  readonly TENANTS: string;
}

export const environment = (): ForecastEnvironment =>
  requiredEnvironment(['STAGE', 'LEDGER_TABLE', 'STATE_TABLE', 'CACHE_URL', 'TENANTS']);
