import type { TenantSettings } from '../../shared/contract/tenant.ts';
import { heldBack } from '../../shared/lambda/exposure.ts';
import { type HttpRequest, type HttpResponse, json, problem } from '../../shared/lambda/http.ts';
import { accountingDay } from '../../shared/runway/accounting.ts';
import { readDecisions } from './decisions.ts';
import { answerHistory } from './history.ts';
import { type PageDeps, pageResponse } from './page.ts';
import { readPlan } from './plan.ts';
import { readReconciliation } from './reconciliation.ts';
import { readRunway, runwayResponse } from './runway.ts';

const runway = async (deps: PageDeps, { claims, nowMs }: HttpRequest, tenant: TenantSettings) => {
  const reading = await readRunway(deps, tenant, nowMs);
  return heldBack(reading.pause, claims) ?? runwayResponse(reading);
};

const runwayHistory = async (deps: PageDeps, request: HttpRequest, tenant: TenantSettings) =>
  heldBack(await deps.reconciliation.status(tenant.tenant), request.claims) ??
  answerHistory(deps.history, request, tenant);

/** What a tenant may read, by path. */
export const answer = async (
  deps: PageDeps,
  request: HttpRequest,
  tenant: TenantSettings,
): Promise<HttpResponse> => {
  switch (request.path) {
    case '/':
      return pageResponse(deps, tenant, request);
    case '/v1/runway':
      return runway(deps, request, tenant);
    case '/v1/runway/history':
      return runwayHistory(deps, request, tenant);
    case '/v1/plan':
      return json(200, await readPlan(deps.state, tenant.tenant));
    case '/v1/policy/decisions':
      return json(200, await readDecisions(deps, tenant.tenant, accountingDay(tenant, request.nowMs)));
    case '/v1/reconciliation':
      return json(200, await readReconciliation(deps.reconciliation, tenant.tenant));
    default:
      return problem(404, 'Not Found');
  }
};
