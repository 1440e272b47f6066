import { documentClient, objectClient } from '../../shared/aws/clients.ts';
import { forecastHistory } from '../../shared/aws/forecast-history.ts';
import { ledgerStore } from '../../shared/aws/ledger-store.ts';
import { sealArchive } from '../../shared/aws/seal-archive.ts';
import { sealStore } from '../../shared/aws/seal-store.ts';
import { stateStore } from '../../shared/aws/state-store.ts';
import { parseTenants } from '../../shared/contract/tenant.ts';
import type { SettleEnvironment } from './environment.ts';
import type { SettleDeps } from './settle.ts';

/** By how much the bucket index may lag behind the table, for all that is known. */
const INDEX_LAG_MS = 5_000;

/** What a run of the settle function works on. */
export const dependencies = (env: SettleEnvironment): SettleDeps => {
  const client = documentClient();
  return {
    ledger: ledgerStore(client, env.LEDGER_TABLE),
    state: stateStore(client, env.STATE_TABLE),
    /** Outside the cache's network: readers look at the table again within half a minute. */
    cache: { get: async () => undefined, put: async () => undefined },
    history: forecastHistory(client, env.STATE_TABLE),
    tenants: parseTenants(env.TENANTS),
    daysRead: new Map(),
    seals: sealStore(client, env.STATE_TABLE),
    copies: sealArchive(objectClient(), env.ARCHIVE_BUCKET),
    patience: () => new Promise((resolve) => setTimeout(resolve, INDEX_LAG_MS)),
  };
};
