import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exponentsOn } from '../../../../shared/model/calibration/adaptation.ts';
import { type Past, pastOrigins } from '../../../../shared/model/calibration/past-forecasts.ts';
import type { HistoryDay } from '../../../../shared/model/history.ts';
import { addDays, type CivilDate } from '../../../../shared/time/civil-date.ts';
import { uniformAt } from '../../backtest/cases.ts';
import { AS_OF, movement, USD } from '../ledgers.ts';

const DAYS = 330;

/** Burns 100.00 a day, unevenly. */
const burning = (ago: number): HistoryDay =>
  movement(ago, ago % 14 === 5 ? -100_000n : -2_000n - BigInt((ago * ago * 37) % 1_714));

const pastOf = (changes: Partial<Past> = {}): Past => ({
  currency: USD,
  from: addDays(AS_OF, 1 - DAYS),
  through: AS_OF,
  days: Array.from({ length: DAYS }, (_, ago) => burning(ago)),
  ...changes,
});

test('origins lie on the ledger’s own grid, and only outcomes that are known by now count', () => {
  const origins = pastOrigins(pastOf());
  assert.deepEqual(
    origins.map(({ origin }) => origin),
    [0, 1, 2, 3].map((k) => addDays(AS_OF, 1 - DAYS + 184 + 29 * k)),
  );
  for (const { origin, resolved } of origins)
    for (const forecast of resolved) {
      assert.equal(forecast.origin, origin);
      assert(forecast.resolvedOn <= AS_OF);
      assert(Math.abs(forecast.outcomeDays - forecast.leadDays) < 30, JSON.stringify(forecast));
      assert(forecast.before <= forecast.by);
    }
  assert.deepEqual(
    origins[0]?.resolved.map(({ leadDays }) => leadDays),
    [30, 60, 90],
  );
});

test('a short ledger, and one that earns, teach nothing', () => {
  assert.deepEqual(pastOrigins(pastOf({ from: addDays(AS_OF, -180) })), []);
  const days = pastOf().days.map((day, ago) => (ago % 2 === 0 ? movement(ago, 90_000n) : day));
  assert.deepEqual(pastOrigins(pastOf({ days })), []);
});

test('law: what is remembered changes nothing, and nothing is simulated again for it', () => {
  const past = pastOf();
  const once = pastOrigins(past);
  assert.deepEqual(pastOrigins({ ...past, days: past.days.toReversed() }), once);
  const marked = once.map((origin) => ({ ...origin, resolved: [] }));
  assert.deepEqual(pastOrigins(past, marked), marked);
  const corrected = past.days.map((day, ago) => (ago === 140 ? movement(ago, -5_000_000n) : day));
  const again = pastOrigins({ ...past, days: corrected }, marked);
  assert.equal(
    again.every(({ resolved }) => resolved.length > 0),
    true,
  );
});

test('law: tomorrow only adds outcomes', () => {
  const known = pastOrigins(pastOf({ through: addDays(AS_OF, -40) })).flatMap(({ resolved }) => resolved);
  const later = pastOrigins(pastOf()).flatMap(({ resolved }) => resolved);
  assert(known.length > 0 && later.length > known.length);
  for (const forecast of known)
    assert(later.some((other) => JSON.stringify(other) === JSON.stringify(forecast)));
});

test('a ledger whose spending jumps about widens its own intervals', () => {
  // Calm for half a year, then each quarter burns half or three times as much: no history foretells that.
  const from = addDays(AS_OF, 1 - 900) as CivilDate;
  const days = Array.from({ length: 900 }, (_, ago) => {
    const quarter = Math.floor((899 - ago) / 91);
    const level = quarter < 2 ? 1 : uniformAt(5, quarter) < 0.5 ? 0.4 : 3;
    return movement(ago, -BigInt(Math.round(level * (8_000 + ((ago * ago * 37) % 1_714)))));
  });
  const resolved = pastOrigins(pastOf({ from, days })).flatMap((origin) => origin.resolved);
  const exponents = exponentsOn(resolved, AS_OF);
  assert(Math.max(...exponents.low, ...exponents.high) > 1.3, JSON.stringify(exponents));
});
