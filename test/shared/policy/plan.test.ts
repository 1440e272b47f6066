import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Decision } from '../../../shared/policy/decision.ts';
import { type Planned, plan } from '../../../shared/policy/plan.ts';
import { LIST_PRICES } from '../../../shared/policy/prices.ts';
import { groundsOf } from '../../../shared/policy/reading.ts';
import { type Group, type Sizes, sameSizes, sizesOf } from '../../../shared/policy/sizes.ts';
import { FIRST_STATE, type PolicyState } from '../../../shared/policy/state.ts';
import { groups as anyGroups, p5Days, runwayDocument, SETTINGS } from '../../support/policy.ts';

const START = Date.parse('2026-06-10T12:00:00.000Z');
const HOUR_MS = 3_600_000;
const atHour = (hour: number): string => new Date(START + hour * HOUR_MS).toISOString();

const COMMON = { intents: [], mode: 'plan', settings: SETTINGS, prices: LIST_PRICES } as const;
const run = (
  state: PolicyState,
  p5: number | null,
  groups: readonly Group[],
  hour = 0,
  decisionsMax = 49,
): Planned => {
  const now = atHour(hour);
  const grounds = groundsOf('plan', runwayDocument(p5, now), Date.parse(now));
  return plan({ ...COMMON, state, grounds, groups, now, decisionsMax });
};
const group = (environment: string, [min, max, desired]: [number, number, number]): Group => ({
  name: `capstack-${environment}-asg`,
  environment,
  min,
  max,
  desired,
});
const STAGING = group('staging', [2, 8, 4]);
const DEV = group('dev', [1, 4, 2]);
const ALL = [group('production', [3, 12, 8]), STAGING, DEV];
/** What the policy would do by itself: all but recommendations. */
const own = (decisions: readonly Decision[]): readonly Decision[] =>
  decisions.filter(({ environment }) => environment !== 'production');
const targets = (decisions: readonly Decision[]): Record<string, Sizes> =>
  Object.fromEntries(own(decisions).map((decision) => [decision.environment, decision.to]));
/** As if somebody did at once what was planned. */
const applied = (groups: readonly Group[], decisions: readonly Decision[]): Group[] =>
  groups.map((each) => ({ ...each, ...own(decisions).find((decision) => decision.group === each.name)?.to }));
const total = ({ min, max, desired }: Sizes): number => min + max + desired;

test('staging is halved and dev kept at one of two when the runway is short', () => {
  const { state, decisions } = run(FIRST_STATE, 52, ALL);
  assert.equal(state.stance, 'CONSERVE');
  assert.deepEqual(targets(decisions), {
    staging: { min: 1, max: 4, desired: 2 },
    dev: { min: 1, max: 2, desired: 1 },
  });
});

test('in a critical runway staging keeps one of two and dev none of one', () => {
  assert.deepEqual(targets(run(FIRST_STATE, 30, ALL).decisions), {
    staging: { min: 1, max: 2, desired: 1 },
    dev: { min: 0, max: 1, desired: 0 },
  });
});

test('odd sizes round up, and one instance may be left; none where none was asked for', () => {
  const { decisions } = run(FIRST_STATE, 52, [group('staging', [5, 7, 5])]);
  assert.deepEqual(decisions[0]?.to, { min: 1, max: 4, desired: 3 });
  const idle = run(FIRST_STATE, 52, [group('staging', [0, 5, 0])]).decisions;
  assert.deepEqual(idle[0]?.to, { min: 0, max: 3, desired: 0 });
});

test('a small group keeps no more in a critical runway than in a short one', () => {
  const small = [group('staging', [1, 2, 2])];
  const half = { staging: { min: 1, max: 1, desired: 1 } };
  assert.deepEqual(targets(run(FIRST_STATE, 52, small).decisions), half);
  assert.deepEqual(targets(run(FIRST_STATE, 30, small).decisions), half);
});

test('a decision carries its figures, its delay and where it came from', () => {
  const [decision] = run(FIRST_STATE, 52, [{ ...DEV, instanceTypes: ['t4g.small'] }]).decisions;
  assert.match(decision?.decision_id ?? '', /^[0-9a-f]{64}$/);
  assert.deepEqual(
    { ...decision, decision_id: '' },
    {
      decision_id: '',
      status: 'planned',
      group: 'capstack-dev-asg',
      environment: 'dev',
      stance: 'CONSERVE',
      from: { min: 1, max: 4, desired: 2 },
      to: { min: 1, max: 2, desired: 1 },
      baseline: { min: 1, max: 4, desired: 2 },
      reason:
        'p5 is 52 days ± 1.0; the stance is CONSERVE (begins below 60 and ends above 120): dev group capstack-dev-asg shrinks, from 1/4/2 to 1/2/1 (min/max/desired)',
      planned_at: '2026-06-10T12:00:00.000Z',
      not_before: '2026-06-10T13:00:00.000Z',
      expires_at: null,
      ordered_by: null,
      mode: 'plan',
      supersedes: null,
      /** One t4g.small less: 730 hours of $0.0168. */
      expected: { cost: { monthly: { amount: '-12.26', currency: 'USD' } }, p5_days: null },
      forecast: {
        p5_days: 52,
        standard_error_days: 0.5,
        as_of: '2026-06-10',
        inputs_hash: 'sha256:52',
        model_version: 'test-1',
      },
    },
  );
});

test('a plan that nobody applied is withdrawn by a decision of its own', () => {
  const first = run(FIRST_STATE, 52, ALL);
  const back = run(first.state, 200, ALL, 2);
  assert.deepEqual(
    back.decisions.map(({ status, environment, supersedes, from, to }) => [
      status,
      environment,
      supersedes,
      sameSizes(from, to),
    ]),
    first.decisions.map((planned) => ['withdrawn', planned.environment, planned.decision_id, true]),
  );
  assert.deepEqual(run(back.state, 200, ALL, 3).decisions, []);
});

test('the same plan made again after its withdrawal is another decision', () => {
  const first = run(FIRST_STATE, 52, [DEV]);
  const back = run(first.state, 200, [DEV], 1);
  const again = run(back.state, 52, [DEV], 2);
  assert.deepEqual(again.decisions[0]?.to, first.decisions[0]?.to);
  assert.notEqual(again.decisions[0]?.decision_id, first.decisions[0]?.decision_id);
});

test('a worse stance supersedes the plan; a milder one asks for less of it', () => {
  const conserve = run(FIRST_STATE, 52, [DEV]);
  const critical = run(conserve.state, 30, [DEV], 1);
  assert.equal(critical.decisions[0]?.supersedes, conserve.decisions[0]?.decision_id);
  const milder = run(critical.state, 90, [DEV], 2);
  assert.deepEqual(milder.decisions[0]?.to, { min: 1, max: 2, desired: 1 });
});

test('critical reaches a group whose limits were right already', () => {
  const staging = group('staging', [1, 4, 4]);
  const conserve = run(FIRST_STATE, 52, [staging]);
  assert.deepEqual(conserve.decisions[0]?.to, { min: 1, max: 2, desired: 2 });
  assert.deepEqual(run(conserve.state, 30, [staging], 1).decisions[0]?.to, { min: 1, max: 2, desired: 1 });
});

test('a desired capacity that a scaling policy moves is no news', () => {
  const first = run(FIRST_STATE, 52, [STAGING]);
  for (const desired of [1, 3, 8])
    assert.deepEqual(
      run(first.state, 52, [{ ...STAGING, min: 2, desired: Math.max(2, desired) }], 1).decisions,
      [],
    );
});

test('the baseline of a group that its tag remembers wins over the sizes found', () => {
  const shrunk: Group = { ...group('staging', [1, 2, 1]), baseline: { min: 2, max: 8, desired: 4 } };
  const first = run(FIRST_STATE, 52, [shrunk]);
  assert.deepEqual(first.decisions, []);
  assert.deepEqual(run(first.state, 200, [shrunk], 1).decisions[0]?.to, { min: 2, max: 8, desired: 4 });
});

test('restoring waits a day, and stands until it is done', () => {
  const saved = run(FIRST_STATE, 52, ALL);
  const small = applied(ALL, saved.decisions);
  const back = run(saved.state, 200, small, 30);
  assert.deepEqual(
    own(back.decisions).map((decision) => decision.not_before),
    [atHour(54), atHour(54)],
  );
  assert.deepEqual(run(back.state, 200, small, 31).decisions, []);
  const done = run(back.state, 200, applied(small, back.decisions), 55);
  assert.deepEqual(done.decisions, []);
  assert.ok(Object.values(done.state.groups).every((memory) => memory.standing === undefined));
});

test('a group that its owner made larger meanwhile is not cut back to its baseline', () => {
  const saved = run(FIRST_STATE, 52, [STAGING]);
  const back = run(saved.state, 200, [{ ...STAGING, max: 20, desired: 10 }], 1);
  assert.deepEqual(
    back.decisions.map(({ status }) => status),
    ['withdrawn'],
  );
});

test('a group that is gone keeps no plan, and is not halved twice when it returns', () => {
  const saved = run(FIRST_STATE, 52, [STAGING]);
  const gone = run(saved.state, 52, [], 1);
  assert.deepEqual(
    gone.decisions.map(({ status, supersedes }) => [status, supersedes]),
    [['withdrawn', saved.decisions[0]?.decision_id]],
  );
  assert.deepEqual(run(gone.state, 52, [], 2).decisions, []);
  assert.deepEqual(run(gone.state, 52, applied([STAGING], saved.decisions), 3).decisions, []);
});

test('a tag that becomes production ends the plan', () => {
  const saved = run(FIRST_STATE, 52, [DEV]);
  const { decisions, state } = run(saved.state, 52, [{ ...DEV, environment: 'production' }], 1);
  assert.deepEqual(
    decisions.map(({ status }) => status),
    ['withdrawn'],
  );
  assert.equal(state.groups[DEV.name]?.standing, undefined);
});

test('while it holds nothing is decided and everything remembered', () => {
  const { state } = run(FIRST_STATE, 52, ALL);
  const now = atHour(1);
  const input = { ...COMMON, state, groups: ALL, now, decisionsMax: 49 };
  assert.deepEqual(plan({ ...input, grounds: { hold: ['because'] } }), {
    state: { ...state, hold: ['because'] },
    decisions: [],
    outcomes: [],
  });
});

test('what does not fit one record is left for the next, with nothing lost', () => {
  const many = Array.from({ length: 7 }, (_, i) => ({ ...DEV, name: `dev-${i}` }));
  let { state, decisions } = run(FIRST_STATE, 52, many, 0, 3);
  const found = [...decisions];
  for (let round = 0; round < 3; round += 1) {
    ({ state, decisions } = run(state, 52, many, 0, 3));
    found.push(...decisions);
  }
  assert.deepEqual(
    found.map((decision) => decision.group).sort(),
    many.map((each) => each.name),
  );
});

/** A life: forecasts, and whether somebody applied what was planned after each. */
const life = fc.array(
  fc.record({ p5: fc.option(p5Days), applies: fc.boolean(), hours: fc.integer({ min: 1, max: 40 }) }),
  { maxLength: 12 },
);

test('production is only ever advised, unknown environments not even that; saving never enlarges; sizes stay ordered', () => {
  fc.assert(
    fc.property(anyGroups, life, (groups, steps) => {
      let [state, now, hour] = [FIRST_STATE, [...groups], 0];
      for (const { p5, applies, hours } of steps) {
        hour += hours;
        const next = run(state, p5, now, hour);
        for (const { environment, status, stance, from, to } of next.decisions) {
          assert.ok(['staging', 'dev', 'production'].includes(environment), environment);
          if (environment === 'production') assert.ok(status !== 'planned', status);
          assert.ok(to.min <= to.desired && to.desired <= to.max);
          if (stance !== 'NORMAL')
            assert.ok(to.min <= from.min && to.max <= from.max && to.desired <= from.desired);
        }
        state = next.state;
        if (applies) now = applied(now, next.decisions);
      }
    }),
  );
});

test('whatever was applied on the way, a long runway gives back exactly what there was', () => {
  fc.assert(
    fc.property(anyGroups, life, (groups, steps) => {
      let [state, now, hour] = [FIRST_STATE, [...groups], 0];
      for (const { p5, applies, hours } of [
        ...steps,
        { p5: null, applies: true, hours: 1 },
        { p5: null, applies: true, hours: 25 },
        { p5: null, applies: true, hours: 25 },
      ]) {
        hour += hours;
        const next = run(state, p5, now, hour);
        state = next.state;
        if (applies)
          now = applied(
            now,
            Object.values(state.groups).flatMap(({ standing }) => standing ?? []),
          );
      }
      assert.equal(state.stance, 'NORMAL');
      assert.deepEqual(now.map(sizesOf), groups.map(sizesOf));
    }),
  );
});

test('a shorter runway never leaves a group larger', () => {
  fc.assert(
    fc.property(anyGroups, life, p5Days, p5Days, (groups, steps, a, b) => {
      let [state, hour] = [FIRST_STATE, 0];
      for (const { p5, hours } of steps) {
        hour += hours;
        state = run(state, p5, groups, hour).state;
      }
      const meant = (p5: number): Map<string, Sizes> => {
        const after = run(state, p5, groups, hour + 1).state.groups;
        return new Map(groups.map((each) => [each.name, after[each.name]?.standing?.to ?? each]));
      };
      const [shorter, longer] = [meant(Math.min(a, b)), meant(Math.max(a, b))];
      for (const [name, target] of shorter) {
        const other = longer.get(name) ?? target;
        assert.ok(target.min <= other.min && target.max <= other.max && target.desired <= other.desired);
        assert.ok(total(target) <= total(other));
      }
    }),
  );
});

test('the same forecast again decides nothing and changes nothing', () => {
  fc.assert(
    fc.property(anyGroups, life, fc.option(p5Days), (groups, steps, last) => {
      let [state, hour] = [FIRST_STATE, 0];
      for (const { p5, hours } of steps) {
        hour += hours;
        state = run(state, p5, groups, hour).state;
      }
      const once = run(state, last, groups, hour + 1);
      const twice = run(once.state, last, groups, hour + 1);
      assert.deepEqual(twice, { state: once.state, decisions: [], outcomes: [] });
    }),
  );
});
