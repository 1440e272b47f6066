import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { CashFact } from '../../../shared/event/fact.ts';
import { revision } from '../../../shared/event/fact.ts';
import { flowsBetween, withoutFlow } from '../../../shared/explain/flow.ts';
import { flowEffects, largest } from '../../../shared/explain/largest.ts';
import { withFact, withPlan } from '../../../shared/explain/overlay.ts';
import { paired } from '../../../shared/explain/paired.ts';
import { sensitivities } from '../../../shared/explain/sensitivity.ts';
import { forecastRunway } from '../../../shared/model/runway.ts';
import { addDays } from '../../../shared/time/civil-date.ts';
import { AS_OF, USD } from '../model/ledgers.ts';
import { credits, live, rent, tranche } from './pairs.ts';

const paid = (key: string, ago: number, amountMinor: bigint, category = 'cloud'): CashFact => ({
  kind: 'cash',
  key,
  revision: revision('final', 0),
  source: 'generic',
  date: addDays(AS_OF, -ago),
  account: 'manual',
  counterAccount: 'external',
  currency: USD,
  lines: [{ category, amountMinor }],
  estimated: false,
});

test('a fact laid over and taken off again leaves every number as it was', () => {
  const input = live();
  const untouched = forecastRunway(input);
  fc.assert(
    fc.property(
      fc.bigInt(-500_000n, 500_000n),
      fc.integer({ min: 1, max: 363 }),
      fc.constantFrom('cloud', 'funding'),
      (amountMinor, ago, category) => {
        const fact = paid('generic:x', ago, amountMinor, category);
        const laid = withFact(input, fact);
        const back = flowsBetween(input, laid).reduce(withoutFlow, laid);
        assert.equal(laid.balanceMinor, input.balanceMinor + amountMinor);
        assert.equal(back.balanceMinor, input.balanceMinor);
        assert.deepEqual(forecastRunway(back).days, untouched.days);
      },
    ),
    { numRuns: 20 },
  );
});

test('what moves between own accounts, or in another currency, changes nothing', () => {
  const input = live();
  assert.equal(withFact(input, { ...paid('a', 1, -1n), counterAccount: 'savings' }), input);
  assert.equal(withFact(input, { ...paid('a', 1, -1n), currency: 'EUR' as typeof USD }), input);
});

test('money raised moves cash and no pattern', () => {
  const input = live();
  const raised = withFact(input, paid('a', 20, 300_000n, 'funding'));
  assert.equal(raised.balanceMinor, input.balanceMinor + 300_000n);
  assert.deepEqual(forecastRunway(raised).burn, forecastRunway(input).burn);
});

test('an opening balance is cash and no movement', () => {
  const input = live();
  const opened = withFact(input, paid('a', 20, 300_000n, 'opening_balance'));
  assert.equal(opened.balanceMinor, input.balanceMinor + 300_000n);
  assert.equal(opened.days, input.days);
});

test('a payee who is paid has a stream of its own', () => {
  const fact = { ...paid('a', 1, -500n), counterparty: 'Hosting Ltd 42' };
  const [flow] = flowsBetween(live(), withFact(live(), fact));
  assert.deepEqual([flow?.stream, flow?.outflowMinor], ['cloud/hosting_ltd', 500n]);
});

test('the largest flows come first, and each is told what it alone did', () => {
  const facts = [
    paid('a', 0, -100n, 'small'),
    paid('b', 0, -200_000n, 'rent'),
    paid('c', 0, 150_000n, 'sales'),
  ];
  const before = live();
  const input = facts.reduce(withFact, before);
  const top = largest(flowsBetween(before, input), 2);
  assert.deepEqual(
    top.map(({ stream }) => stream),
    ['rent', 'sales'],
  );
  const [out, into] = flowEffects(input, forecastRunway(input), top);
  assert.ok((out?.effect.days.p50 ?? 0) < 0 && (into?.effect.days.p50 ?? 0) > 0);
});

test('equal flows keep an order of their own', () => {
  const facts = [paid('b', 1, -5n, 'b'), paid('a', 1, -5n, 'a'), paid('c', 2, -5n)];
  const flows = flowsBetween(live(), facts.reduce(withFact, live()));
  assert.equal(flows.length, 3);
  assert.deepEqual(largest(flows, 3), largest(flows.toReversed(), 3));
});

test('an item takes the place of the one with its id, and the rest of the plan stays', () => {
  const input = live({ plan: { items: [tranche(40, '3000'), rent('-800')], reasons: ['r'] } });
  const { plan } = withPlan(input, { add: [tranche(50, '1')], remove: ['rent'] });
  assert.deepEqual(plan, { items: [tranche(50, '1')], reasons: ['r'] });
});

test('a change of nothing differs by nothing, with no error', () => {
  const input = live({ paths: 2_000 });
  const { difference, standardErrorDays, baseline, changed } = paired(input, { ...input });
  assert.deepEqual(difference, { days: { p5: 0, p50: 0, p95: 0 }, survivalAtHorizon: 0 });
  assert.deepEqual(standardErrorDays, { p5: 0, p50: 0, p95: 0 });
  assert.equal(baseline.inputsHash, changed.inputsHash);
});

test('the error of a paired difference is what repetitions with other draws show, and below that of its parts', () => {
  const input = live({ paths: 1_000 });
  const changed = withPlan(input, { add: [rent('-300')], remove: [] });
  const days = (of: typeof input, seed: number): number =>
    forecastRunway({ ...of, seed }).days.p5 ?? assert.fail();
  const spread = (differences: readonly number[]): number => {
    const mean = differences.reduce((sum, each) => sum + each, 0) / differences.length;
    return Math.sqrt(
      differences.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (differences.length - 1),
    );
  };
  const seeds = Array.from({ length: 40 }, (_, k) => 1_000 + k);
  const seen = spread(seeds.map((seed) => days(changed, seed) - days(input, seed)));
  const apart = spread(seeds.map((seed) => days(changed, seed) - days(input, seed + 1_000)));
  const stated = paired(input, changed).standardErrorDays.p5 ?? assert.fail();
  assert.ok(stated > seen / 2.5 && stated < seen * 2.5, `${stated} is stated, ${seen} is seen`);
  assert.ok(seen < apart, `${seen} paired, ${apart} on draws of their own`);
});

test('a difference that reaches beyond the horizon has no days, only a chance', () => {
  const input = live();
  const saved = { ...input, balanceMinor: input.balanceMinor * 100n };
  const { difference, standardErrorDays } = paired(input, saved);
  assert.equal(difference.days.p50, null);
  assert.equal(standardErrorDays.p50, null);
  assert.ok((difference.survivalAtHorizon ?? 0) > 0.5);
});

test('more cash never shortens, a later tranche never lengthens', () => {
  const input = live({ plan: { items: [tranche(40, '3000'), credits('20')], reasons: [] } });
  const { moreCash, lessCash, tranches } = sensitivities(input, forecastRunway(input));
  assert.ok((lessCash.days.p5 ?? 0) < 0 && (moreCash.survivalAtHorizon ?? -1) >= 0);
  const [later] = tranches;
  assert.equal(later?.tranche.id, 'seed');
  assert.ok((later?.aWeekLater.days.p5 ?? 1) <= 0);
});
