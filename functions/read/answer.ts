import type { ForecastHistory } from '../../shared/aws/forecast-history.ts';
import { planItems } from '../../shared/aws/plan-items.ts';
import type { PolicyStore } from '../../shared/aws/policy-store.ts';
import type { ReconciliationStore } from '../../shared/aws/reconciliation-store.ts';
import type { StateStore } from '../../shared/aws/state-store.ts';
import type { TenantSettings } from '../../shared/contract/tenant.ts';
import { heldBack } from '../../shared/lambda/exposure.ts';
import { type HttpRequest, type HttpResponse, json, problem } from '../../shared/lambda/http.ts';
import { accountingDay } from '../../shared/runway/accounting.ts';
import { readDecisions } from './decisions.ts';
import { answerHistory } from './history.ts';
import { readReconciliation } from './reconciliation.ts';
import { type RunwayDeps, readRunway, runwayResponse } from './runway.ts';

export interface ReadDeps extends RunwayDeps {
  readonly state: Pick<StateStore, 'forecast' | 'overview' | 'statements'>;
  readonly reconciliation: Pick<ReconciliationStore, 'status' | 'results'>;
  readonly history: Pick<ForecastHistory, 'between'>;
  readonly policy: Pick<PolicyStore, 'state' | 'decisions' | 'outcomes'>;
}

const runway = async (deps: ReadDeps, { claims, nowMs }: HttpRequest, tenant: TenantSettings) => {
  const reading = await readRunway(deps, tenant, nowMs);
  return heldBack(reading.pause, claims) ?? runwayResponse(reading);
};

const runwayHistory = async (deps: ReadDeps, request: HttpRequest, tenant: TenantSettings) =>
  heldBack(await deps.reconciliation.status(tenant.tenant), request.claims) ??
  answerHistory(deps.history, request, tenant);

/** What a tenant may read, by path. */
export const answer = async (
  deps: ReadDeps,
  request: HttpRequest,
  tenant: TenantSettings,
): Promise<HttpResponse> => {
  switch (request.path) {
    case '/v1/runway':
      return runway(deps, request, tenant);
    case '/v1/runway/history':
      return runwayHistory(deps, request, tenant);
    case '/v1/plan':
      return json(200, await planItems(deps.state, tenant.tenant));
    case '/v1/policy/decisions':
      return json(200, await readDecisions(deps, tenant.tenant, accountingDay(tenant, request.nowMs)));
    case '/v1/reconciliation':
      return json(200, await readReconciliation(deps.reconciliation, tenant.tenant));
    default:
      return problem(404, 'Not Found');
  }
};
