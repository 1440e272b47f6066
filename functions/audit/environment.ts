import { requiredEnvironment } from '../../shared/lambda/environment.ts';

/** What infra hands the audit function; a name missing on either side fails to compile or to start. */
export interface AuditEnvironment {
  readonly STAGE: string;
  readonly LEDGER_TABLE: string;
  readonly STATE_TABLE: string;
  readonly ARCHIVE_BUCKET: string;
  /** JSON array of `TenantSettings`. */
  readonly TENANTS: string;
  readonly RATE_LIMIT_PER_MINUTE: string;
  /** `true` or `false`: whether tokens with scope `admin` are counted too. */
  readonly ADMIN_RATE_LIMITED: string;
}

export const environment = (): AuditEnvironment =>
  requiredEnvironment([
    'STAGE',
    'LEDGER_TABLE',
    'STATE_TABLE',
    'ARCHIVE_BUCKET',
    'TENANTS',
    'RATE_LIMIT_PER_MINUTE',
    'ADMIN_RATE_LIMITED',
  ]);
