import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { costEffect, raisesCost } from '../../../shared/policy/cost.ts';
import { LIST_PRICES, type PriceTable } from '../../../shared/policy/prices.ts';
import type { Group } from '../../../shared/policy/sizes.ts';
import { armedPolicy } from '../../support/armed-policy.ts';
import { sizes } from '../../support/policy.ts';

const TYPES = ['t4g.small', 'm7g.large', 'c7g.xlarge'];
const group = (fields: Partial<Group>): Group => ({
  ...{ name: 'g', environment: 'dev', min: 0, max: 9, desired: 4, instanceTypes: ['m7g.large'] },
  ...fields,
});
const monthly = (of: Group, to: Partial<Group>, table: PriceTable = LIST_PRICES) =>
  costEffect(of, { ...of, ...to }, of.instanceTypes ?? [], table);

test('an instance less for 730 hours is what is saved, and one more what is lost', () => {
  /** $0.0816 x 730 = $59.568 */
  assert.deepEqual(monthly(group({}), { desired: 3 }).monthly, { amount: '-59.57', currency: 'USD' });
  assert.deepEqual(monthly(group({}), { desired: 5 }).monthly, { amount: '59.57', currency: 'USD' });
  assert.deepEqual(monthly(group({}), { desired: 4 }).monthly, { amount: '0.00', currency: 'USD' });
});

test('the base and the per cent above it are on demand, the rest at the price of spot', () => {
  const mixed = group({ mix: { onDemandBase: 1, onDemandPercent: 50 }, onDemandPercent: 50 });
  /** 1 + ceil(3 x 50 %) = 3 on demand and 1 spot; all but the base on spot: 2 instances at 60 % less. */
  assert.deepEqual(monthly(mixed, { onDemandPercent: 0 }).monthly, { amount: '-71.48', currency: 'USD' });
  assert.equal(
    raisesCost(mixed, { ...mixed, onDemandPercent: 0 }, { ...LIST_PRICES, spotPercent: 101 }),
    true,
  );
});

test('without a price no figure is made up, and the reason is said', () => {
  assert.deepEqual(monthly(group({ instanceTypes: ['x9.huge'] }), { desired: 1 }), {
    monthly: null,
    unknown: 'x9.huge',
  });
  assert.deepEqual(monthly(group({ instanceTypes: [] }), { desired: 1 }), {
    monthly: null,
    unknown: 'its instances, none of which runs',
  });
});

const anyGroup: fc.Arbitrary<Group> = fc
  .record({
    environment: fc.constantFrom('production', 'staging', 'dev'),
    sizes,
    types: fc.subarray([...TYPES, 'x9.huge']),
    mix: fc.option(fc.record({ onDemandBase: fc.nat(5), onDemandPercent: fc.nat(100) }), { nil: undefined }),
    shift: fc.boolean(),
    batch: fc.boolean(),
    scaled: fc.boolean(),
  })
  .map(({ environment, sizes, types, mix, shift, batch, scaled }) => ({
    ...{ name: 'g', environment, ...sizes, instanceTypes: types },
    ...(mix && { mix }),
    ...(mix && shift && { onDemandPercent: mix.onDemandPercent }),
    ...(batch && { batch }),
    ...(scaled && { scaled }),
  }));
const anyPrices: fc.Arbitrary<PriceTable> = fc
  .record({
    micros: fc.array(fc.integer({ min: 1, max: 5_000_000 }), { minLength: 3, maxLength: 3 }),
    spot: fc.integer({ min: 1, max: 300 }),
  })
  .map(({ micros, spot }) => ({
    ...LIST_PRICES,
    onDemandMicrosPerHour: Object.fromEntries(TYPES.map((type, index) => [type, micros[index] ?? 0])),
    spotPercent: spot,
  }));

test('whatever the groups, the prices and the life: saving never raises the bill, and restoring never above what it was', () => {
  fc.assert(
    fc.property(
      anyGroup,
      anyPrices,
      fc.array(fc.option(fc.integer({ min: 0, max: 200 })), { minLength: 5, maxLength: 60 }),
      (first, prices, p5s) => {
        const policy = armedPolicy([first], prices);
        for (const [index, p5] of p5s.entries()) {
          for (const { stance, status, from, to, expected } of policy.run(5 * index, p5).decisions) {
            if (status !== 'planned' && status !== 'recommended') continue;
            const before: Group = { ...first, ...from };
            if (stance !== 'NORMAL') {
              assert.equal(raisesCost(before, to, prices), false);
              assert.ok(Number(expected.cost.monthly?.amount ?? 0) <= 0);
            } else assert.equal(raisesCost(first, to, prices), false);
          }
          for (const each of policy.cloud()) assert.equal(raisesCost(first, each, prices), false);
        }
      },
    ),
    { numRuns: 1000 },
  );
});
