import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { nextStance, type Stance, type StanceSince } from '../../../shared/policy/stance.ts';
import { p5Days, SETTINGS, standardErrorDays } from '../../support/policy.ts';

const NOW = Date.parse('2026-06-10T12:00:00.000Z');
const SEVERITY: Record<Stance, number> = { NORMAL: 0, CONSERVE: 1, CRITICAL: 2 };
const since = (
  stance: Stance,
  previous: Stance | null = null,
  at = '2026-06-10T11:00:00.000Z',
): StanceSince => ({
  stance,
  since: at,
  previous,
});
const after = (from: StanceSince, p5: number | null, error = 0): Stance =>
  nextStance(from, { p5Days: p5, standardErrorDays: p5 === null ? null : error }, SETTINGS, NOW);
const anyStance = fc
  .tuple(
    fc.constantFrom<Stance>('NORMAL', 'CONSERVE', 'CRITICAL'),
    fc.constantFrom<Stance | null>('NORMAL', 'CONSERVE', 'CRITICAL', null),
    fc.integer({ min: 0, max: 48 }),
  )
  .map(([stance, previous, hours]) =>
    since(stance, previous, new Date(NOW - hours * 3_600_000).toISOString()),
  );

test('every cell of the table, thresholds included', () => {
  const rows: [number | null, Stance, Stance, Stance][] = [
    [0, 'CRITICAL', 'CRITICAL', 'CRITICAL'],
    [44, 'CRITICAL', 'CRITICAL', 'CRITICAL'],
    [45, 'CONSERVE', 'CONSERVE', 'CRITICAL'],
    [59, 'CONSERVE', 'CONSERVE', 'CRITICAL'],
    [60, 'NORMAL', 'CONSERVE', 'CRITICAL'],
    [61, 'NORMAL', 'CONSERVE', 'CONSERVE'],
    [120, 'NORMAL', 'CONSERVE', 'CONSERVE'],
    [121, 'NORMAL', 'NORMAL', 'CONSERVE'],
    [null, 'NORMAL', 'NORMAL', 'CONSERVE'],
  ];
  for (const [p5, normal, conserve, critical] of rows) {
    assert.equal(after(since('NORMAL'), p5), normal, `${p5} from NORMAL`);
    assert.equal(after(since('CONSERVE'), p5), conserve, `${p5} from CONSERVE`);
    assert.equal(after(since('CRITICAL'), p5), critical, `${p5} from CRITICAL`);
  }
});

test('a threshold is crossed only when two standard errors are beyond it too', () => {
  assert.equal(after(since('NORMAL'), 57, 1.5), 'NORMAL');
  assert.equal(after(since('NORMAL'), 57, 1.4), 'CONSERVE');
  assert.equal(after(since('NORMAL'), 44, 1), 'CONSERVE');
  assert.equal(after(since('CONSERVE'), 123, 1.5), 'CONSERVE');
  assert.equal(after(since('CONSERVE'), 123, 1.4), 'NORMAL');
});

test('what was CRITICAL spends a day in CONSERVE', () => {
  const came = (hoursAgo: number): StanceSince =>
    since('CONSERVE', 'CRITICAL', new Date(NOW - hoursAgo * 3_600_000).toISOString());
  assert.equal(after(came(23.9), 300), 'CONSERVE');
  assert.equal(after(came(24), 300), 'NORMAL');
  assert.equal(after(came(1), 40), 'CRITICAL');
});

test('a shorter runway never calls for a milder stance', () => {
  fc.assert(
    fc.property(anyStance, p5Days, p5Days, standardErrorDays, (from, a, b, error) => {
      const [lower, higher] = a <= b ? [a, b] : [b, a];
      assert.ok(SEVERITY[after(from, lower, error)] >= SEVERITY[after(from, higher, error)]);
      assert.ok(SEVERITY[after(from, higher, error)] >= SEVERITY[after(from, null)]);
    }),
  );
});

test('p5 that wanders inside its error band around any threshold changes the stance at most once', () => {
  fc.assert(
    fc.property(
      anyStance,
      fc.constantFrom(45, 60, 120),
      fc.double({ min: 0.1, max: 5, noNaN: true }),
      fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 2, maxLength: 30 }),
      (from, threshold, error, wanders) => {
        let current = from;
        let changes = 0;
        for (const wander of wanders) {
          const stance = after(current, threshold + wander * 2 * error, error);
          if (stance !== current.stance) {
            changes += 1;
            current = since(stance, current.stance, '2026-06-01T00:00:00.000Z');
          }
        }
        assert.ok(changes <= 1, `${changes} changes`);
      },
    ),
  );
});
