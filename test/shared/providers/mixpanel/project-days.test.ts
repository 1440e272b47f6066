import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { dayOfTime, projectDays } from '../../../../shared/providers/mixpanel/project-days.ts';
import { addDays, civilDateIn } from '../../../../shared/time/civil-date.ts';
import { day } from '../../../support/rows.ts';
import { shownMs } from '../../../support/wall-clock.ts';

const HOUR_MS = 3_600_000;
const ZONES = ['UTC', 'America/New_York', 'Europe/Berlin', 'Asia/Kolkata', 'Pacific/Auckland'] as const;
const anyZone = fc.constantFrom(...ZONES);
const anyDay = fc
  .integer({ min: Date.UTC(2025, 0, 1), max: Date.UTC(2027, 0, 1) })
  .map((ms) => day(new Date(ms).toISOString().slice(0, 10)));

/** Instants around some days, every half hour. */
const around = (from: string, days: number): number[] =>
  Array.from({ length: (days + 4) * 48 }, (_, index) => Date.parse(from) + (index / 2 - 48) * HOUR_MS);

test('the days that are exported hold every instant of the days asked for, and begin and end with one', () => {
  fc.assert(
    fc.property(anyZone, anyZone, anyDay, fc.integer({ min: 1, max: 4 }), (timezone, zone, from, days) => {
      const before = addDays(from, days);
      const { first, last } = projectDays({ timezone }, { from, before, zone });
      const dates = around(from, days)
        .filter((ms) => civilDateIn(zone, ms) >= from && civilDateIn(zone, ms) < before)
        .map((ms) => civilDateIn(timezone, ms))
        .sort();
      assert.deepEqual([first, last], [dates[0], dates.at(-1)]);
    }),
    { numRuns: 100 },
  );
});

test('a project without a time zone is exported by UTC', () => {
  const days = { from: day('2026-03-08'), before: day('2026-03-09'), zone: 'America/New_York' };
  assert.deepEqual(projectDays({}, days), { first: '2026-03-08', last: '2026-03-09' });
  assert.deepEqual(projectDays({}, { ...days, zone: 'UTC' }), { first: '2026-03-08', last: '2026-03-08' });
});

test('what the clocks of an older project showed is a day elsewhere, also where they change', () => {
  for (const [changed, timezone] of [
    ['2026-03-08', 'America/New_York'],
    ['2026-11-01', 'America/New_York'],
    ['2026-03-29', 'Europe/Berlin'],
    ['2026-10-25', 'Europe/Berlin'],
    ['2026-04-05', 'Pacific/Auckland'],
  ] as const)
    for (const zone of ZONES) {
      const from = addDays(day(changed), -2);
      const exported = { first: from, last: addDays(from, 5) };
      const dayOf = dayOfTime({ timezone }, exported, zone);
      for (const ms of around(changed, 1)) {
        const shown = shownMs(timezone, ms);
        // The second time that an hour is shown cannot be told from the first.
        const first = [ms - HOUR_MS, ms].find((each) => shownMs(timezone, each) === shown) ?? ms;
        const expected =
          timezone === zone ? new Date(shown).toISOString().slice(0, 10) : civilDateIn(zone, first);
        assert.equal(dayOf(shown / 1_000), expected, `${timezone} ${zone} ${new Date(ms).toISOString()}`);
        assert.equal(
          dayOfTime({}, exported, zone)(ms / 1_000),
          civilDateIn(zone, ms),
          'of a newer project it is an instant',
        );
      }
    }
});

test('every second of a day, to the last one', () => {
  const dayOf = dayOfTime({}, { first: day('2026-03-10'), last: day('2026-03-10') }, 'Asia/Kathmandu');
  const midnight = Date.UTC(2026, 2, 10, 18, 15) / 1_000;
  assert.equal(dayOf(midnight - 1), '2026-03-10');
  assert.equal(dayOf(midnight - 0.001), '2026-03-10');
  assert.equal(dayOf(midnight), '2026-03-11');
});

test('a time far from what was exported, such as one in milliseconds, has no day', () => {
  const dayOf = dayOfTime({}, { first: day('2026-03-10'), last: day('2026-03-10') }, 'UTC');
  const seconds = Date.UTC(2026, 2, 10) / 1_000;
  assert.equal(dayOf(seconds), '2026-03-10');
  for (const time of [seconds * 1_000, seconds - 86_401, seconds + 2 * 86_400, Number.NaN])
    assert.equal(dayOf(time), undefined, String(time));
});
