/** `GET` routes: cache first, table behind it. */
import { rateLimiter, rateLimitRules } from '../../shared/access/rate-limit.ts';
import { documentClient } from '../../shared/aws/clients.ts';
import { forecastCache } from '../../shared/aws/forecast-cache.ts';
import { forecastHistory } from '../../shared/aws/forecast-history.ts';
import { policyStore } from '../../shared/aws/policy-store.ts';
import { reconciliationStore } from '../../shared/aws/reconciliation-store.ts';
import { stateStore } from '../../shared/aws/state-store.ts';
import { parseTenants } from '../../shared/contract/tenant.ts';
import { authorized } from '../../shared/lambda/authorized.ts';
import { type HttpHandler, httpHandler, json } from '../../shared/lambda/http.ts';
import { answer, type ReadDeps } from './answer.ts';
import { environment } from './environment.ts';

const env = environment();
const client = documentClient();
const state = stateStore(client, env.STATE_TABLE);
const deps: ReadDeps = {
  state,
  history: forecastHistory(client, env.STATE_TABLE),
  policy: policyStore(client, env.STATE_TABLE),
  reconciliation: reconciliationStore(client, env.STATE_TABLE),
  cache: forecastCache(env.CACHE_URL, Date.now),
  /** `Math.random` is in [0, 1); early expiration needs a logarithm of it. */
  uniform: () => 1 - Math.random(),
};
const tenants = parseTenants(env.TENANTS);
const answerCaller = authorized(
  { tenants, retryAfterSeconds: rateLimiter(state.countRequest, rateLimitRules(env)) },
  (request, tenant) => answer(deps, request, tenant),
);

export const handler: HttpHandler = httpHandler('read', async (request) => {
  if (request.path === '/v1/health') return json(200, { status: 'ok' });
  return answerCaller(request);
});
