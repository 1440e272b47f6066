/** Hourly: what tenants' own databases say of their product, appended to the ledger as statements. */
import { archive } from '../../shared/aws/archive.ts';
import { documentClient, objectClient, parameterClient } from '../../shared/aws/clients.ts';
import { ledgerStore } from '../../shared/aws/ledger-store.ts';
import { webhookSecrets } from '../../shared/aws/webhook-secrets.ts';
import { parseTenants } from '../../shared/contract/tenant.ts';
import { type EventHandler, eventHandler } from '../../shared/lambda/event.ts';
import { connectProduct } from '../../shared/providers/postgres/database.ts';
import { environment } from './environment.ts';
import { type ProductDeps, product } from './product.ts';

const env = environment();
const deps: ProductDeps = {
  tenants: parseTenants(env.TENANTS),
  ledger: ledgerStore(documentClient(), env.LEDGER_TABLE),
  archive: archive(objectClient(), env.ARCHIVE_BUCKET),
  secrets: webhookSecrets(parameterClient(), env.SECRET_PREFIX),
  connect: connectProduct,
  limits: { rowsPerPage: 500, pagesPerRun: 20 },
};

export const handler: EventHandler = eventHandler('product', (_event, context) => product(deps, context));
