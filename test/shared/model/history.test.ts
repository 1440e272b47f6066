import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { burnOf, historyWindow, levelUncertainty, shortcomings } from '../../../shared/model/history.ts';
import { addDays } from '../../../shared/time/civil-date.ts';
import { AS_OF, movement as day, daily as every, USD } from './ledgers.ts';

test('the window ends on the day of the forecast, in whole weeks, at most a year', () => {
  const lengths = [1, 6, 7, 97, 98, 364, 365, 2000].map(
    (days) =>
      historyWindow(
        every(days, () => -1n),
        AS_OF,
      ).netMinor.length,
  );
  assert.deepEqual(lengths, [0, 0, 7, 91, 98, 364, 364, 364]);
  const window = historyWindow(
    every(100, (ago) => BigInt(-ago)),
    AS_OF,
  );
  assert.equal(window.netMinor.at(-1), 0n);
  assert.equal(window.netMinor[0], -97n);
  assert.equal(window.firstDate, addDays(AS_OF, -97));
});

test('days without movement count from the first day on; days to come do not', () => {
  const window = historyWindow([day(-5, -999n), day(90, -7n), day(0, -1n)], AS_OF);
  assert.equal(window.netMinor.length, 91);
  assert.equal(window.netMinor[0], -7n);
  assert.equal(
    window.netMinor.reduce((sum, net) => sum + net, 0n),
    -8n,
  );
  assert.equal(window.outflowCount, 2);
});

test('a ledger older than its first movement covers the days between', () => {
  const quiet = historyWindow([day(10, -7n)], AS_OF, addDays(AS_OF, -97));
  assert.equal(quiet.netMinor.length, 98);
  assert.equal(quiet.netMinor.at(-11), -7n);
  assert.equal(historyWindow([day(10, -7n)], AS_OF).netMinor.length, 7);
  assert.equal(historyWindow([], AS_OF, addDays(AS_OF, 5)).netMinor.length, 0);
});

test('no ledger at all is an empty window', () => {
  assert.deepEqual(historyWindow([], AS_OF).netMinor, []);
});

test('91 days and 6 payments suffice, one less of either does not', () => {
  const paid = (days: number, payments: number) =>
    shortcomings(
      historyWindow(
        every(days, (ago) => (ago < payments ? -1n : 0n)),
        AS_OF,
      ),
    );
  assert.deepEqual(paid(91, 6), []);
  assert.deepEqual(paid(90, 6), ['the ledger covers 84 days in whole weeks: a forecast needs 91']);
  assert.deepEqual(paid(91, 5), ['the last 91 days of the ledger show 5 payments: a forecast needs 6']);
});

test('payments before the window do not count', () => {
  const days = [...every(364, () => 0n), ...Array.from({ length: 10 }, (_, k) => day(364 + k, -1n))];
  assert.deepEqual(shortcomings(historyWindow(days, AS_OF)), [
    'the last 364 days of the ledger show 0 payments: a forecast needs 6',
  ]);
});

test('burn is positive when cash shrinks, and rounds half to even', () => {
  const window = historyWindow(
    every(364, (ago) => (ago % 2 === 0 ? -1001n : 0n)),
    AS_OF,
  );
  assert.deepEqual(burnOf(window, USD), {
    netDailyMean: '5.00',
    netDailyStd: '5.01',
    longRunDailyStd: '0.00',
    grossDailyMean: '5.00',
  });
  const growing = historyWindow(
    every(98, (ago) => (ago === 0 ? 98n : 0n)),
    AS_OF,
  );
  assert.equal(burnOf(growing, USD).netDailyMean, '-0.01');
  const nothing = historyWindow(
    every(98, (ago) => (ago === 0 ? 1n : 0n)),
    AS_OF,
  );
  assert.equal(burnOf(nothing, USD).netDailyMean, '0.00');
});

test('a payment a month does not look like daily noise', () => {
  const payroll = historyWindow(
    every(364, (ago) => (ago % 28 === 3 ? -2_800_000n : 0n)),
    AS_OF,
  );
  assert.equal(levelUncertainty(payroll).stdMinor, 0);
  assert.ok(Number(burnOf(payroll, USD).netDailyStd) > 5_000);
  assert.equal(burnOf(payroll, USD).longRunDailyStd, '0.00');
});

test('the level of a window of two alternating months, by hand', () => {
  // Four sums of 28 days: 0, -28, 0, -28; mean -14, variance 4 x 14^2 / 3.
  const window = historyWindow(
    every(112, (ago) => (Math.floor(ago / 28) % 2 === 0 ? -1n : 0n)),
    AS_OF,
  );
  const { stdMinor, df } = levelUncertainty(window);
  assert.equal(stdMinor.toFixed(12), Math.sqrt((4 * 14 ** 2) / 3 / 28 / 112).toFixed(12));
  assert.equal(df, 3);
  assert.equal(
    levelUncertainty(
      historyWindow(
        every(364, () => -1n),
        AS_OF,
      ),
    ).df,
    12,
  );
});

test('law: the window does not depend on the order of the days', () => {
  const some = fc.uniqueArray(fc.integer({ min: 0, max: 500 }), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(some, (agos) => {
      const days = agos.map((ago) => day(ago, BigInt(-ago)));
      assert.deepEqual(historyWindow(days.toReversed(), AS_OF), historyWindow(days, AS_OF));
    }),
  );
});
