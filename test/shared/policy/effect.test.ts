import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NO_PLAN } from '../../../shared/model/plan.ts';
import type { RunwayInput } from '../../../shared/model/runway.ts';
import { type Currency, currency } from '../../../shared/money/currency.ts';
import { monthlySaving, p5Effect, withEffect } from '../../../shared/policy/effect.ts';
import { addDays, type CivilDate } from '../../../shared/time/civil-date.ts';
import { armedPolicy } from '../../support/armed-policy.ts';

const AS_OF = '2026-06-10' as CivilDate;
const input: RunwayInput = {
  ...{ asOf: AS_OF, horizonDays: 365, paths: 1000, seed: 7, plan: NO_PLAN },
  currency: currency('USD') as Currency,
  ...{ balanceMinor: 30_000_000n, minimumCashMinor: 0n },
  days: Array.from({ length: 150 }, (_, index) => {
    const outflowMinor = BigInt(300_000 + 1000 * (index % 7));
    const date = addDays(AS_OF, index - 149);
    return { date, netMinor: -outflowMinor, inflowMinor: 0n, outflowMinor, outflowCount: 3 };
  }),
};
const GROUP = { name: 'dev', environment: 'dev', min: 1, max: 4, desired: 2, instanceTypes: ['m7g.large'] };

test('a saving lengthens the runway and a cost shortens it, on the same draws', () => {
  const saved = p5Effect(input, '20000.00') ?? assert.fail('no effect');
  const spent = p5Effect(input, '-20000.00') ?? assert.fail('no effect');
  assert.equal(saved.before, spent.before);
  assert.ok(saved.after > saved.before && spent.after < spent.before, JSON.stringify({ saved, spent }));
});

test('in another currency than the price table there is no figure', () => {
  assert.equal(p5Effect({ ...input, currency: currency('EUR') as Currency }, '20000.00'), null);
});

test('the saving of a run is that of its plans together, and none where one has no price', () => {
  const { decisions } = armedPolicy([GROUP, { ...GROUP, name: 'dev-2', desired: 3 }]).run(0, 50);
  /** One and two of m7g.large less. */
  assert.equal(monthlySaving(decisions), '178.71');
  const unpriced = armedPolicy([GROUP, { ...GROUP, name: 'dev-2', instanceTypes: ['x9.huge'] }]).run(0, 50);
  assert.equal(monthlySaving(unpriced.decisions), undefined);
  assert.equal(monthlySaving([]), undefined);
});

test('the effect is written into the record and into what stands alike', () => {
  const planned = withEffect(armedPolicy([GROUP]).run(0, 50), { before: 50, after: 50.5 });
  const [decision] = planned.decisions;
  assert.deepEqual(decision?.expected.p5_days, { before: 50, after: 50.5 });
  assert.deepEqual(planned.state.groups['dev']?.standing, decision);
});
