import { requiredEnvironment } from '../../shared/lambda/environment.ts';

/** What infra hands the govern function; a name missing on either side fails to compile or to start. */
export interface GovernEnvironment {
  readonly STAGE: string;
  readonly STATE_TABLE: string;
  /** Parameter that holds `off`, `plan` or `apply`. */
  readonly POLICY_MODE_PARAMETER: string;
  /** `PolicySettings` as JSON. */
  readonly POLICY: string;
  /** `BudgetSettings` as JSON. */
  readonly BUDGET: string;
  /** JSON array of `TenantSettings`. */
  readonly TENANTS: string;
}

export const environment = (): GovernEnvironment =>
  requiredEnvironment(['STAGE', 'STATE_TABLE', 'POLICY_MODE_PARAMETER', 'POLICY', 'BUDGET', 'TENANTS']);
