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
import { type HttpHandler, httpHandler } from '../../shared/lambda/http.ts';
import { carryOut } from './carry-out.ts';
import { environment } from './environment.ts';

const env = environment();
const client = documentClient();
const deps = {
  ledger: ledgerStore(client, env.LEDGER_TABLE),
  archive: archive(objectClient(), env.ARCHIVE_BUCKET),
  orders: policyStore(client, env.STATE_TABLE),
  mode: policyMode(parameterClient(), env.POLICY_MODE_PARAMETER),
};
const admission = {
  tenants: parseTenants(env.TENANTS),
  retryAfterSeconds: rateLimiter(stateStore(client, env.STATE_TABLE).countRequest, rateLimitRules(env)),
};

export const handler: HttpHandler = httpHandler(
  'command',
  authorized(admission, (request, tenant, { sub }) => carryOut(deps, request, tenant, sub)),
);
