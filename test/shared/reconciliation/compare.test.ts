import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Currency, currency } from '../../../shared/money/currency.ts';
import { brokenWithin, compareBalance } from '../../../shared/reconciliation/balances.ts';
import { compareItems, type Item } from '../../../shared/reconciliation/items.ts';
import { repeatedDeliveries } from '../../../shared/reconciliation/repeats.ts';
import { silentSources } from '../../../shared/reconciliation/silence.ts';
import { staleRates } from '../../../shared/reconciliation/stale-rates.ts';
import { verdictOf } from '../../../shared/reconciliation/tolerance.ts';
import { addDays } from '../../../shared/time/civil-date.ts';
import { cashFact, day, usd } from '../../support/rows.ts';

const TOLERANCE = { variance: 0.02, floor: '50.00' };
const eur = currency('EUR') as Currency;
const jpy = currency('JPY') as Currency;

const item = (id: string, amountMinor: bigint, fields: Partial<Item> = {}): Item => ({
  id,
  date: day('2026-01-10'),
  currency: usd,
  amountMinor,
  inFlight: false,
  ...fields,
});

const itemsArbitrary = fc.uniqueArray(
  fc.record({ id: fc.stringMatching(/^t[0-9]{1,3}$/), amount: fc.integer({ min: -90_000, max: 90_000 }) }),
  { selector: ({ id }) => id, minLength: 2, maxLength: 20 },
);
const itemsOf = (drawn: readonly { id: string; amount: number }[]): Item[] =>
  drawn.map(({ id, amount }, index) =>
    item(id, BigInt(amount), { date: addDays(day('2026-01-01'), index % 7) }),
  );

test('books that hold what the source states agree, in whatever order both come', () => {
  fc.assert(
    fc.property(itemsArbitrary, (drawn) => {
      const items = itemsOf(drawn);
      for (const each of compareItems(items, [...items].reverse(), TOLERANCE)) {
        assert.deepEqual([each.missing, each.extra, each.different, each.missing_days], [[], [], [], []]);
        assert.deepEqual([each.unexplained, each.variance_ratio, each.beyond], ['0.00', 0, false]);
      }
    }),
  );
});

test('every planted error is found and named, and none hides another', () => {
  fc.assert(
    fc.property(itemsArbitrary, fc.nat(), fc.integer({ min: 1, max: 99_999 }), (drawn, at, by) => {
      const stated = itemsOf(drawn);
      const victim = stated[at % stated.length] as Item;
      const rest = stated.filter((each) => each !== victim);
      const [without] = compareItems(stated, rest, TOLERANCE);
      assert.deepEqual(
        without?.missing.map(({ id }) => id),
        [victim.id],
      );
      const [more] = compareItems(rest, stated, TOLERANCE);
      assert.deepEqual(
        more?.extra.map(({ id }) => id),
        [victim.id],
      );
      const [changed] = compareItems(
        stated,
        [...rest, { ...victim, amountMinor: victim.amountMinor + BigInt(by) }],
        TOLERANCE,
      );
      assert.deepEqual(
        changed?.different.map(({ id }) => id),
        [victim.id],
      );
      assert.equal(changed?.unexplained.replace('.', '').replace(/^0+/, ''), `${by}`);
    }),
  );
});

test('+100 and -100 sum to nothing and are two errors of 200 all the same', () => {
  const stated = [item('a', 10_000n), item('b', 10_000n), item('c', 10_000n)];
  const counted = [item('a', 20_000n), item('b', 0n), item('c', 10_000n)];
  const [found] = compareItems(stated, counted, TOLERANCE);
  assert.deepEqual(found?.different, [
    { id: 'a', date: '2026-01-10', stated: '100.00', counted: '200.00' },
    { id: 'b', date: '2026-01-10', stated: '100.00', counted: '0.00' },
  ]);
  assert.deepEqual([found?.unexplained, found?.tolerance, found?.beyond], ['200.00', '50.00', true]);
});

test('a day that is missing as a whole is named as a day', () => {
  const stated = ['2026-01-10', '2026-01-11', '2026-01-11', '2026-01-12'].map((date, index) =>
    item(`t${index}`, 5_000n, { date: day(date) }),
  );
  const [found] = compareItems(stated, [stated[0] as Item, stated[3] as Item], TOLERANCE);
  assert.deepEqual([found?.missing_days, found?.missing.length], [['2026-01-11'], 2]);
});

test('what is in flight is nobody’s error, on either side', () => {
  const young = item('young', 99_999n, { inFlight: true });
  const estimated = item('estimated', 10_000n, { inFlight: true });
  const [found] = compareItems(
    [young, item('estimated', 9_500n)],
    [estimated, item('gone', 1n, { inFlight: true })],
    TOLERANCE,
  );
  assert.deepEqual([found?.in_flight, found?.unexplained, found?.beyond], [3, '0.00', false]);
});

test('currencies are compared apart', () => {
  const stated = [item('a', 100_000n), item('b', 100_000n, { currency: eur })];
  const found = compareItems(stated, [stated[0] as Item], TOLERANCE);
  assert.deepEqual(
    found.map(({ currency: of, beyond }) => [of, beyond]),
    [
      ['EUR', true],
      ['USD', false],
    ],
  );
});

test('the ratio is above the tolerated share exactly where the difference is beyond', () => {
  const amount = fc.bigInt({ min: -10_000_000n, max: 10_000_000n });
  fc.assert(
    fc.property(
      amount,
      amount,
      fc.constantFrom(usd, jpy),
      fc.constantFrom('0', '50.00'),
      (left, volume, of, floor) => {
        const verdict = verdictOf(left, volume, of, { variance: 0.02, floor });
        if (verdict.toleranceMinor > 0n) assert.equal(verdict.ratio > 0.02, verdict.beyond);
        assert.ok(left !== 0n || (!verdict.beyond && verdict.ratio === 0));
      },
    ),
  );
  assert.equal(verdictOf(5_000n, 0n, usd, TOLERANCE).beyond, false);
  assert.equal(verdictOf(5_001n, 0n, usd, TOLERANCE).beyond, true);
  assert.equal(verdictOf(51n, 0n, jpy, TOLERANCE).beyond, true);
  assert.equal(verdictOf(20_000n, 1_000_000n, usd, TOLERANCE).beyond, false);
});

test('a stated balance may be of the evening before or the morning after, and not of last week', () => {
  const counted = (date: string): bigint => (date >= '2026-01-11' ? 900_000n : 500_000n);
  const on = (date: string) =>
    compareBalance(
      { account: 'bank:checking', date: day(date), currency: usd, amountMinor: 900_000n },
      counted,
      TOLERANCE,
    );
  assert.deepEqual([on('2026-01-10').beyond, on('2026-01-11').beyond], [false, false]);
  assert.deepEqual([on('2026-01-09').difference, on('2026-01-09').beyond], ['4000.00', true]);
});

test('an account went wrong after the last day it was right', () => {
  const balance = (date: string, gap: bigint) =>
    compareBalance(
      { account: 'bank:checking', date: day(date), currency: usd, amountMinor: 500_000n + gap },
      () => 500_000n,
      TOLERANCE,
    );
  const days = [balance('2026-01-12', 70_000n), balance('2026-01-10', 0n), balance('2026-01-11', 70_000n)];
  assert.deepEqual(brokenWithin(days), { after: '2026-01-10', by: '2026-01-11' });
  assert.deepEqual(brokenWithin(days.slice(0, 1)), { after: null, by: '2026-01-12' });
  assert.equal(brokenWithin([...days, balance('2026-01-13', 0n)]), undefined);
});

test('a source is silent by its own rhythm, and only once it had one', () => {
  const every = (gap: number, count: number, last: string) =>
    Array.from({ length: count }, (_, index) => addDays(day(last), -gap * index));
  const silent = (dates: readonly ReturnType<typeof day>[], today: string) =>
    silentSources([{ source: 'plaid', dates }], day(today)).map(({ days }) => days);
  assert.deepEqual(silent(every(1, 30, '2026-01-10'), '2026-01-14'), []);
  assert.deepEqual(silent(every(1, 30, '2026-01-10'), '2026-01-15'), [5]);
  assert.deepEqual(silent(every(14, 6, '2026-01-10'), '2026-03-01'), []);
  assert.deepEqual(silent(every(14, 6, '2026-01-10'), '2026-03-10'), [59]);
  assert.deepEqual(silent(every(1, 4, '2026-01-10'), '2026-06-01'), []);
  assert.deepEqual(silent([], '2026-06-01'), []);
});

test('a held currency wants a rate of these days, where rates are told at all', () => {
  const rate = (date: string) => ({ base: 'EUR', currency: 'USD', date: day(date) });
  const said = (date: string) => staleRates([usd, eur], usd, [rate(date)], day('2026-01-20'));
  assert.deepEqual(said('2026-01-16'), []);
  assert.deepEqual(said('2026-01-14'), ['the rate of EUR is 6 days old: the latest known is of 2026-01-14']);
  assert.deepEqual(staleRates([usd, eur], usd, [], day('2026-01-20')), []);
  assert.equal(staleRates([jpy], usd, [rate('2026-01-20')], day('2026-01-20')).length, 1);
});

test('a file taken in twice under other names is seen; a payroll every fortnight is not', () => {
  const told = (delivery: string, account: string, amounts: readonly bigint[]) =>
    amounts.map((amountMinor, index) => ({
      delivery,
      fact: cashFact({
        key: `${delivery}${index}`,
        account,
        date: addDays(day('2026-01-01'), index),
        amountMinor,
      }),
    }));
  const amounts = [-350n, -350n, -1_200n, -8_000n, 90_000n, -42n];
  const [found, ...none] = repeatedDeliveries([
    ...told('D#1', 'checking', amounts),
    ...told('D#2', 'checking-2', amounts),
    ...told(
      'D#3',
      'checking',
      amounts.map((amount) => amount - 1n),
    ),
  ]);
  assert.deepEqual([found?.repeats, found?.delivery, found?.rows, none], ['D#1', 'D#2', 6, []]);
  assert.deepEqual(found?.accounts, ['checking', 'checking-2']);
});
