/** What an auditor asks, and the owner lets them: everything sealed, where a figure comes from, and what was known when. */
import { rateLimiter, rateLimitRules } from '../../shared/access/rate-limit.ts';
import { archive } from '../../shared/aws/archive.ts';
import { documentClient, objectClient } from '../../shared/aws/clients.ts';
import { ledgerStore } from '../../shared/aws/ledger-store.ts';
import { sealStore } from '../../shared/aws/seal-store.ts';
import { stateStore } from '../../shared/aws/state-store.ts';
import { parseTenants } from '../../shared/contract/tenant.ts';
import { authorized } from '../../shared/lambda/authorized.ts';
import { type HttpHandler, httpHandler, problem } from '../../shared/lambda/http.ts';
import { environment } from './environment.ts';
import { answerExport } from './export.ts';
import { answerReplay } from './replay.ts';
import { answerTrace } from './trace.ts';

const env = environment();
const client = documentClient();
const state = stateStore(client, env.STATE_TABLE);
const deps = {
  ledger: ledgerStore(client, env.LEDGER_TABLE),
  archive: archive(objectClient(), env.ARCHIVE_BUCKET),
  seals: sealStore(client, env.STATE_TABLE),
  state,
};
const admission = {
  tenants: parseTenants(env.TENANTS),
  retryAfterSeconds: rateLimiter(state.countRequest, rateLimitRules(env)),
};

export const handler: HttpHandler = httpHandler(
  'audit',
  authorized(admission, async (request, tenant) => {
    if (request.path === '/v1/audit/export') return answerExport(deps, request, tenant, Date.now);
    if (request.path === '/v1/audit/trace') return answerTrace(deps, request, tenant);
    if (request.path === '/v1/replay') return answerReplay(deps, request, tenant);
    return problem(404, 'Not Found');
  }),
);
