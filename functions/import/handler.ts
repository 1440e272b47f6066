/** An account's rows in, as its bank exported them; each of them in the ledger, once. */
import { rateLimiter, rateLimitRules } from '../../shared/access/rate-limit.ts';
import { archive } from '../../shared/aws/archive.ts';
import { documentClient, objectClient } from '../../shared/aws/clients.ts';
import { ledgerStore } from '../../shared/aws/ledger-store.ts';
import { stateStore } from '../../shared/aws/state-store.ts';
import { parseTenants } from '../../shared/contract/tenant.ts';
import { authorized } from '../../shared/lambda/authorized.ts';
import { type HttpHandler, httpHandler } from '../../shared/lambda/http.ts';
import { environment } from './environment.ts';
import { type ImportDeps, importStatement } from './import-statement.ts';

const env = environment();
const client = documentClient();
const deps: ImportDeps = {
  ledger: ledgerStore(client, env.LEDGER_TABLE),
  archive: archive(objectClient(), env.ARCHIVE_BUCKET),
};
const admission = {
  tenants: parseTenants(env.TENANTS),
  retryAfterSeconds: rateLimiter(stateStore(client, env.STATE_TABLE).countRequest, rateLimitRules(env)),
};

export const handler: HttpHandler = httpHandler('import', (request, context) =>
  authorized(admission, (admitted, tenant, { sub }) => importStatement(deps, admitted, tenant, sub, context))(
    request,
  ),
);
