/** Batches that fail in part, records that fail for ever, providers that are away: what can go on does, and gaps close. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drain } from '../../../functions/drain/drain.ts';
import { isBucketRow, recompute } from '../../../functions/forecast/recompute.ts';
import { processBatch } from '../../../scripts/local/stream-batch.ts';
import type { LedgerRow } from '../../../shared/ledger/row.ts';
import { quietInvocation } from '../../support/memory-intake.ts';
import { whatItSays } from '../checkers/once.ts';
import { type Deployment, deployment } from './deployment.ts';
import { runs, seeded } from './seeds.ts';
import { NOW, STORY } from './sendings.ts';
import { troubled } from './trouble.ts';

const tell = async (at: Deployment): Promise<Deployment> => {
  for (const sending of STORY) await at.deliver(sending);
  return at;
};
const calm = await tell(deployment());
await calm.settle();
const CALM = whatItSays(calm.state.items());

const same = async (at: Deployment): Promise<void> => {
  assert.deepEqual(await at.faults(), []);
  assert.deepEqual(whatItSays(at.state.items()), CALM);
};

interface Streamed {
  readonly eventName: 'INSERT';
  readonly dynamodb: { readonly SequenceNumber: string; readonly ApproximateCreationDateTime: number };
  readonly row: LedgerRow;
}

const streamed = (row: LedgerRow, index: number): Streamed => ({
  eventName: 'INSERT',
  dynamodb: { SequenceNumber: `${index}`.padStart(6, '0'), ApproximateCreationDateTime: NOW / 1000 },
  row,
});

/** The forecast's reading of a stream, with the mapping's own treatment of failures; answers with what was given up. */
const throughMapping = async (
  at: Deployment,
  records: readonly Streamed[],
  isPoison: (row: LedgerRow) => boolean,
): Promise<readonly string[]> => {
  const given: string[] = [];
  await processBatch(records, {
    invoke: async (some) => {
      const seen = some.flatMap(({ dynamodb, row }) =>
        isBucketRow(row) ? [{ sequenceNumber: dynamodb.SequenceNumber, row }] : [],
      );
      try {
        // No row is known to break the fold: one that would is made up.
        if (seen.some(({ row }) => isPoison(row)))
          throw new Error('a record that no version of ours can read');
        const failed = await recompute(
          { ...at.forecasting, daysRead: new Map() },
          seen,
          quietInvocation(NOW),
        );
        return {
          ok: true,
          value: { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) },
        };
      } catch {
        return { ok: false, error: { errorType: 'Error', errorMessage: '', trace: [] } };
      }
    },
    giveUp: async (some) => void given.push(...some.map(({ row }) => `${row.pk}|${row.sk}`)),
    checkpoint: () => undefined,
    ...{ bisect: true, partialResponse: true, maxRetries: 10, maxAgeSeconds: 79_200 },
    nowMs: () => NOW,
    backOff: async () => undefined,
    stopped: () => false,
  });
  return given;
};

const told = await tell(deployment());
const ROWS = told.ledger.rows().map(streamed);
const BUCKETED = ROWS.filter(({ row }) => isBucketRow(row));

for (let seed = 1; seed <= runs(20); seed += 1)
  test(`a poison record is cut out of its batch and surfaced, and all others count: seed ${seed}`, async () => {
    const random = seeded(seed);
    const poisons = new Set(
      Array.from({ length: random.between(1, 3) }, () => random.pick(BUCKETED).dynamodb.SequenceNumber),
    );
    const keys = BUCKETED.filter(({ dynamodb }) => poisons.has(dynamodb.SequenceNumber)).map(
      ({ row }) => `${row.pk}|${row.sk}`,
    );
    const at = await tell(deployment());
    const given: string[] = [];
    for (let start = 0; start < ROWS.length; ) {
      const cut = ROWS.slice(start, start + random.between(1, 40));
      start += cut.length;
      given.push(...(await throughMapping(at, cut, (row) => keys.includes(`${row.pk}|${row.sk}`))));
    }
    assert.deepEqual(given.toSorted(), keys.toSorted());
    // What was given up is in the ledger still: the next row of its bucket, or a replay, brings it in.
    await at.settle();
    await same(at);
  });

for (let seed = 1; seed <= runs(20); seed += 1)
  test(`of a queue's batch only what failed comes again: seed ${seed}`, async () => {
    const random = seeded(seed);
    let isThrottled = true;
    const trouble = troubled((index) => {
      if (trouble.calls[index] !== 'ledger') return undefined;
      return isThrottled || random.chance(0.1) ? 'is throttled' : undefined;
    });
    const at = await tell(deployment({ trouble }));
    isThrottled = false;
    const sent = at.buffer.messages.length;
    assert.equal(sent, STORY.length);
    const messages = at.buffer.messages.splice(0).map((body, index) => ({ messageId: `m${index}`, body }));
    messages.push({ messageId: 'poison', body: '{"tenant":"nobody"}' });
    const left = new Map(messages.map((message) => [message.messageId, message]));
    for (let receives = 0; receives < 60 && left.size > 1; receives += 1) {
      const batch = random.shuffled([...left.values()]).slice(0, 10);
      const failed = await drain(at.ingest, batch, quietInvocation(NOW));
      assert.ok(failed.every((id) => batch.some(({ messageId }) => messageId === id)));
      for (const { messageId } of batch) if (!failed.includes(messageId)) left.delete(messageId);
    }
    // It goes to the dead-letter queue by its count of receives; nobody else waits for it.
    assert.deepEqual([...left.keys()], ['poison']);
    trouble.end();
    await at.settle();
    await same(at);
  });

const PROVIDERS = ['stripe', 'plaid', 'chargebee', 'gusto'];

for (const answer of [500, 503, 429, 'timeout'] as const)
  for (const away of PROVIDERS)
    test(`${away} answers ${answer} for a while; the others go on, and the gap closes by itself`, async () => {
      let isAway = true;
      const at = await tell(deployment({ outage: (name) => (isAway && name === away ? answer : undefined) }));
      for (let hours = 0; hours < 3; hours += 1) assert.equal(await at.ask(), false, 'a failure is told');
      const rows = at.ledger.rows();
      for (const other of PROVIDERS)
        assert.equal(
          rows.some(({ pk }) => pk.startsWith(`D#acme#${other}#`) && isFetched(pk, other)),
          other !== away,
          `${other} was asked`,
        );
      isAway = false;
      assert.equal(await at.ask(), true);
      await at.settle();
      await same(at);
    });

/** What came because we asked: no delivery of the story has such a name, nor has what we say of a feed ourselves. */
const isFetched = (pk: string, source: string): boolean =>
  !STORY.some(({ deliveryId }) => deliveryId !== '' && pk.endsWith(`#${deliveryId}`)) &&
  !pk.startsWith(`D#acme#${source}#webhook:`) &&
  !pk.includes(':feed:');
