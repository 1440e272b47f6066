import assert from 'node:assert/strict';
import { test } from 'node:test';
import { amountLevel, logSpread } from '../../../shared/model/streams/amount-level.ts';
import { type Cadence, cadenceOf, isDead } from '../../../shared/model/streams/cadence.ts';
import { shifted } from '../../../shared/model/streams/month.ts';
import type { Series } from '../../../shared/model/streams/series.ts';
import {
  addDays,
  type CivilDate,
  daysInMonth,
  epochDay,
  fromEpochDay,
  weekday,
} from '../../../shared/time/civil-date.ts';

const FIRST = '2025-07-01' as CivilDate;

const paid = (dates: readonly CivilDate[], amountOf: (k: number) => number = () => 1_000): Series => ({
  stream: 'rent',
  sign: -1,
  days: Int32Array.from(dates, epochDay),
  amounts: Float64Array.from(dates, (_, k) => amountOf(k)),
});

const year = (holds: (date: CivilDate) => boolean): readonly CivilDate[] =>
  Array.from({ length: 364 }, (_, k) => addDays(FIRST, k)).filter(holds);

/** The day itself, or the Friday before. */
const businessDay = (date: CivilDate): CivilDate => fromEpochDay(shifted(epochDay(date), 'previous'));

const monthEnds = year((date) => addDays(date, 1).endsWith('-01')).map(businessDay);

const coming = (cadence: Cadence | undefined, from: CivilDate, days: number): readonly CivilDate[] => {
  assert.ok(cadence !== undefined && cadence.kind !== 'month-sum');
  return cadence.named(epochDay(from), epochDay(from) + days).map(fromEpochDay);
};

test('rhythms are told by their days', () => {
  const kinds = {
    weekly: year((date) => weekday(date) === 1),
    biweekly: year((date) => weekday(date) === 5 && epochDay(date) % 14 < 7),
    monthly: year((date) => date.endsWith('-05')),
    'semi-monthly': year((date) => date.endsWith('-15')).flatMap((date, k) => [
      businessDay(date),
      monthEnds[k] ?? date,
    ]),
    quarterly: [0, 91, 182, 273].map((ago) => addDays(FIRST, ago + 10)),
    'tax-days': year((date) => /-(01|04|06|09)-15$/.test(date)),
  };
  for (const [kind, dates] of Object.entries(kinds))
    assert.equal(cadenceOf(paid(dates.toSorted()))?.kind, kind, `${dates}`);
});

test('what keeps no rhythm has none', () => {
  let state = 1;
  const random = (): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  const cards = year(() => random() < 0.25);
  assert.equal(cadenceOf(paid(cards, () => 100 + 10_000 * random())), undefined);
  assert.equal(
    cadenceOf(
      paid(
        year((date) => date.endsWith('-05')),
        (k) => (k % 2 === 0 ? 10 : 5_000),
      ),
    ),
    undefined,
  );
  assert.equal(cadenceOf(paid([FIRST, addDays(FIRST, 30)])), undefined);
});

test('rent paid in pieces is told by its months', () => {
  const pieces = year((date) => /-(01|02|09)$/.test(date));
  const cadence = cadenceOf(paid(pieces, (k) => [700, 200, 100][k % 3] ?? 0));
  assert.equal(cadence?.kind, 'month-sum');
});

test('a payday on the last business day of the month stays one', () => {
  const cadence = cadenceOf(paid(monthEnds));
  assert.deepEqual(coming(cadence, '2026-08-01' as CivilDate, 91), [
    '2026-08-31',
    '2026-09-30',
    '2026-10-30',
  ]);
  assert.ok(cadence?.kind === 'monthly' && cadence.lags.every((lag) => lag === 0));
});

test('a stream that has missed its payment by far has ended', () => {
  const rent = paid(year((date) => date.endsWith('-05')));
  const cadence = cadenceOf(rent);
  assert.ok(cadence !== undefined);
  const last = rent.days.at(-1) ?? 0;
  assert.deepEqual(
    [30, 51, 52].map((days) => isDead(rent, cadence, last + days)),
    [false, false, true],
  );
});

test('a level follows a raise, and doubts a payment that stands alone', () => {
  const raised = amountLevel(Float64Array.from({ length: 12 }, (_, k) => (k < 8 ? 1_000 : 1_200)));
  assert.ok(Math.abs(raised.logLevel - Math.log(1_200)) < 0.02, String(raised.logLevel));
  const odd = amountLevel(Float64Array.from({ length: 12 }, (_, k) => (k === 11 ? 3_000 : 1_000 + (k % 3))));
  assert.ok(odd.logLevel > Math.log(1_000) && odd.logLevel < Math.log(2_500));
  assert.equal(amountLevel(Float64Array.of(500)).logLevel.toFixed(9), Math.log(500).toFixed(9));
});

test('one payment in many does not widen the spread', () => {
  const amounts = Float64Array.from({ length: 21 }, (_, k) => (k === 7 ? 1e6 : 100));
  assert.equal(logSpread(amounts), 0);
});

test('months differ in length and still have a last day', () => {
  for (const month of [2, 4, 12]) {
    const last = `2026-${String(month).padStart(2, '0')}-${daysInMonth(2026, month)}` as CivilDate;
    assert.ok(shifted(epochDay(last), 'previous') <= epochDay(last));
    assert.ok(weekday(businessDay(last)) <= 5);
  }
});
