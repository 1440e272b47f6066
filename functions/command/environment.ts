import { requiredEnvironment } from '../../shared/lambda/environment.ts';

/** What infra hands the command function; a name missing on either side fails to compile or to start. */
export interface CommandEnvironment {
  readonly STAGE: string;
  readonly LEDGER_TABLE: string;
  /** Holds the rate limit counters, and what the policy is asked; this function may write nothing else in it. */
  readonly STATE_TABLE: string;
  readonly ARCHIVE_BUCKET: string;
  /** Parameter that holds `off`, `plan` or `apply`. */
  readonly POLICY_MODE_PARAMETER: string;
  /** JSON array of `TenantSettings`. */
  readonly TENANTS: string;
  readonly RATE_LIMIT_PER_MINUTE: string;
  /** `true` or `false`: whether tokens with scope `admin` are counted too. */
  readonly ADMIN_RATE_LIMITED: string;
}

export const environment = (): CommandEnvironment =>
  requiredEnvironment([
    'STAGE',
    'LEDGER_TABLE',
    'STATE_TABLE',
    'ARCHIVE_BUCKET',
    'POLICY_MODE_PARAMETER',
    'TENANTS',
    'RATE_LIMIT_PER_MINUTE',
    'ADMIN_RATE_LIMITED',
  ]);
