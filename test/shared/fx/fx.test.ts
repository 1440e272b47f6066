import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { converted } from '../../../shared/fx/convert.ts';
import { holding } from '../../../shared/fx/holding.ts';
import { type RateBook, rateBook, rateOn } from '../../../shared/fx/rates.ts';
import { currency } from '../../../shared/money/currency.ts';
import { dividedBy } from '../../../shared/money/half-even.ts';
import { addDays, civilDate, weekday } from '../../../shared/time/civil-date.ts';

const money = (code: string) => currency(code) ?? assert.fail(code);
const day = (text: string) => civilDate(text) ?? assert.fail(text);
const [USD, EUR, JPY, KWD, GBP] = ['USD', 'EUR', 'JPY', 'KWD', 'GBP'].map(money) as [
  ReturnType<typeof money>,
  ReturnType<typeof money>,
  ReturnType<typeof money>,
  ReturnType<typeof money>,
  ReturnType<typeof money>,
];

const book = (rows: readonly (readonly [date: string, currency: string, rate: string])[]): RateBook =>
  rateBook(
    rows.map(([date, code, rate]) => ({
      key: `fx:ecb:${date}:${code}`,
      date: day(date),
      source: 'ecb',
      body: { base: 'EUR', currency: code, rate },
    })),
  );

const FRIDAY = book([
  ['2026-03-05', 'USD', '1.0000'],
  ['2026-03-06', 'USD', '1.2500'],
  ['2026-03-06', 'JPY', '160.00'],
  ['2026-03-06', 'GBP', '0.80000'],
  ['2026-03-06', 'KWD', '0.4'],
]);

test('rates cross over the euro, in the minor units of each currency', () => {
  const on = day('2026-03-06');
  assert.equal(converted(FRIDAY, 12_500n, USD, EUR, on), 10_000n);
  assert.equal(converted(FRIDAY, 10_000n, EUR, JPY, on), 16_000n);
  assert.equal(converted(FRIDAY, 16_000n, JPY, USD, on), 12_500n);
  assert.equal(converted(FRIDAY, -8_000n, GBP, USD, on), -12_500n);
  assert.equal(converted(FRIDAY, 400n, KWD, USD, on), 125n);
});

test('a rate is carried over a weekend and no further than seven days', () => {
  const last = day('2026-03-06');
  fc.assert(
    fc.property(fc.integer({ min: -2, max: 20 }), (days) => {
      const value = converted(FRIDAY, 12_500n, USD, EUR, addDays(last, days));
      const expected = days < -1 || days > 7 ? { currency: 'USD', date: addDays(last, days) } : undefined;
      if (expected) assert.deepEqual(value, expected);
      else assert.equal(value, days === -1 ? 12_500n : 10_000n);
    }),
  );
  assert.equal(weekday(addDays(last, 2)), 7);
  assert.equal(rateOn(FRIDAY, 'USD', addDays(last, 2))?.date, '2026-03-06');
});

test('without a rate there is no value, and the answer names the currency and the day', () => {
  const on = day('2026-03-06');
  assert.deepEqual(converted(FRIDAY, 5n, money('TWD'), USD, on), { currency: 'TWD', date: on });
  assert.deepEqual(converted(FRIDAY, 5n, USD, money('TWD'), on), { currency: 'TWD', date: on });
  assert.deepEqual(converted(new Map(), 5n, EUR, USD, on), { currency: 'USD', date: on });
  assert.equal(converted(new Map(), 0n, EUR, USD, on), 0n, 'nothing is worth nothing');
  assert.equal(converted(new Map(), 7n, USD, USD, on), 7n);
});

test('a currency that the euro replaced keeps its history and is fixed from then on', () => {
  const history = book([['2025-12-31', 'BGN', '1.9558']]);
  assert.equal(rateOn(history, 'BGN', day('2025-12-31'))?.rate, '1.9558');
  assert.equal(rateOn(history, 'BGN', day('2026-01-01'))?.rate, '1.95583');
  assert.equal(rateOn(history, 'BGN', day('2031-06-01'))?.rate, '1.95583');
  assert.equal(rateOn(new Map(), 'BGN', day('2025-12-30')), undefined);
});

test('rounding is once and half to even, either side of zero', () => {
  assert.deepEqual(
    [5n, 15n, 25n, -5n, -15n, 26n, 24n].map((each) => dividedBy(each, 10n)),
    [0n, 2n, 2n, 0n, -2n, 3n, 2n],
  );
  fc.assert(
    fc.property(fc.bigInt(), fc.bigInt({ min: 1n, max: 10n ** 12n }), (numerator, denominator) => {
      const off = 2n * (numerator - dividedBy(numerator, denominator) * denominator);
      assert.ok(off <= denominator && -off <= denominator);
      assert.equal(dividedBy(-numerator, denominator), -dividedBy(numerator, denominator));
    }),
  );
});

const rate = fc.integer({ min: 1_000, max: 90_000_000 }).map((each) => (each / 10_000).toFixed(4));
const amount = fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n });

test('there and back is off by no more than the two roundings', () => {
  fc.assert(
    fc.property(rate, rate, amount, (usd, gbp, amountMinor) => {
      const rates = book([
        ['2026-03-06', 'USD', usd],
        ['2026-03-06', 'GBP', gbp],
      ]);
      const there = converted(rates, amountMinor, USD, GBP, day('2026-03-06')) as bigint;
      const back = converted(rates, there, GBP, USD, day('2026-03-06')) as bigint;
      const off = Math.abs(Number(back - amountMinor));
      assert.ok(off <= 0.5 + (0.5 * Number(usd)) / Number(gbp) + 1e-6, `${amountMinor} ${back}`);
    }),
  );
});

test('value is what came at its worth, plus gains realised and unrealised, to the minor unit', () => {
  const changes = fc.array(
    fc.record({
      offset: fc.integer({ min: 0, max: 40 }),
      amountMinor: fc.bigInt({ min: -90_000n, max: 90_000n }),
    }),
    { maxLength: 30 },
  );
  const first = day('2026-01-05');
  fc.assert(
    fc.property(fc.array(rate, { minLength: 42, maxLength: 42 }), changes, (rates, told) => {
      const daily = book(rates.map((each, index) => [addDays(first, index), 'GBP', each]));
      const withDollars = new Map([
        ...daily,
        ...book(rates.map((_, index) => [addDays(first, index), 'USD', '1.1000'])),
      ]);
      const dated = told.map(({ offset, amountMinor }) => ({ date: addDays(first, offset), amountMinor }));
      const asOf = addDays(first, 41);
      const held = holding(withDollars, GBP, USD, dated, asOf);
      assert.ok('heldMinor' in held);
      const days = [...Map.groupBy(dated, ({ date }) => date)];
      const came = days.reduce((sum, [date, of]) => {
        const net = of.reduce((total, each) => total + each.amountMinor, 0n);
        return sum + (converted(withDollars, net, GBP, USD, date) as bigint);
      }, 0n);
      assert.equal(
        held.heldMinor,
        dated.reduce((sum, each) => sum + each.amountMinor, 0n),
      );
      assert.equal(held.valueMinor, converted(withDollars, held.heldMinor, GBP, USD, asOf));
      assert.equal(came + held.realisedMinor + held.unrealisedMinor, held.valueMinor);
      assert.deepEqual(held, holding(withDollars, GBP, USD, dated.toReversed(), asOf));
    }),
  );
});

test('money that came at one rate and left at another has made its gain; what stays has not yet', () => {
  const rates = book([
    ['2026-03-02', 'USD', '1.0000'],
    ['2026-03-03', 'USD', '1.2000'],
    ['2026-03-04', 'USD', '1.5000'],
  ]);
  const changes = [
    { date: day('2026-03-02'), amountMinor: 10_000n },
    { date: day('2026-03-03'), amountMinor: -4_000n },
  ];
  assert.deepEqual(holding(rates, EUR, USD, changes, day('2026-03-04')), {
    currency: 'EUR',
    heldMinor: 6_000n,
    valueMinor: 9_000n,
    bookMinor: 6_000n,
    realisedMinor: 800n,
    unrealisedMinor: 3_000n,
  });
  assert.deepEqual(holding(rates, EUR, USD, changes, day('2026-04-04')), {
    currency: 'USD',
    date: '2026-04-04',
  });
});
