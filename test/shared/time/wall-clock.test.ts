import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { instantAt } from '../../../shared/time/wall-clock.ts';
import { shownMs } from '../../support/wall-clock.ts';

const HOUR_MS = 3_600_000;
const ZONES = [
  'UTC',
  'America/New_York',
  'Europe/London',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'America/Havana',
  'Asia/Beirut',
];
const ms = (text: string): number => Date.parse(`${text}Z`);

test('an instant is found again by what its clocks show, or the earlier one that they showed before', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...ZONES),
      fc.integer({ min: ms('2019-01-01T00:00'), max: ms('2031-01-01T00:00') }),
      (zone, anyMs) => {
        const instant = Math.floor(anyMs / 1_000) * 1_000;
        const shown = shownMs(zone, instant);
        const found = instantAt(zone, shown);
        assert.equal(shownMs(zone, found), shown);
        assert.ok(found <= instant && instant - found <= HOUR_MS);
      },
    ),
    { numRuns: 2_000 },
  );
});

test('an hour that comes twice is its first, one that is left out lies after the change', () => {
  for (const [zone, wall, instant] of [
    ['America/New_York', '2026-11-01T00:59:59', '2026-11-01T04:59:59'],
    ['America/New_York', '2026-11-01T01:30:00', '2026-11-01T05:30:00'],
    ['America/New_York', '2026-11-01T02:00:00', '2026-11-01T07:00:00'],
    ['America/New_York', '2026-03-08T01:59:59', '2026-03-08T06:59:59'],
    ['America/New_York', '2026-03-08T02:30:00', '2026-03-08T07:30:00'],
    ['America/New_York', '2026-03-08T03:00:00', '2026-03-08T07:00:00'],
    ['Australia/Lord_Howe', '2026-04-05T01:45:00', '2026-04-04T14:45:00'],
    // Without a midnight the day begins at one.
    ['Asia/Beirut', '2026-03-29T00:00:00', '2026-03-28T22:00:00'],
    ['America/Havana', '2026-11-01T00:00:00', '2026-11-01T04:00:00'],
  ] as const)
    assert.equal(new Date(instantAt(zone, ms(wall))).toISOString(), `${instant}.000Z`, `${zone} ${wall}`);
});

test('a zone that nobody knows is an error', () => {
  assert.throws(() => instantAt('Mars/Olympus', 0), RangeError);
});
