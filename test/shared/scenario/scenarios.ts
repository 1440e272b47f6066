/** Scenarios for the tests of this folder. */
import fc from 'fast-check';
import { parseScenario, type Scenario } from '../../../shared/scenario/parse.ts';

/** The scenario that `json` is; throws where it is none. */
export const scenarioOf = (json: unknown): Scenario => {
  const parsed = parseScenario(json);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.value;
};

/** 2.4 M of cash and a burn of 14.2k a day. */
export const BURNING = {
  as_of: '2026-01-01',
  horizon_days: 365,
  paths: 10_000,
  seed: 42,
  currency: 'USD',
  balance: '2400000.00',
  minimum_cash: '0',
  residual: { kind: 'normal', daily_mean: '-14200', daily_std: '2800' },
} as const;

const cents = (min: number, max: number): fc.Arbitrary<string> =>
  fc.integer({ min, max }).map((amount) => (amount / 100).toFixed(2));

const date: fc.Arbitrary<string> = fc.integer({ min: 1, max: 400 }).map((day) => {
  const text = new Date(Date.UTC(2026, 0, 1 + day)).toISOString();
  return text.slice(0, 10);
});

const residual: fc.Arbitrary<object> = fc.oneof(
  fc.record({
    kind: fc.constant('normal'),
    daily_mean: cents(-300_000, 50_000),
    daily_std: cents(0, 200_000),
  }),
  fc.record({
    kind: fc.constant('student_t'),
    daily_mean: cents(-300_000, 50_000),
    daily_std: cents(0, 200_000),
    df: fc.double({ min: 2.1, max: 40, noNaN: true }),
  }),
  fc.record({
    kind: fc.constant('bootstrap'),
    values: fc.array(cents(-400_000, 100_000), { minLength: 1, maxLength: 9 }),
    block: fc.integer({ min: 1, max: 12 }),
  }),
);

const recurring: fc.Arbitrary<object> = fc
  .tuple(
    fc.oneof(
      fc.record({ every: fc.constant('weekly'), weekday: fc.integer({ min: 1, max: 7 }) }),
      fc.record({ every: fc.constant('biweekly'), anchor: date }),
      fc.record({ every: fc.constant('semi-monthly'), days: fc.constantFrom([15, -1], [1, 31], [5, 20]) }),
      fc.record({
        every: fc.constant('quarterly'),
        month: fc.integer({ min: 1, max: 3 }),
        day: fc.constant(31),
      }),
    ),
    fc.record({
      amount: cents(-2_000_000, 200_000),
      jitter_std: fc.oneof(fc.constant('0'), cents(0, 100_000)),
      business_day: fc.constantFrom('none', 'previous', 'next'),
    }),
  )
  .map(([rule, rest]) => ({ ...rule, ...rest }));

export interface TrancheJson {
  readonly date: string;
  readonly amount: string;
  readonly probability: number;
  readonly delay_days: object;
}

export const trancheJson: fc.Arbitrary<TrancheJson> = fc.record({
  date,
  amount: cents(0, 30_000_000),
  probability: fc.double({ min: 0, max: 1, noNaN: true }),
  delay_days: fc.constantFrom(
    { kind: 'none' },
    { kind: 'fixed', days: 9 },
    { kind: 'gamma', mean: 18, std: 11 },
  ),
});

export interface ScenarioJson {
  readonly as_of: string;
  readonly horizon_days: number;
  readonly balance: string;
  readonly minimum_cash: string;
  readonly residual: object;
  readonly scheduled: readonly object[];
  readonly recurring: readonly object[];
  readonly tranches: readonly TrancheJson[];
  readonly credits: readonly object[];
}

const everyShape: fc.Arbitrary<ScenarioJson> = fc.record({
  as_of: fc.constant('2026-01-01'),
  horizon_days: fc.integer({ min: 1, max: 200 }),
  paths: fc.integer({ min: 1, max: 120 }),
  seed: fc.nat(),
  currency: fc.constant('USD'),
  balance: cents(-1_000_000, 30_000_000),
  minimum_cash: cents(-100_000, 1_000_000),
  residual,
  scheduled: fc.array(fc.record({ date, amount: cents(-5_000_000, 5_000_000) }), { maxLength: 4 }),
  recurring: fc.array(recurring, { maxLength: 2 }),
  tranches: fc.array(trancheJson, { maxLength: 3 }),
  credits: fc.array(
    fc.record({ remaining: cents(0, 9_200_000), expires_on: date, daily_gross_cost: cents(0, 110_000) }),
    { maxLength: 2 },
  ),
});

/** The same with nothing random but normal noise, which is forecast in another way. */
const plainShape: fc.Arbitrary<ScenarioJson> = fc
  .tuple(everyShape, cents(-300_000, 50_000), cents(1, 200_000), fc.integer({ min: 1, max: 3000 }))
  .map(([json, daily_mean, daily_std, paths]) => ({
    ...json,
    paths,
    residual: { kind: 'normal', daily_mean, daily_std },
    recurring: json.recurring.map((item) => ({ ...item, jitter_std: '0' })),
    tranches: json.tranches.map((tranche) => ({
      ...tranche,
      probability: 1,
      delay_days: { kind: 'fixed', days: 9 },
    })),
  }));

/** Scenario JSON of every shape, small enough to run by the hundred. Amounts are whole cents. */
export const scenarioJson: fc.Arbitrary<ScenarioJson> = fc.oneof(everyShape, plainShape);
