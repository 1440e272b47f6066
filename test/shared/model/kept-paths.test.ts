/** A forecast is the same bytes whether or not the process made another one before: of the same paths, or of others. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { documentOf } from '../../../shared/canonical/document.ts';
import type { HistoryDay } from '../../../shared/model/history.ts';
import type { Plan } from '../../../shared/model/plan.ts';
import { componentsOf, prepare } from '../../../shared/model/prepare.ts';
import { forecastRunway, type RunwayInput } from '../../../shared/model/runway.ts';
import { walkComponents } from '../../../shared/model/two-components.ts';
import { compileScenario } from '../../../shared/scenario/compile.ts';
import { addDays } from '../../../shared/time/civil-date.ts';
import { AS_OF, daily, movement, runwayInput } from './ledgers.ts';

const told = (input: RunwayInput): string => documentOf(forecastRunway(input));

/** Another ledger takes the place of whatever was kept. */
const cold = (input: RunwayInput): string => {
  forecastRunway(runwayInput({ seed: 8, paths: 3, horizonDays: 40, days: daily(120, () => -900n) }));
  return told(input);
};

const paid = (ago: number, stream: string, minor: bigint): HistoryDay => ({
  ...movement(ago, -minor),
  streams: [{ stream, inflowMinor: 0n, outflowMinor: minor, inflowCount: 0, outflowCount: 1 }],
});

/** Payroll every other Friday, rent every month, and cards. */
const days = daily(364, (ago) => -2_000n - BigInt((ago * ago * 37) % 1_714)).map((day, ago) => {
  if (ago % 14 === 4) return paid(ago, 'payroll', 80_000n + BigInt(ago));
  return day.date.endsWith('-02') ? paid(ago, 'rent', 30_000n) : day;
});

const plan: Plan = {
  items: [
    {
      kind: 'tranche',
      id: 'round',
      date: addDays(AS_OF, 40),
      amount: '9000',
      probability: 0.6,
      delay_days: { kind: 'gamma', mean: 20, std: 10 },
    },
    { kind: 'scheduled', id: 'desks', date: addDays(AS_OF, 30), amount: '-700' },
  ],
  reasons: [],
};
const withItems = (...items: Plan['items']): Plan => ({ items, reasons: [] });
const contract = (renewal_probability: number): Plan =>
  withItems({
    kind: 'recurring',
    id: 'crm',
    every: 'yearly',
    month: 9,
    day: 1,
    amount: '-900',
    jitter_std: '0',
    business_day: 'none',
    holidays: [],
    renewal_probability,
  });
const lot = (remaining: string): Plan =>
  withItems({
    kind: 'credit',
    id: 'lot',
    remaining,
    expires_on: addDays(AS_OF, 200),
    daily_gross_cost: '20',
  });
const unlikelier: Plan = {
  ...plan,
  items: plan.items.map((item) => (item.kind === 'tranche' ? { ...item, probability: 0.5 } : item)),
};

const base = runwayInput({ paths: 60, horizonDays: 400, historyThrough: addDays(AS_OF, -1), days });
const awaited = { id: 'due', dueDate: addDays(AS_OF, 9), amountMinor: -55_000n, label: 'due' };

/** Each asks for other paths than `base`, or for the same ones from another opening. */
const CHANGES: readonly Partial<RunwayInput>[] = [
  { plan },
  { plan: unlikelier },
  { plan: contract(0.9) },
  { plan: contract(0.5) },
  { plan: lot('2000') },
  { plan: lot('2001') },
  { expected: [awaited] },
  { expected: [{ ...awaited, amountMinor: -56_000n }] },
  { expected: [{ ...awaited, isForeign: true }] },
  { expected: [{ ...awaited, amountMinor: -80_000n, stream: 'payroll' }] },
  { expected: [{ ...awaited, id: 'overdue', dueDate: addDays(AS_OF, -6) }] },
  { balanceMinor: 1_000_001n },
  { balanceMinor: 900_000_000n },
  { minimumCashMinor: 100_000n },
  { asOf: addDays(AS_OF, 1), historyThrough: AS_OF },
  { historyThrough: addDays(AS_OF, -2) },
  { paths: 61 },
  { seed: 9 },
  { horizonDays: 399 },
  { foreign: [{ currency: 'EUR', amountMinor: 300_000n, worthMinor: 330_000n }] },
  { days: days.slice(0, 200) },
  { days: [...days, paid(0, 'payroll', 80_000n)] },
  { days: [...days, movement(0, -40_000n)] },
  { days: [...days, movement(3, -40_000n)] },
  { days: [...days, { ...paid(3, 'fair', 9_000n), netMinor: -9_100n }] },
  { days: [...days, { ...paid(3, 'fair', 9_000n), netMinor: -9_000n }] },
];

test('No change of the input is answered with what was kept of another', () => {
  // Those that are nearly alike stand side by side.
  for (const [k, other] of CHANGES.entries())
    for (const one of [{}, ...CHANGES.slice(Math.max(0, k - 3), k)]) {
      const input = { ...base, ...one, ...other };
      const alone = cold(input);
      // Or what was kept of the input itself would answer for it.
      cold({ ...base, ...one });
      assert.equal(told(input), alone);
    }
});

const step: fc.Arbitrary<(input: RunwayInput) => RunwayInput> = fc.oneof(
  fc.bigInt(-60_000n, 60_000n).map((by) => (input: RunwayInput) => ({
    ...input,
    balanceMinor: input.balanceMinor + by,
  })),
  fc
    .record({ ago: fc.integer({ min: 0, max: 2 }), minor: fc.bigInt(-90_000n, 20_000n) })
    .map(({ ago, minor }) => (input: RunwayInput) => ({
      ...input,
      balanceMinor: input.balanceMinor + minor,
      days: [...input.days, movement(ago, minor)],
    })),
  fc.constantFrom(...CHANGES).map((changes) => (input: RunwayInput) => ({ ...input, ...changes })),
);

test('What a process has kept of earlier forecasts changes no byte of a later one', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 8 }), (steps) => {
      const inputs = [base];
      for (const next of steps) inputs.push(next(inputs.at(-1) ?? base));
      assert.deepEqual(inputs.map(told), inputs.map(cold));
    }),
    { numRuns: 15 },
  );
});

test('A payment of the day draws no path anew, and one of the day before draws all', () => {
  let drawn = 0;
  const walk = (changes: Partial<RunwayInput>): number => {
    const ready = prepare({ ...base, ...changes });
    const { structural, ...others } = componentsOf(ready, 1);
    const counted = {
      ...structural,
      prepare: (path: number): void => {
        drawn += 1;
        structural.prepare(path);
      },
    };
    drawn = 0;
    const asked = { bandDays: [7, 400], pricedDays: [90] };
    walkComponents(compileScenario(ready.scenario).input, { ...others, structural: counted }, asked);
    return drawn;
  };
  cold(base);
  const today = { balanceMinor: 960_000n, days: [...days, movement(0, -40_000n)] };
  const before = { balanceMinor: 960_000n, days: [...days, movement(1, -40_000n)] };
  assert.deepEqual([walk({}), walk(today), walk({}), walk(before), walk({})], [30, 0, 0, 30, 30]);
});

/** The first forecast of a process keeps nothing: it writes its paths in pieces, as it does where they are too many. */
const many = runwayInput({ paths: 1_300, plan });
const first = told(many);

test('Paths that are written in pieces are the same paths', () => {
  assert.equal(told(many), first);
  assert.equal(told(many), first);
});
