import { requiredEnvironment } from '../../shared/lambda/environment.ts';

/** What infra hands the reconcile function; a name missing on either side fails to compile or to start. */
export interface ReconcileEnvironment {
  readonly STAGE: string;
  readonly LEDGER_TABLE: string;
  readonly STATE_TABLE: string;
  /** Parent of `/{tenant}/{source}/...` in the parameter store. */
  readonly SECRET_PREFIX: string;
  /** JSON array of `TenantSettings`. */
  readonly TENANTS: string;
  readonly STRIPE_API_URL: string;
  /** JSON of `{variance, floor, autoPause}`. */
  readonly RECONCILIATION: string;
  readonly RATE_LIMIT_PER_MINUTE: string;
  /** `true` or `false`: whether tokens with scope `admin` are counted too. */
  readonly ADMIN_RATE_LIMITED: string;
}

export const environment = (): ReconcileEnvironment =>
  requiredEnvironment([
    'STAGE',
    'LEDGER_TABLE',
    'STATE_TABLE',
    'SECRET_PREFIX',
    'TENANTS',
    'STRIPE_API_URL',
    'RECONCILIATION',
    'RATE_LIMIT_PER_MINUTE',
    'ADMIN_RATE_LIMITED',
  ]);
