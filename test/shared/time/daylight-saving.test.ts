import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foldDay } from '../../../shared/aggregate/day.ts';
import { foldMonth } from '../../../shared/aggregate/month.ts';
import { accountingDay } from '../../../shared/runway/accounting.ts';
import {
  addDays,
  type CivilDate,
  civilDateIn,
  daysBetween,
  monthOf,
} from '../../../shared/time/civil-date.ts';
import { cashFact, day, factRow } from '../../support/rows.ts';
import { settingsOf } from '../../support/settings.ts';

const ZONE = 'America/New_York';
const HOUR_MS = 3_600_000;

/** Hours whose instant lies in a civil day of a zone. */
const hoursOf = (zone: string, date: CivilDate): number => {
  const noon = Date.parse(`${date}T12:00:00Z`);
  return Array.from({ length: 72 }, (_, index) => noon + (index - 36) * HOUR_MS).filter(
    (at) => civilDateIn(zone, at) === date,
  ).length;
};

test('24 DST: 23/25-hour days and month ends in America/New_York vs UTC: every instant has one day, every day its hours', () => {
  const [spring, autumn] = [day('2026-03-08'), day('2026-11-01')];
  for (let date = day('2026-01-01'); date <= '2026-12-31'; date = addDays(date, 1)) {
    const expected = date === spring ? 23 : date === autumn ? 25 : 24;
    assert.equal(hoursOf(ZONE, date), expected, date);
    assert.equal(hoursOf('UTC', date), 24, date);
  }
});

test('24 DST: no day is lost or doubled between two civil dates, whatever their hours', () => {
  assert.equal(addDays(day('2026-03-07'), 1), '2026-03-08');
  assert.equal(addDays(day('2026-03-08'), 1), '2026-03-09');
  assert.equal(addDays(day('2026-10-31'), 2), '2026-11-02');
  assert.equal(daysBetween(day('2026-03-01'), day('2026-04-01')), 31);
  assert.equal(daysBetween(day('2026-10-31'), day('2026-11-30')), 30);
});

test('24 DST: the last hours of a month belong to it in New York, and to the next one in UTC', () => {
  const at = (text: string) => Date.parse(text);
  const ends: readonly (readonly [string, string, string])[] = [
    ['2026-03-01T04:59:59Z', '2026-02-28', '2026-03-01'],
    ['2026-03-01T05:00:00Z', '2026-03-01', '2026-03-01'],
    ['2026-04-01T03:59:59Z', '2026-03-31', '2026-04-01'],
    ['2026-04-01T04:00:00Z', '2026-04-01', '2026-04-01'],
    ['2026-11-01T03:59:59Z', '2026-10-31', '2026-11-01'],
    ['2026-12-01T04:59:59Z', '2026-11-30', '2026-12-01'],
    ['2027-01-01T04:59:59Z', '2026-12-31', '2027-01-01'],
  ];
  const [newYork, utc] = [settingsOf({ accountingZone: ZONE }), settingsOf()];
  for (const [instant, there, here] of ends) {
    assert.equal(accountingDay(newYork, at(instant)), there, instant);
    assert.equal(accountingDay(utc, at(instant)), here, instant);
  }
});

test('24 DST: the hour that comes twice is one day, and the hour that never comes is missed by none', () => {
  for (const instant of ['2026-11-01T05:30:00Z', '2026-11-01T06:30:00Z'])
    assert.equal(civilDateIn(ZONE, Date.parse(instant)), '2026-11-01');
  for (const instant of ['2026-03-08T06:59:59Z', '2026-03-08T07:00:00Z'])
    assert.equal(civilDateIn(ZONE, Date.parse(instant)), '2026-03-08');
});

test('24 DST: the same payments sum to the same money whichever zone cuts the months', () => {
  const instants = Array.from(
    { length: 40 * 24 },
    (_, hour) => Date.parse('2026-10-10T00:30:00Z') + hour * HOUR_MS,
  );
  const total = (zone: string): readonly [bigint, number] => {
    const rows = instants.map((at, index) =>
      factRow(cashFact({ key: `k${index}`, date: civilDateIn(zone, at), amountMinor: BigInt(index + 1) })),
    );
    const days = [...Map.groupBy(rows, ({ fact }) => fact.date)].map(([date, of]) => foldDay(date, 0, of));
    const months = [...Map.groupBy(days, ({ date }) => monthOf(date))].map(([month, of]) =>
      foldMonth(month, of),
    );
    const sum = months
      .flatMap(({ accounts }) => accounts)
      .reduce((all, { deltaMinor }) => all + deltaMinor, 0n);
    return [sum, months.reduce((all, { rows: count }) => all + count, 0)];
  };
  assert.deepEqual(total(ZONE), total('UTC'));
  assert.equal(total(ZONE)[1], instants.length);
});
