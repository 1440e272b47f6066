/** The real store over a real table that is throttled at any call, transactions among them. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  ProvisionedThroughputExceededException,
  ThrottlingException,
  TransactionCanceledException,
} from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { type LedgerStore, ledgerStore } from '../../../shared/aws/ledger-store.ts';
import { revision } from '../../../shared/event/fact.ts';
import { type LocalLedgerTable, startLedgerTable } from '../../support/dynamodb-local.ts';
import { memoryLedgerStore } from '../../support/memory-ledger-store.ts';
import { cashFact, day } from '../../support/rows.ts';
import { provenance, settingsOf } from '../../support/settings.ts';
import { runs, seeded } from './seeds.ts';

let local: LocalLedgerTable;
before(async () => {
  local = await startLedgerTable();
});
after(() => local.stop());

const fields = { $metadata: {}, message: 'Rate exceeded' };

/** In a transaction one put may be throttled while the others had no trouble, or lost against a rival. */
const throttled = (command: unknown, dice: number): Error =>
  command instanceof TransactWriteCommand && dice < 0.7
    ? new TransactionCanceledException({
        ...fields,
        CancellationReasons: [
          { Code: dice < 0.3 ? 'ConditionalCheckFailed' : 'None' },
          { Code: dice < 0.5 ? 'ThrottlingError' : 'ProvisionedThroughputExceeded' },
        ],
      })
    : dice < 0.5
      ? new ThrottlingException(fields)
      : new ProvisionedThroughputExceededException(fields);

for (let seed = 1; seed <= runs(6); seed += 1)
  test(`a throttled write is never taken for a write, and told again it is written once: seed ${seed}`, async () => {
    const random = seeded(seed);
    let struck = 0;
    const client = {
      send: async (command: never) => {
        if (random.chance(0.3)) {
          struck += 1;
          throw throttled(command, random.uniform());
        }
        return local.client.send(command);
      },
    } as unknown as DynamoDBDocumentClient;
    const from = provenance(settingsOf({ tenant: `seed${seed}` }));
    const facts = Array.from({ length: 4 }, (_, order) =>
      cashFact({ key: 'k', revision: revision('final', order), date: day(`2026-01-0${order + 1}`) }),
    );
    const [store, twin] = [ledgerStore(client, local.table), memoryLedgerStore()];
    const insist = async (told: LedgerStore, fact: (typeof facts)[number]) => {
      for (let times = 0; times < 50; times += 1)
        try {
          return await told.append(fact, from);
        } catch {
          // The sender, the queue or the stream tells it again.
        }
      return assert.fail('50 times in vain');
    };
    for (const fact of facts) assert.equal(await insist(store, fact), await insist(twin, fact));
    for (const fact of facts) assert.equal(await insist(store, fact), await insist(twin, fact));
    const real = ledgerStore(local.client, local.table);
    assert.deepEqual(
      await real.factRows(from.settings.tenant, 'k'),
      await twin.factRows(from.settings.tenant, 'k'),
    );
    assert.ok(struck > 0);
  });
