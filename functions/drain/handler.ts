/** Deliveries that the ledger could not take at once, from the buffer into the ledger. */
import { archive } from '../../shared/aws/archive.ts';
import { documentClient, objectClient } from '../../shared/aws/clients.ts';
import { ledgerStore } from '../../shared/aws/ledger-store.ts';
import { parseTenants } from '../../shared/contract/tenant.ts';
import { type SqsHandler, sqsHandler } from '../../shared/lambda/sqs.ts';
import { type DrainDeps, drain } from './drain.ts';
import { environment } from './environment.ts';

const { LEDGER_TABLE, ARCHIVE_BUCKET, TENANTS } = environment();
const deps: DrainDeps = {
  tenants: parseTenants(TENANTS),
  ledger: ledgerStore(documentClient(), LEDGER_TABLE),
  archive: archive(objectClient(), ARCHIVE_BUCKET),
};

export const handler: SqsHandler = sqsHandler('drain', (records, context) => drain(deps, records, context));
