import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Group } from '../../../shared/policy/sizes.ts';
import { armedPolicy, type Made } from '../../support/armed-policy.ts';
import { SETTINGS } from '../../support/policy.ts';

const WEEK_HOURS = 7 * 24;
const GROUPS: readonly Group[] = [
  { name: 'dev', environment: 'dev', min: 1, max: 4, desired: 2 },
  { name: 'large', environment: 'staging', min: 2, max: 200, desired: 120 },
  { name: 'batch', environment: 'dev', min: 0, max: 9, desired: 9, batch: true },
  { name: 'scaled', environment: 'staging', min: 2, max: 8, desired: 5, scaled: true },
];

/** The most changes that one group saw in any seven days. */
const mostInWeek = (made: readonly Made[]): number =>
  Math.max(
    0,
    ...made.map(
      ({ hour, group }) =>
        made.filter((each) => each.group === group && each.hour >= hour && each.hour < hour + WEEK_HOURS)
          .length,
    ),
  );

const wave = (shape: 'sine' | 'square' | 'saw', phase: number): number => {
  const turn = phase - Math.floor(phase);
  if (shape === 'sine') return Math.sin(2 * Math.PI * turn);
  return shape === 'square' ? (turn < 0.5 ? 1 : -1) : 2 * turn - 1;
};

test('p5 that swings around any threshold, however fast and far, changes no group more often than the flap budget', () => {
  let most = 0;
  fc.assert(
    fc.property(
      fc.record({
        middle: fc.constantFrom(45, 60, 90, 120),
        swing: fc.double({ min: 0.1, max: 120, noNaN: true }),
        periodHours: fc.double({ min: 1.5, max: 600, noNaN: true }),
        shape: fc.constantFrom('sine', 'square', 'saw'),
      }),
      ({ middle, swing, periodHours, shape }) => {
        const policy = armedPolicy(GROUPS);
        for (let hour = 0; hour < 4 * WEEK_HOURS; hour += 1)
          policy.run(hour, Math.max(0, middle + swing * wave(shape, hour / periodHours)));
        most = Math.max(most, mostInWeek(policy.made));
        assert.ok(mostInWeek(policy.made) <= SETTINGS.changesPerWeekMax, String(mostInWeek(policy.made)));
      },
    ),
    { numRuns: 60 },
  );
  assert.ok(most > 1, 'some swings do change something');
});

test('the budget holds against any p5 at all, and leaves room for the way back', () => {
  fc.assert(
    fc.property(
      fc.array(fc.option(fc.integer({ min: 0, max: 200 })), { minLength: 200, maxLength: 400 }),
      (p5s) => {
        const policy = armedPolicy(GROUPS);
        let hour = 0;
        for (const p5 of p5s) {
          policy.run(hour, p5);
          hour += 3;
        }
        /** CRITICAL, a day, CONSERVE, a day, NORMAL, a day; then at most a week until the budget is free again. */
        for (let after = 0; after < 72 + WEEK_HOURS; after += 1, hour += 1) policy.run(hour, null);
        assert.ok(mostInWeek(policy.made) <= SETTINGS.changesPerWeekMax);
        for (const { name, min, max, desired, scaled } of GROUPS) {
          const now = policy.cloud().find((group) => group.name === name);
          assert.deepEqual([now?.min, now?.max, scaled ? desired : now?.desired], [min, max, desired], name);
        }
      },
    ),
    { numRuns: 30 },
  );
});

test('inside its error band around a threshold p5 changes nothing', () => {
  for (const middle of [45, 60, 120]) {
    const policy = armedPolicy(GROUPS);
    if (middle !== 60) for (let hour = 0; hour < 24; hour += 1) policy.run(hour, middle === 45 ? 50 : 30);
    for (let hour = 24; hour < 50; hour += 1) policy.run(hour, middle === 120 ? 100 : 50 + (middle - 45) * 2);
    const before = policy.made.length;
    for (let hour = 50; hour < 50 + WEEK_HOURS; hour += 1) policy.run(hour, middle + Math.sin(hour) * 0.99);
    const after = policy.made.slice(before);
    /** What was under way goes on to its end; no stance changes and nothing grows. */
    assert.ok(
      after.every(({ from, to }) => to.max < from.max),
      `${middle}: ${JSON.stringify(after)}`,
    );
  }
});
