/** The clock, or an owner, in; how old the number is, and where books and sources differ, out. */
import { rateLimiter, rateLimitRules } from '../../shared/access/rate-limit.ts';
import { documentClient, parameterClient } from '../../shared/aws/clients.ts';
import { ledgerStore } from '../../shared/aws/ledger-store.ts';
import { reconciliationStore } from '../../shared/aws/reconciliation-store.ts';
import { stateStore } from '../../shared/aws/state-store.ts';
import { webhookSecrets } from '../../shared/aws/webhook-secrets.ts';
import { parseTenants } from '../../shared/contract/tenant.ts';
import { authorized } from '../../shared/lambda/authorized.ts';
import { eventHandler } from '../../shared/lambda/event.ts';
import type { LambdaHandler } from '../../shared/lambda/guard.ts';
import { httpHandler } from '../../shared/lambda/http.ts';
import { httpOrEvent } from '../../shared/lambda/http-or-event.ts';
import { stripeApi } from '../../shared/providers/stripe/api.ts';
import { answerReconciliation, everyHour, settingsOf } from './door.ts';
import { environment } from './environment.ts';
import type { ReconcileDeps } from './reconcile.ts';

const env = environment();
const client = documentClient();
const state = stateStore(client, env.STATE_TABLE);
const tenants = parseTenants(env.TENANTS);
const deps: ReconcileDeps = {
  ledger: ledgerStore(client, env.LEDGER_TABLE),
  state,
  results: reconciliationStore(client, env.STATE_TABLE),
  secrets: webhookSecrets(parameterClient(), env.SECRET_PREFIX),
  stripe: stripeApi(env.STRIPE_API_URL, fetch),
  tenants,
  ...settingsOf(env.RECONCILIATION),
};
const admission = { tenants, retryAfterSeconds: rateLimiter(state.countRequest, rateLimitRules(env)) };

export const handler: LambdaHandler<unknown, unknown> = httpOrEvent(
  httpHandler('reconcile', (request, run) =>
    authorized(admission, (_request, tenant) => answerReconciliation(deps, tenant, run))(request),
  ),
  eventHandler('reconcile', (event, run) => everyHour(deps, event, run)),
);
