/** A range of days, or the night, in; State brought up to the ledger, and the ledger sealed, out. */
import { rateLimiter, rateLimitRules } from '../../shared/access/rate-limit.ts';
import { documentClient, objectClient } from '../../shared/aws/clients.ts';
import { forecastHistory } from '../../shared/aws/forecast-history.ts';
import { ledgerStore } from '../../shared/aws/ledger-store.ts';
import { sealArchive } from '../../shared/aws/seal-archive.ts';
import { sealStore } from '../../shared/aws/seal-store.ts';
import { stateStore } from '../../shared/aws/state-store.ts';
import { parseTenants } from '../../shared/contract/tenant.ts';
import { authorized } from '../../shared/lambda/authorized.ts';
import { eventHandler } from '../../shared/lambda/event.ts';
import type { LambdaHandler } from '../../shared/lambda/guard.ts';
import { httpHandler } from '../../shared/lambda/http.ts';
import { httpOrEvent } from '../../shared/lambda/http-or-event.ts';
import { environment } from './environment.ts';
import { answerSettling, type SettleDeps, settle } from './settle.ts';

const env = environment();
const client = documentClient();
const state = stateStore(client, env.STATE_TABLE);
const deps: SettleDeps = {
  ledger: ledgerStore(client, env.LEDGER_TABLE),
  state,
  /** Outside the cache's network: readers look at the table again within half a minute. */
  cache: { get: async () => undefined, put: async () => undefined },
  history: forecastHistory(client, env.STATE_TABLE),
  tenants: parseTenants(env.TENANTS),
  daysRead: new Map(),
  seals: sealStore(client, env.STATE_TABLE),
  copies: sealArchive(objectClient(), env.ARCHIVE_BUCKET),
  patience: () => new Promise((resolve) => setTimeout(resolve, 5_000)),
};
const admission = {
  tenants: deps.tenants,
  retryAfterSeconds: rateLimiter(state.countRequest, rateLimitRules(env)),
};

export const handler: LambdaHandler<unknown, unknown> = httpOrEvent(
  httpHandler('settle', (request, run) =>
    authorized(admission, (asked, tenant) => answerSettling(deps, asked, tenant, run))(request),
  ),
  eventHandler('settle', (_event, run) => settle(deps, run)),
);
