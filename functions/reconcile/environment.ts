import { requiredEnvironment } from '../../shared/lambda/environment.ts';

/** What infra hands the reconcile function; a name missing on either side fails to compile or to start. */
export interface ReconcileEnvironment {
  readonly STAGE: string;
  readonly STATE_TABLE: string;
  /** JSON array of `TenantSettings`. */
  readonly TENANTS: string;
}

export const environment = (): ReconcileEnvironment =>
  requiredEnvironment(['STAGE', 'STATE_TABLE', 'TENANTS']);
