import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { simulate, simulateByWalking } from '../../../shared/forecast/simulate.ts';
import type { SimulationInput } from '../../../shared/forecast/simulation.ts';

const whole = (min: number, max: number): fc.Arbitrary<number> => fc.integer({ min, max });

/** Normal burns of every shape: from noise that hides the mean to a mean that no noise can turn, in units down to 10^-8. */
const input: fc.Arbitrary<SimulationInput> = fc
  .record({
    horizonDays: whole(1, 150),
    paths: whole(1, 200),
    std: whole(1, 500),
    drift: whole(-600, 200),
    unit: fc.constantFrom(1, 7, 1_000_000),
  })
  .chain(({ horizonDays, paths, std, drift, unit }) => {
    const money = (most: number): fc.Arbitrary<number> => whole(-most, most).map((amount) => amount * unit);
    return fc.record({
      horizonDays: fc.constant(horizonDays),
      paths: fc.constant(paths),
      seed: whole(0, 3),
      openingCash: whole(1, 60).map((days) => unit * Math.round(days * (Math.abs(drift) + std / 3))),
      scheduled: fc
        .array(fc.record({ day: whole(0, horizonDays - 1), amount: money(20 * std) }), { maxLength: 6 })
        .map((items) => {
          const flows = new Float64Array(horizonDays);
          for (const { day, amount } of items) flows[day] = amount;
          return flows;
        }),
      residual: fc.constant({
        kind: 'normal' as const,
        dailyMean: Math.round((drift * std) / 100) * unit,
        dailyStd: std * unit,
      }),
      jitters: fc.constant([]),
      tranches: fc.array(
        fc.record({
          day: whole(1, horizonDays),
          amount: whole(0, 50 * std).map((amount) => amount * unit),
          probability: fc.oneof(fc.constant(1), fc.double({ min: 0, max: 1, noNaN: true })),
          delay: fc.constantFrom(
            { kind: 'none' as const },
            { kind: 'fixed' as const, days: 9 },
            { kind: 'gamma' as const, mean: 6, std: 4 },
          ),
        }),
        { maxLength: 2 },
      ),
    });
  });

test('a scan says what the walk says, to the bit', () => {
  let ruined = 0;
  fc.assert(
    fc.property(input, (given) => {
      const scanned = simulate(given);
      assert.deepEqual(scanned, simulateByWalking(given));
      ruined += scanned.depletions.some((count) => count > 0) ? 1 : 0;
    }),
    { numRuns: 1000 },
  );
  assert.ok(ruined > 200, `${ruined} of 1000 cases saw a path run out`);
});

test('so it does where paths come in many sheets, and where the day before is far away', () => {
  const burning: SimulationInput = {
    horizonDays: 1825,
    paths: 2500,
    seed: 42,
    openingCash: 40_000,
    scheduled: Float64Array.from({ length: 1825 }, (_, day) => (day % 30 === 14 ? -700 : 0)),
    residual: { kind: 'normal', dailyMean: 5, dailyStd: 900 },
    jitters: [],
    tranches: [],
  };
  assert.deepEqual(simulate(burning), simulateByWalking(burning));
  const many = {
    ...burning,
    paths: 70_000,
    horizonDays: 40,
    scheduled: new Float64Array(40),
    openingCash: 4000,
  };
  assert.deepEqual(simulate(many), simulateByWalking(many));
});

test('cash on the line to the last unit is on it for both', () => {
  const flat: SimulationInput = {
    horizonDays: 3,
    paths: 4000,
    seed: 1,
    openingCash: 0,
    scheduled: new Float64Array(3),
    residual: { kind: 'normal', dailyMean: 0, dailyStd: 512 },
    jitters: [],
    tranches: [],
  };
  // A unit of noise is worth one unit of money here, so paths meet the line exactly.
  let met = 0;
  for (let openingCash = 1; openingCash < 200; openingCash += 1) {
    const scanned = simulate({ ...flat, openingCash });
    assert.deepEqual(scanned, simulateByWalking({ ...flat, openingCash }));
    met += scanned.lowestCash.filter((cash) => cash === 0).length;
  }
  assert.ok(met > 20, String(met));
});
