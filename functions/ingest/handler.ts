/** One signed webhook delivery in; its facts, each stored exactly once, out. */
import { archive } from '../../shared/aws/archive.ts';
import { documentClient, objectClient, parameterClient, queueClient } from '../../shared/aws/clients.ts';
import { deliveryBuffer } from '../../shared/aws/delivery-buffer.ts';
import { ledgerStore } from '../../shared/aws/ledger-store.ts';
import { webhookSecrets } from '../../shared/aws/webhook-secrets.ts';
import { parseTenants } from '../../shared/contract/tenant.ts';
import { type HttpHandler, httpHandler } from '../../shared/lambda/http.ts';
import { snsApi } from '../../shared/providers/aws-budgets/api.ts';
import { plaidApi } from '../../shared/providers/plaid/api.ts';
import { environment } from './environment.ts';
import { type ReceiveDeps, receive } from './receive.ts';
import { keysOfBoth, plaidKeys, snsCertificates } from './verification-keys.ts';

const env = environment();
const { LEDGER_TABLE, BUFFER_QUEUE_URL, ARCHIVE_BUCKET, SECRET_PREFIX, TENANTS } = env;
const secrets = webhookSecrets(parameterClient(), SECRET_PREFIX);
const deps: ReceiveDeps = {
  tenants: parseTenants(TENANTS),
  ledger: ledgerStore(documentClient(), LEDGER_TABLE),
  buffer: deliveryBuffer(queueClient(), BUFFER_QUEUE_URL),
  archive: archive(objectClient(), ARCHIVE_BUCKET),
  secrets,
  verificationKeys: keysOfBoth(
    plaidKeys(plaidApi(env.PLAID_API_URL, fetch), secrets),
    snsCertificates(snsApi(env.SNS_URL, fetch)),
  ),
};

export const handler: HttpHandler = httpHandler('ingest', (request, context) =>
  receive(deps, request, context),
);
