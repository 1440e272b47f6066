/** `GET` routes: cache first, table behind it. */

import { rateLimiter, rateLimitRules } from '../../shared/access/rate-limit.ts';
import { documentClient } from '../../shared/aws/clients.ts';
import { forecastCache } from '../../shared/aws/forecast-cache.ts';
import { policyStore } from '../../shared/aws/policy-store.ts';
import { stateStore } from '../../shared/aws/state-store.ts';
import { parseTenants } from '../../shared/contract/tenant.ts';
import { authorized } from '../../shared/lambda/authorized.ts';
import { type HttpHandler, httpHandler, json, problem } from '../../shared/lambda/http.ts';
import { readDecisions } from './decisions.ts';
import { environment } from './environment.ts';
import { pageResponse } from './page.ts';
import { readPlan } from './plan.ts';
import { readRunway, runwayResponse } from './runway.ts';

const env = environment();
const client = documentClient();
const state = stateStore(client, env.STATE_TABLE);
const policy = policyStore(client, env.STATE_TABLE);
const cache = forecastCache(env.CACHE_URL, Date.now);
/** `Math.random` is in [0, 1); early expiration needs a logarithm of it. */
const uniform = (): number => 1 - Math.random();
const admission = {
  tenants: parseTenants(env.TENANTS),
  retryAfterSeconds: rateLimiter(state.countRequest, rateLimitRules(env)),
};

const deps = { state, policy, cache, uniform };
const openPageTenant = admission.tenants.find(({ tenant }) => tenant === env.OPEN_PAGE_TENANT);

const answer = authorized(admission, async ({ path, nowMs }, tenant) => {
  switch (path) {
    case '/':
      return pageResponse(deps, tenant, nowMs);
    case '/v1/runway':
      return runwayResponse(await readRunway(deps, tenant, nowMs));
    case '/v1/plan':
      return json(200, await readPlan(state, tenant.tenant));
    case '/v1/policy/decisions':
      return json(200, await readDecisions(policy, tenant.tenant));
    default:
      return problem(404, 'Not Found');
  }
});

export const handler: HttpHandler = httpHandler('read', async (request) => {
  if (request.path === '/v1/health') return json(200, { status: 'ok' });
  if (request.path === '/' && openPageTenant) return pageResponse(deps, openPageTenant, request.nowMs);
  return answer(request);
});
