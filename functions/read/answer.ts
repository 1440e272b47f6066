import type { TenantSettings } from '../../shared/contract/tenant.ts';
import { type HttpRequest, type HttpResponse, json, problem } from '../../shared/lambda/http.ts';
import { readDecisions } from './decisions.ts';
import { type PageDeps, pageResponse } from './page.ts';
import { readPlan } from './plan.ts';
import { readRunway, runwayResponse } from './runway.ts';

/** What a tenant may read, by path. */
export const answer = async (
  deps: PageDeps,
  { path, nowMs }: HttpRequest,
  tenant: TenantSettings,
): Promise<HttpResponse> => {
  switch (path) {
    case '/':
      return pageResponse(deps, tenant, nowMs);
    case '/v1/runway':
      return runwayResponse(await readRunway(deps, tenant, nowMs));
    case '/v1/plan':
      return json(200, await readPlan(deps.state, tenant.tenant));
    case '/v1/policy/decisions':
      return json(200, await readDecisions(deps.policy, tenant.tenant));
    default:
      return problem(404, 'Not Found');
  }
};
