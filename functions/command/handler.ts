/** The owner's doors: what a company declares about itself, and what the policy may do. */
import { rateLimiter, rateLimitRules } from '../../shared/access/rate-limit.ts';
import { archive } from '../../shared/aws/archive.ts';
import { documentClient, objectClient, parameterClient } from '../../shared/aws/clients.ts';
import { ledgerStore } from '../../shared/aws/ledger-store.ts';
import { policyMode } from '../../shared/aws/policy-mode.ts';
import { policyStore } from '../../shared/aws/policy-store.ts';
import { stateStore } from '../../shared/aws/state-store.ts';
import { parseTenants } from '../../shared/contract/tenant.ts';
import { authorized } from '../../shared/lambda/authorized.ts';
import { type HttpHandler, httpHandler, problem } from '../../shared/lambda/http.ts';
import { environment } from './environment.ts';
import { declareItem, withdrawItem } from './plan.ts';
import { setPolicyMode } from './policy-mode.ts';
import { approveDecision, orderRestore } from './policy-orders.ts';

const env = environment();
const client = documentClient();
const deps = {
  ledger: ledgerStore(client, env.LEDGER_TABLE),
  archive: archive(objectClient(), env.ARCHIVE_BUCKET),
};
const orders = policyStore(client, env.STATE_TABLE);
const mode = policyMode(parameterClient(), env.POLICY_MODE_PARAMETER);
const admission = {
  tenants: parseTenants(env.TENANTS),
  retryAfterSeconds: rateLimiter(stateStore(client, env.STATE_TABLE).countRequest, rateLimitRules(env)),
};

export const handler: HttpHandler = httpHandler(
  'command',
  authorized(admission, async (request, tenant, { sub }) => {
    const asked = `${request.method} ${request.path}`;
    if (asked === 'POST /v1/plan') return declareItem(deps, request, tenant, sub);
    if (request.method === 'DELETE') return withdrawItem(deps, request, tenant, sub);
    if (asked === 'PUT /v1/policy/mode') return setPolicyMode(mode, request);
    if (asked === 'POST /v1/policy/restore') return orderRestore(orders, request, tenant, sub);
    if (asked.endsWith('/approval')) return approveDecision(orders, request, tenant, sub);
    return problem(404, 'Not Found');
  }),
);
