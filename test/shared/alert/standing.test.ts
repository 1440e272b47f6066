import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  FIRST_STANDING,
  GOOD_READINGS,
  isWorse,
  type Level,
  READINGS_APART_MS,
  type Reading,
  type Standing,
  settledAlarm,
  standingAfter,
  standingAfterAlarm,
  WELL_MS,
} from '../../../shared/alert/standing.ts';

const START = Date.parse('2026-06-10T12:00:00Z');
const HOUR = 3_600_000;
const WORDS = { summary: 'said', details: [] };

const reading = (ms: number, calls: Level, keeps: Level = calls): Reading => {
  const at = new Date(START + ms).toISOString();
  return { ...WORDS, order: at, at, calls, keeps };
};
const after = (readings: readonly Reading[], from: Standing = FIRST_STANDING): Standing =>
  readings.reduce(standingAfter, from);

/** Times that only grow, with levels as they come. */
const anyReadings = fc
  .array(
    fc.record({
      apartMs: fc.integer({ min: 1, max: 2 * HOUR }),
      calls: fc.constantFrom<Level>('none', 'warning', 'page', 'critical'),
      keeps: fc.constantFrom<Level>('none', 'warning', 'page', 'critical'),
    }),
    { maxLength: 60 },
  )
  .map((steps) => {
    let ms = 0;
    return steps.map(({ apartMs, calls, keeps }) => {
      ms += apartMs;
      return reading(ms, calls, isWorse(calls, keeps) ? calls : keeps);
    });
  });

test('worse counts at once, and better after three readings in a row an hour apart', () => {
  assert.equal(GOOD_READINGS, 3);
  const bad = after([reading(0, 'page')]);
  assert.deepEqual([bad.level, bad.since], ['page', '2026-06-10T12:00:00.000Z']);
  assert.equal(after([reading(HOUR, 'none'), reading(2 * HOUR, 'none')], bad).level, 'page');
  const good = after([reading(HOUR, 'none'), reading(2 * HOUR, 'none'), reading(3 * HOUR, 'none')], bad);
  assert.deepEqual([good.level, good.since], ['none', '2026-06-10T15:00:00.000Z']);
});

test('between threshold and exit the count begins anew', () => {
  const hours: readonly [Level, Level][] = [
    ['page', 'page'],
    ['none', 'none'],
    ['none', 'none'],
    ['none', 'page'],
    ['none', 'none'],
    ['none', 'none'],
  ];
  const standing = after(hours.map(([calls, keeps], hour) => reading(hour * HOUR, calls, keeps)));
  assert.equal(standing.level, 'page');
  assert.equal(standing.better?.count, 2);
});

test('a burst of good forecasts counts as one', () => {
  const burst = Array.from({ length: 50 }, (_, second) => reading(HOUR + second * 1_000, 'none'));
  const standing = after([reading(0, 'critical'), ...burst]);
  assert.deepEqual([standing.level, standing.better?.count], ['critical', 1]);
});

test('it ends at the worst level that any of the good readings keeps', () => {
  const standing = after([
    reading(0, 'critical'),
    reading(HOUR, 'none', 'none'),
    reading(2 * HOUR, 'none', 'warning'),
    reading(3 * HOUR, 'none', 'none'),
  ]);
  assert.equal(standing.level, 'warning');
});

test('an older forecast than the last one changes nothing, and the same one again ends nothing', () => {
  fc.assert(
    fc.property(anyReadings, fc.array(fc.nat(), { maxLength: 30 }), (readings, repeats) => {
      /** Every reading once and in order, and any earlier one or itself again after it. */
      const delivered = readings.flatMap((each, index) => [
        each,
        ...repeats.map((choice) => readings[choice % (index + 1)] ?? each).slice(0, 3),
        each,
      ]);
      assert.deepEqual(after(delivered), after(readings));
    }),
  );
});

test('however p5 swings, an hour has few changes of level', () => {
  const LEVELS_UP = 3;
  fc.assert(
    fc.property(anyReadings, (readings) => {
      let standing = FIRST_STANDING;
      let changes = 0;
      for (const each of readings) {
        const next = standingAfter(standing, each);
        if (next.level !== standing.level) changes += 1;
        standing = next;
      }
      const lastedMs = Date.parse(readings.at(-1)?.at ?? '') - START;
      /** Every way down takes two spaces between readings, and leads up again by three levels at most. */
      const waysDown =
        readings.length === 0 ? 0 : Math.floor(lastedMs / ((GOOD_READINGS - 1) * READINGS_APART_MS));
      assert.ok(
        changes <= waysDown + LEVELS_UP * (waysDown + 1),
        `${changes} changes, ${waysDown} ways down`,
      );
    }),
  );
});

test('an alert never stands better than what its last reading calls for', () => {
  fc.assert(
    fc.property(anyReadings, (readings) => {
      const last = readings.at(-1);
      if (last !== undefined) assert.ok(!isWorse(last.calls, after(readings).level));
    }),
  );
});

test('an alarm is over when it has been well for half an hour', () => {
  const change = (minutes: number, raised: 'page' | undefined) => ({
    at: new Date(START + minutes * 60_000).toISOString(),
    raised,
    words: WORDS,
  });
  const raised = standingAfterAlarm(FIRST_STANDING, change(0, 'page'));
  const well = standingAfterAlarm(raised, change(10, undefined));
  assert.equal(well.level, 'page');
  assert.equal(settledAlarm(well, START + 10 * 60_000 + WELL_MS - 1).level, 'page');
  assert.equal(settledAlarm(well, START + 10 * 60_000 + WELL_MS).level, 'none');
  const again = standingAfterAlarm(well, change(20, 'page'));
  assert.equal(again.since, raised.since, 'it is the same one');
  assert.equal(settledAlarm(again, START + 24 * HOUR).level, 'page');
  assert.equal(standingAfterAlarm(again, change(15, undefined)), again, 'told late');
  assert.equal(standingAfterAlarm(FIRST_STANDING, change(0, undefined)).level, 'none');
});
