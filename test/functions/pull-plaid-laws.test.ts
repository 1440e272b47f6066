/** Whatever dies, overlaps or comes again, what counts is what the bank says in the end. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readUpdate, type SyncUpdate } from '../../shared/providers/plaid/sync.ts';
import { type BankWorld, bankWorld, cashByDay, effectiveFacts } from '../support/bank-world.ts';
import { memoryLedgerStore } from '../support/memory-ledger-store.ts';
import { bankRow, CHECKING, ITEM } from '../support/plaid-payloads.ts';
import { provenance, settingsOf } from '../support/settings.ts';

/** What one transaction is made to be; a day of 0 removes it. */
interface Move {
  readonly id: number;
  readonly cents: number;
  readonly day: number;
  readonly pending: boolean;
}

const move: fc.Arbitrary<Move> = fc.record({
  id: fc.integer({ min: 0, max: 4 }),
  cents: fc.integer({ min: -9_999, max: 9_999 }),
  day: fc.integer({ min: 0, max: 3 }),
  pending: fc.boolean(),
});

const dateOf = ({ day }: Move): string => `2026-01-${27 + day}`;

/** Told apart from the pipeline: the last move of each transaction, its cents with the sign turned. */
const truth = (moves: readonly Move[]): Record<string, bigint> => {
  const days: Record<string, bigint> = {};
  for (const last of new Map(moves.map((each) => [each.id, each])).values()) {
    if (last.day === 0 || last.pending) continue;
    days[dateOf(last)] = (days[dateOf(last)] ?? 0n) - BigInt(last.cents);
  }
  return days;
};

const make = (at: BankWorld, each: Move): Promise<void> =>
  each.day === 0
    ? at.bank([], [`tx-${each.id}`])
    : at.bank([
        bankRow({
          transaction_id: `tx-${each.id}`,
          amount: each.cents / 100,
          date: dateOf(each),
          pending: each.pending,
        }),
      ]);

const withoutZeros = (days: Readonly<Record<string, bigint>>): Record<string, bigint> =>
  Object.fromEntries(Object.entries(days).filter(([, amount]) => amount !== 0n));

const noConflict = (at: BankWorld): void =>
  assert.deepEqual(
    at.ledger.rows().filter((row) => row.kind === 'conflict'),
    [],
  );

test('12 a run may die before or after any operation, and the bank may move on before the next', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof(move, fc.constant('ring' as const)), { minLength: 1, maxLength: 24 }),
      fc.infiniteStream(fc.integer({ min: 0, max: 5 })),
      async (steps, dice) => {
        let isSound = false;
        const at = bankWorld({
          around: async (_operation, run) => {
            const luck = isSound ? 5 : (dice.next().value ?? 5);
            if (luck === 0) throw new Error('died before');
            const result = run();
            if (luck === 1) throw new Error('died after');
            return result;
          },
        });
        for (const step of steps)
          if (step === 'ring') await at.ring();
          else await make(at, step);
        isSound = true;
        assert.deepEqual(await at.ring(), []);
        const moves = steps.filter((step) => step !== 'ring');
        assert.deepEqual(withoutZeros(cashByDay(at)), withoutZeros(truth(moves)));
        noConflict(at);
      },
    ),
    { numRuns: 300 },
  );
});

test('runs at the same time, whatever the order of their operations, leave what one would have', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(move, { minLength: 1, maxLength: 8 }),
      fc.array(move, { maxLength: 8 }),
      fc.scheduler(),
      async (before, meanwhile, scheduler) => {
        let isScheduled = true;
        const turn = async (): Promise<void> => {
          if (isScheduled) await scheduler.schedule(Promise.resolve());
        };
        const at = bankWorld({
          around: async (_operation, run) => {
            await turn();
            return run();
          },
          request: async () => {
            await turn();
            return undefined;
          },
        });
        for (const each of before) await make(at, each);
        const bank = (async () => {
          for (const each of meanwhile) {
            await turn();
            await make(at, each);
          }
        })();
        const runs = Promise.all([at.ring(), at.ring(), at.ring(), bank]);
        await scheduler.waitFor(runs);
        isScheduled = false;
        assert.deepEqual(await at.ring(), []);
        assert.deepEqual(withoutZeros(cashByDay(at)), withoutZeros(truth([...before, ...meanwhile])));
        noConflict(at);
      },
    ),
    { numRuns: 150 },
  );
});

test('12 updates applied in any order, any number of times, count as their last', async () => {
  const row = ({ id, cents, day, pending }: Move) =>
    bankRow({
      transaction_id: `tx-${id}`,
      amount: cents / 100,
      date: `2026-01-${27 + day}`,
      pending,
    });
  const update = (moves: readonly Move[]): SyncUpdate => ({
    item: ITEM,
    since: null,
    fetchedAt: '2026-02-01T12:00:00.000Z',
    pages: [
      {
        added: moves.filter((each) => each.day > 0).map(row),
        modified: [],
        removed: moves
          .filter((each) => each.day === 0)
          .map(({ id }) => ({ transaction_id: `tx-${id}`, account_id: CHECKING })),
        next_cursor: 'c',
        has_more: false,
      },
    ],
  });
  const settings = settingsOf();
  const outcome = async (updates: readonly Move[][], order: readonly number[]) => {
    const ledger = memoryLedgerStore();
    for (const index of order)
      for (const event of readUpdate(update(updates[index] ?? []), index + 1, settings).events)
        if ('fact' in event) await ledger.append(event.fact, provenance(settings));
    assert.deepEqual(
      ledger.rows().filter((each) => each.kind === 'conflict'),
      [],
    );
    return effectiveFacts(ledger.rows());
  };
  const updates = fc.array(fc.uniqueArray(move, { selector: ({ id }) => id, minLength: 1, maxLength: 4 }), {
    minLength: 1,
    maxLength: 6,
  });
  await fc.assert(
    fc.asyncProperty(
      updates.chain((all) => {
        const places = all.map((_, index) => index);
        return fc.tuple(
          fc.constant(all),
          fc.array(fc.constantFrom(...places), { maxLength: 6 }),
          fc.shuffledSubarray(places, { minLength: places.length }),
        );
      }),
      async ([all, replayed, shuffled]) => {
        const inOrder = await outcome(
          all,
          all.map((_, index) => index),
        );
        assert.deepEqual(await outcome(all, [...replayed, ...shuffled, ...replayed]), inOrder);
      },
    ),
    { numRuns: 200 },
  );
});
