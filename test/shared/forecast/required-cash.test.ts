import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { quantileDay } from '../../../shared/forecast/quantile.ts';
import { requiredCash, stableCash } from '../../../shared/forecast/required-cash.ts';
import { simulate } from '../../../shared/forecast/simulate.ts';
import type { Residual, Simulation, SimulationInput } from '../../../shared/forecast/simulation.ts';

const whole = (min: number, max: number): fc.Arbitrary<number> => fc.integer({ min, max });

const residual: fc.Arbitrary<Residual> = fc.oneof(
  fc.record({
    kind: fc.constant('normal' as const),
    dailyMean: whole(-200, 50),
    dailyStd: whole(0, 300),
  }),
  fc.record({
    kind: fc.constant('bootstrap' as const),
    values: fc.array(whole(-300, 200), { minLength: 1, maxLength: 9 }).map((v) => Float64Array.from(v)),
    block: whole(1, 7),
  }),
);

const input: fc.Arbitrary<SimulationInput> = fc
  .record({ horizonDays: whole(1, 60), paths: whole(1, 90), seed: fc.nat(), openingCash: whole(1, 4000) })
  .chain((size) =>
    fc.record({
      horizonDays: fc.constant(size.horizonDays),
      paths: fc.constant(size.paths),
      seed: fc.constant(size.seed),
      openingCash: fc.constant(size.openingCash),
      scheduled: fc
        .array(fc.oneof(fc.constant(0), whole(-500, 500)), {
          minLength: size.horizonDays,
          maxLength: size.horizonDays,
        })
        .map((flows) => Float64Array.from(flows)),
      residual,
      level: fc.record({ std: whole(0, 30), df: fc.constant(5) }),
      jitters: fc.array(fc.record({ day: whole(1, size.horizonDays), std: whole(0, 200) }), { maxLength: 2 }),
      tranches: fc.array(
        fc.record({
          day: whole(1, size.horizonDays),
          amount: whole(0, 3000),
          probability: fc.double({ min: 0, max: 1, noNaN: true }),
          delay: fc.constant({ kind: 'gamma', mean: 5, std: 4 } as const),
        }),
        { maxLength: 2 },
      ),
    }),
  );

const share = fc.constantFrom(0.01, 0.05, 0.3, 0.5, 0.95, 1);

/** Days of the quantile with another opening, by simulating it. */
const daysAt = (given: SimulationInput, openingCash: number, q: number): number =>
  quantileDay(simulate({ ...given, openingCash }), q) ?? Infinity;

test('required cash is the least with which a new simulation has that runway', () => {
  fc.assert(
    fc.property(input, share, fc.double({ min: 0, max: 1, noNaN: true }), (given, q, at) => {
      const days = 1 + Math.floor(at * given.horizonDays);
      const simulation = simulate(given, { required: { days: [days], quantiles: [] } });
      const cash = requiredCash(simulation, q, days);
      assert.ok(cash >= 1);
      assert.ok(daysAt(given, cash, q) >= days, `${cash} does not suffice`);
      if (cash > 1) assert.ok(daysAt(given, cash - 1, q) < days, `${cash - 1} would do`);
    }),
    { numRuns: 300 },
  );
});

test('the published day stays within stable cash, and no further', () => {
  fc.assert(
    fc.property(input, share, (given, q) => {
      const simulation = simulate(given, { required: { days: [], quantiles: [0.5, q] } });
      const published = daysAt(given, given.openingCash, q);
      const { from, to } = stableCash(simulation, q);
      assert.ok(from <= given.openingCash && given.openingCash <= to);
      assert.equal(daysAt(given, from, q), published);
      assert.equal(to === Infinity, published === Infinity);
      if (to < Infinity) assert.equal(daysAt(given, to, q), published);
      if (to < Infinity) assert.ok(daysAt(given, to + 1, q) > published);
      if (from > 1) assert.ok(daysAt(given, from - 1, q) < published);
    }),
    { numRuns: 300 },
  );
});

test('asking what runways cost changes no other answer', () => {
  fc.assert(
    fc.property(input, (given) => {
      const required = { days: [given.horizonDays, given.horizonDays + 1], quantiles: [0.5] };
      const { runwayPrices, ...rest }: Simulation = simulate(given, { required });
      assert.ok(runwayPrices !== undefined && runwayPrices.days.length >= 2);
      assert.deepEqual(rest, simulate(given));
    }),
  );
});

test('a runway nobody asked for has no price', () => {
  const [given] = fc.sample(input, { numRuns: 1, seed: 1 });
  assert.ok(given !== undefined);
  assert.throws(
    () => requiredCash(simulate(given), 0.5, 1),
    new RangeError('the walk was not asked for a runway of 1 days'),
  );
});
