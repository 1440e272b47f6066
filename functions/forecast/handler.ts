/** Stream of the ledger in; aggregates, forecast, cache and metrics out. Hourly: the accounting day may have changed. */
import { documentClient } from '../../shared/aws/clients.ts';
import { forecastCache } from '../../shared/aws/forecast-cache.ts';
import { forecastHistory } from '../../shared/aws/forecast-history.ts';
import { ledgerStore } from '../../shared/aws/ledger-store.ts';
import { stateStore } from '../../shared/aws/state-store.ts';
import { ledgerRowOf } from '../../shared/aws/stream-image.ts';
import { parseTenants } from '../../shared/contract/tenant.ts';
import { type StreamHandler, streamHandler } from '../../shared/lambda/stream.ts';
import { environment } from './environment.ts';
import { isBucketRow, type RecomputeDeps, recompute, refreshAll } from './recompute.ts';

const { LEDGER_TABLE, STATE_TABLE, CACHE_URL, TENANTS } = environment();
const client = documentClient();
const deps: RecomputeDeps = {
  ledger: ledgerStore(client, LEDGER_TABLE),
  state: stateStore(client, STATE_TABLE),
  cache: forecastCache(CACHE_URL, Date.now),
  history: forecastHistory(client, STATE_TABLE),
  tenants: parseTenants(TENANTS),
  daysRead: new Map(),
};

export const handler: StreamHandler = streamHandler(
  'forecast',
  async (records, run) => {
    const seen = records.flatMap((record) => {
      const row = ledgerRowOf(record);
      const sequenceNumber = record.dynamodb?.SequenceNumber;
      return row !== undefined && isBucketRow(row) && sequenceNumber !== undefined
        ? [{ sequenceNumber, row }]
        : [];
    });
    return recompute(deps, seen, run);
  },
  async (_event, run) => refreshAll(deps, run),
);
