/** The page, why the runway moved, what would move it: forecasts many times over while the caller waits; stores nothing. */
import { rateLimiter, rateLimitRules } from '../../shared/access/rate-limit.ts';
import { documentClient } from '../../shared/aws/clients.ts';
import { forecastHistory } from '../../shared/aws/forecast-history.ts';
import { ledgerStore } from '../../shared/aws/ledger-store.ts';
import { policyStore } from '../../shared/aws/policy-store.ts';
import { reconciliationStore } from '../../shared/aws/reconciliation-store.ts';
import { stateStore } from '../../shared/aws/state-store.ts';
import { parseTenants } from '../../shared/contract/tenant.ts';
import { authorized } from '../../shared/lambda/authorized.ts';
import { type HttpHandler, httpHandler } from '../../shared/lambda/http.ts';
import { answer } from './answer.ts';
import { environment } from './environment.ts';
import type { ExplainDeps } from './explain.ts';
import type { PageDeps } from './page.ts';

const env = environment();
const client = documentClient();
const state = stateStore(client, env.STATE_TABLE);
const deps: ExplainDeps & PageDeps = {
  state,
  ledger: ledgerStore(client, env.LEDGER_TABLE),
  history: forecastHistory(client, env.STATE_TABLE),
  policy: policyStore(client, env.STATE_TABLE),
  reconciliation: reconciliationStore(client, env.STATE_TABLE),
  daysRead: new Map(),
  explained: new Map(),
};
const tenants = parseTenants(env.TENANTS);
const openPageTenant = tenants.find(({ tenant }) => tenant === env.OPEN_PAGE_TENANT);
const answerCaller = authorized(
  { tenants, retryAfterSeconds: rateLimiter(state.countRequest, rateLimitRules(env)) },
  (request, tenant) => answer(deps, request, tenant),
);

export const handler: HttpHandler = httpHandler('explain', async (request) =>
  request.path === '/' && openPageTenant ? answer(deps, request, openPageTenant) : answerCaller(request),
);
