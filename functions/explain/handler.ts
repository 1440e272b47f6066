/** Why the runway moved, and what would move it. Forecasts many times over while the caller waits; stores nothing. */
import { rateLimiter, rateLimitRules } from '../../shared/access/rate-limit.ts';
import { documentClient } from '../../shared/aws/clients.ts';
import { forecastHistory } from '../../shared/aws/forecast-history.ts';
import { ledgerStore } from '../../shared/aws/ledger-store.ts';
import { reconciliationStore } from '../../shared/aws/reconciliation-store.ts';
import { stateStore } from '../../shared/aws/state-store.ts';
import { parseTenants } from '../../shared/contract/tenant.ts';
import { authorized } from '../../shared/lambda/authorized.ts';
import { heldBack } from '../../shared/lambda/exposure.ts';
import { type HttpHandler, httpHandler } from '../../shared/lambda/http.ts';
import { environment } from './environment.ts';
import { type ExplainDeps, explainResponse } from './explain.ts';
import { whatIfResponse } from './what-if.ts';

const env = environment();
const client = documentClient();
const state = stateStore(client, env.STATE_TABLE);
const reconciliation = reconciliationStore(client, env.STATE_TABLE);
const deps: ExplainDeps = {
  state,
  ledger: ledgerStore(client, env.LEDGER_TABLE),
  history: forecastHistory(client, env.STATE_TABLE),
  daysRead: new Map(),
};
const admission = {
  tenants: parseTenants(env.TENANTS),
  retryAfterSeconds: rateLimiter(state.countRequest, rateLimitRules(env)),
};

export const handler: HttpHandler = httpHandler(
  'explain',
  authorized(admission, async (request, tenant) => {
    const held = heldBack(await reconciliation.status(tenant.tenant), request.claims);
    if (held !== undefined) return held;
    return request.method === 'POST'
      ? whatIfResponse(deps, request, tenant)
      : explainResponse(deps, request, tenant);
  }),
);
