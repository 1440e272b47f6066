import fc from 'fast-check';
import type { RunwayInput } from '../../../shared/model/runway.ts';
import type { PlanItem } from '../../../shared/scenario/items.ts';
import { addDays } from '../../../shared/time/civil-date.ts';
import { AS_OF, runwayInput, uneven } from '../model/ledgers.ts';

/** A live input: today is in the balance, the pattern ends yesterday. */
export const live = (changes: Partial<RunwayInput> = {}): RunwayInput =>
  runwayInput({ paths: 100, historyThrough: addDays(AS_OF, -1), ...changes });

export const tranche = (inDays: number, amount: string, probability = 1): PlanItem => ({
  kind: 'tranche',
  id: 'seed',
  date: addDays(AS_OF, inDays),
  amount,
  probability,
  delay_days: { kind: 'none' },
});

export const rent = (amount: string): PlanItem => ({
  kind: 'recurring',
  id: 'rent',
  every: 'monthly',
  day: 1,
  amount,
  jitter_std: '0',
  business_day: 'none',
  holidays: [],
});

export const credits = (dailyGrossCost: string, lastsDays = 60): PlanItem => ({
  kind: 'credit',
  id: 'cloud',
  remaining: '5000',
  expires_on: addDays(AS_OF, lastsDays),
  daily_gross_cost: dailyGrossCost,
});

const planItems = fc.subarray([
  tranche(40, '3000'),
  tranche(90, '8000', 0.5),
  rent('-800'),
  rent('-100'),
  credits('20'),
]);

const someInput = fc.record({
  balanceMinor: fc.bigInt(-10_000n, 4_000_000n),
  burnedMinor: fc.constantFrom(0n, 1_000n, 20_000n, -6_000n),
  items: planItems,
  horizonDays: fc.constantFrom(120, 240, 240, 240),
});

/** Two live inputs of one company, up to a month apart. */
export const pairs: fc.Arbitrary<readonly [RunwayInput, RunwayInput]> = fc
  .record({
    before: someInput,
    after: someInput,
    days: fc.nat(31),
    keep: fc.subarray(['balance', 'plan', 'days', 'horizon']),
  })
  .map(({ before, after, days, keep }) => {
    const kept = new Set(keep);
    const asOf = addDays(AS_OF, days);
    const older = live({
      balanceMinor: before.balanceMinor,
      horizonDays: before.horizonDays,
      plan: { items: before.items, reasons: [] },
    });
    const spent = Array.from({ length: kept.has('days') ? 0 : days + 1 }, (_, k) => ({
      date: addDays(AS_OF, k),
      netMinor: -after.burnedMinor,
      inflowMinor: after.burnedMinor < 0n ? -after.burnedMinor : 0n,
      outflowMinor: after.burnedMinor > 0n ? after.burnedMinor : 0n,
      outflowCount: after.burnedMinor > 0n ? 1 : 0,
    }));
    const newer = live({
      asOf,
      historyThrough: kept.has('days') ? addDays(AS_OF, -1) : addDays(asOf, -1),
      days: [...uneven.filter(({ date }) => date < AS_OF), ...spent],
      balanceMinor: kept.has('balance') ? older.balanceMinor : after.balanceMinor,
      plan: kept.has('plan') ? older.plan : { items: after.items, reasons: [] },
      horizonDays: kept.has('horizon') ? older.horizonDays : after.horizonDays,
    });
    return [{ ...older, days: older.days.filter(({ date }) => date < AS_OF) }, newer] as const;
  });
