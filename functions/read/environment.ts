import { requiredEnvironment } from '../../shared/lambda/environment.ts';

/** What infra hands the read function; a name missing on either side fails to compile or to start. */
export interface ReadEnvironment {
  readonly STAGE: string;
  readonly STATE_TABLE: string;
  /** `redis://host:port`, `rediss://user@host:port` (password made per connection), or empty: no cache. */
  readonly CACHE_URL: string;
  /** JSON array of `TenantSettings`. */
  readonly TENANTS: string;
  readonly RATE_LIMIT_PER_MINUTE: string;
  /** `true` or `false`: whether tokens with scope `admin` are counted too. */
  readonly ADMIN_RATE_LIMITED: string;
}

export const environment = (): ReadEnvironment =>
  requiredEnvironment([
    'STAGE',
    'STATE_TABLE',
    'CACHE_URL',
    'TENANTS',
    'RATE_LIMIT_PER_MINUTE',
    'ADMIN_RATE_LIMITED',
  ]);
