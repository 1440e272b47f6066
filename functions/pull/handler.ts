/** Doorbells in the ledger's stream in; the objects they name, fetched and appended, out. Hourly: a sweep of the last days. */
import { archive } from '../../shared/aws/archive.ts';
import { documentClient, objectClient, parameterClient } from '../../shared/aws/clients.ts';
import { ledgerStore } from '../../shared/aws/ledger-store.ts';
import { ledgerRowOf } from '../../shared/aws/stream-image.ts';
import { webhookSecrets } from '../../shared/aws/webhook-secrets.ts';
import { parseTenants } from '../../shared/contract/tenant.ts';
import { type StreamHandler, streamHandler } from '../../shared/lambda/stream.ts';
import { plaidApi } from '../../shared/providers/plaid/api.ts';
import { environment } from './environment.ts';
import { type PullDeps, pull, sweep } from './pull.ts';
import { stripeApi } from './stripe-api.ts';

const { LEDGER_TABLE, ARCHIVE_BUCKET, SECRET_PREFIX, TENANTS, STRIPE_API_URL, PLAID_API_URL } = environment();
const deps: PullDeps = {
  tenants: parseTenants(TENANTS),
  ledger: ledgerStore(documentClient(), LEDGER_TABLE),
  archive: archive(objectClient(), ARCHIVE_BUCKET),
  secrets: webhookSecrets(parameterClient(), SECRET_PREFIX),
  stripe: stripeApi(STRIPE_API_URL, fetch),
  plaid: plaidApi(PLAID_API_URL, fetch),
};

export const handler: StreamHandler = streamHandler(
  'pull',
  async (records, context) => {
    const rows = records.flatMap((record) => {
      const row = ledgerRowOf(record);
      const sequenceNumber = record.dynamodb?.SequenceNumber;
      return row === undefined || sequenceNumber === undefined ? [] : [{ row, sequenceNumber }];
    });
    return pull(deps, rows, context);
  },
  (_event, context) => sweep(deps, context),
);
