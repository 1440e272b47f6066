/** What keeps rows in the State table, side by side in one table as in life, and their twins in memory. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { foldDay } from '../../../shared/aggregate/day.ts';
import { rowNames } from '../../../shared/aggregate/reading.ts';
import { alertStore } from '../../../shared/aws/alert-store.ts';
import { forecastHistory } from '../../../shared/aws/forecast-history.ts';
import { policyStore } from '../../../shared/aws/policy-store.ts';
import { reconciliationStore } from '../../../shared/aws/reconciliation-store.ts';
import { sealStore } from '../../../shared/aws/seal-store.ts';
import { stateStore } from '../../../shared/aws/state-store.ts';
import { alertStoreContract } from '../../support/alert-store.contract.ts';
import { startLedgerTable } from '../../support/dynamodb-local.ts';
import { forecastHistoryContract } from '../../support/forecast-history.contract.ts';
import { memoryAlertStore } from '../../support/memory-alert-store.ts';
import { memoryForecastHistory } from '../../support/memory-forecast-history.ts';
import { memoryPolicyStore } from '../../support/memory-policy-store.ts';
import { memoryReconciliationStore } from '../../support/memory-reconciliation-store.ts';
import { memorySealStore } from '../../support/memory-seal-store.ts';
import { memoryStateStore } from '../../support/memory-state-store.ts';
import { policyStoreContract } from '../../support/policy-store.contract.ts';
import { reconciliationStoreContract } from '../../support/reconciliation-store.contract.ts';
import { cashFact, day, factRow } from '../../support/rows.ts';
import { sealStoreContract } from '../../support/seal-store.contract.ts';
import { stateStoreContract } from '../../support/state-store.contract.ts';

/** Any table with the same keys does. */
const { client, table, stop } = await startLedgerTable();
after(stop);

const held = <Store>(
  contract: (name: string, store: () => Store) => void,
  twin: Store,
  real: (at: typeof client, name: string) => Store,
): void => {
  const store = real(client, table);
  contract('memory', () => twin);
  contract('DynamoDB', () => store);
};

held(stateStoreContract, memoryStateStore(), stateStore);
held(forecastHistoryContract, memoryForecastHistory(), forecastHistory);
held(policyStoreContract, memoryPolicyStore(), policyStore);
held(reconciliationStoreContract, memoryReconciliationStore(), reconciliationStore);
held(alertStoreContract, memoryAlertStore(), alertStore);
held(sealStoreContract, memorySealStore(), sealStore);

test('What processes remember of what they put changes nothing of what is put and read, whoever put in between', async () => {
  const date = day('2026-03-04');
  const rowsOf = (keys: readonly string[]) => keys.map((key) => factRow(cashFact({ key, date })));
  const put = fc.record({
    by: fc.constantFrom('one process', 'another', 'a fresh one'),
    keys: fc.subarray(['a', 'b', 'c', 'd']),
    replacing: fc.option(fc.subarray(['a', 'b', 'c', 'd']), { nil: undefined, freq: 6 }),
  });
  let tenants = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(put, { minLength: 2, maxLength: 8 }), async (puts) => {
      tenants += 1;
      const tenant = `m${process.pid}-${tenants}`;
      const twin = memoryStateStore();
      const warm = new Map(['one process', 'another'].map((name) => [name, stateStore(client, table)]));
      for (const { by, keys, replacing } of puts) {
        const fold = foldDay(date, 0, rowsOf(keys));
        const names = rowNames(rowsOf(keys));
        const over = replacing && foldDay(date, 0, rowsOf(replacing)).rowsHash;
        const store = warm.get(by) ?? stateStore(client, table);
        assert.equal(
          await store.putDay(tenant, fold, names, over),
          await twin.putDay(tenant, fold, names, over),
        );
        const wanted = await twin.daysOfMonth(tenant, '2026-03');
        for (const reader of warm.values())
          assert.deepEqual(await reader.daysOfMonth(tenant, '2026-03'), wanted);
      }
    }),
    { numRuns: 40 },
  );
});
