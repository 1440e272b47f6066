import type { PolicyMode } from '../../shared/aws/policy-mode.ts';
import type { PolicyStore } from '../../shared/aws/policy-store.ts';
import type { TenantSettings } from '../../shared/contract/tenant.ts';
import { type HttpRequest, type HttpResponse, problem } from '../../shared/lambda/http.ts';
import { declareItem, type PlanDeps, withdrawItem } from './plan.ts';
import { setPolicyMode } from './policy-mode.ts';
import { approveDecision, orderRestore } from './policy-orders.ts';

export interface CommandDeps extends PlanDeps {
  readonly mode: Pick<PolicyMode, 'write'>;
  readonly orders: Pick<PolicyStore, 'decision' | 'ask'>;
}

/** What an owner may tell, by method and path. */
export const carryOut = async (
  deps: CommandDeps,
  request: HttpRequest,
  tenant: TenantSettings,
  subject: string,
): Promise<HttpResponse> => {
  const asked = `${request.method} ${request.path}`;
  if (asked === 'POST /v1/plan') return declareItem(deps, request, tenant, subject);
  if (request.method === 'DELETE') return withdrawItem(deps, request, tenant, subject);
  if (asked === 'PUT /v1/policy/mode') return setPolicyMode(deps.mode, request);
  if (asked === 'POST /v1/policy/restore') return orderRestore(deps.orders, request, tenant, subject);
  if (asked.endsWith('/approval')) return approveDecision(deps.orders, request, tenant, subject);
  return problem(404, 'Not Found');
};
