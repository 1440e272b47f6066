/** Months of a company, hour by hour, against Auto Scaling as it answers on this machine. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { DEMO_GROUPS } from '../../../scripts/local/services/demo-groups.ts';
import type { NewScalingGroup } from '../../../scripts/local/services/scaling-group.ts';
import { type GovernWorld, governWorld } from '../../support/govern-world.ts';
import { SETTINGS } from '../../support/policy.ts';

const DAYS = 120;
const tags = (environment: string, more: Readonly<Record<string, string>> = {}) => ({
  'capstack-managed': 'true',
  'capstack-environment': environment,
  ...more,
});
const MIX = {
  onDemandBaseCapacity: 1,
  onDemandPercentageAboveBaseCapacity: 60,
  spotAllocationStrategy: 'price-capacity-optimized',
};
const GROUPS: readonly NewScalingGroup[] = [
  ...DEMO_GROUPS,
  {
    name: 'staging-web',
    min: 2,
    max: 12,
    desired: 6,
    tags: tags('staging'),
    policies: [{ name: 'cpu', targetCpuPercent: 60 }],
  },
  {
    name: 'staging-mixed',
    min: 2,
    max: 8,
    desired: 4,
    tags: tags('staging', { 'capstack-spot': 'shift' }),
    distribution: MIX,
  },
  {
    name: 'dev-night',
    min: 1,
    max: 3,
    desired: 2,
    tags: tags('dev'),
    scheduledActions: [{ name: 'night', recurrence: '0 20 * * 1-5', size: { desired: 0 } }],
  },
  {
    name: 'dev-batch',
    min: 0,
    max: 16,
    desired: 10,
    tags: tags('dev', { 'capstack-spot': 'batch' }),
    distribution: { ...MIX, onDemandBaseCapacity: 0, onDemandPercentageAboveBaseCapacity: 0 },
  },
  { name: 'dev-large', min: 3, max: 40, desired: 30, tags: tags('dev') },
];

/** p5 falls a day a day through 60 and 45 to 30; a tranche lands on day 62 and carries it to 84, a second beyond 120. */
const p5On = (day: number): number => {
  if (day < 62) return Math.max(30, 92 - day);
  if (day < 80) return 84 - (day - 62) / 4;
  return Math.min(240, 110 + 8 * (day - 80));
};

const life = async (mode: GovernWorld['mode']) => {
  const world = await governWorld(GROUPS, { ...SETTINGS, spotShift: true });
  world.mode = mode;
  const least = new Map<string, number>();
  const production: string[] = [];
  for (let day = 0; day < DAYS; day += 1) {
    for (let at = 0; at < 24; at += 3) {
      world.hour = 24 * day + at;
      world.forecast(p5On(day) + (at - 12) / 50);
      await world.run();
    }
    for (const { name } of GROUPS)
      least.set(name, Math.min(least.get(name) ?? 999, world.scaling.group(name)?.desired ?? 0));
    production.push(JSON.stringify(world.sizes('capstack-production-asg')));
  }
  return { world, least, production };
};

const lives = { apply: await life('apply'), plan: await life('plan') };
after(async () => {
  for (const { world } of Object.values(lives)) await world.stop();
});

test('in 120 days of a falling and recovering runway every group gets back exactly what it had', () => {
  const { world, least } = lives.apply;
  for (const { name, min, max, desired, tags, distribution, policies } of GROUPS) {
    const group = world.scaling.group(name);
    /** With scaling policies `desired` is theirs: it fell with our maximum, and rises with the load. */
    const wanted = policies ? group?.desired : desired;
    assert.deepEqual(
      [group?.min, group?.max, group?.desired, group?.tags, group?.distribution],
      [min, max, wanted, tags, distribution],
      name,
    );
  }
  assert.deepEqual(Object.fromEntries(least), {
    'capstack-dev-asg': 0,
    'capstack-production-asg': 8,
    'capstack-staging-asg': 1,
    'dev-batch': 0,
    'dev-large': 0,
    'dev-night': 2,
    'staging-mixed': 1,
    'staging-web': 2,
  });
});

test('production is never written to, nor is a group that is sized by the clock', () => {
  const { world, production } = lives.apply;
  assert.equal(new Set(production).size, 1);
  const written = world.endpoint.asked
    .filter(({ action }) => !action.includes(':Describe') && !action.startsWith('ec2:'))
    .map(({ resource }) => resource.split('/').at(-1));
  assert.ok(written.length > 10);
  for (const name of written) assert.ok(name !== 'capstack-production-asg' && name !== 'dev-night', name);
});

test('the log explains each step: what was meant, why, what it was to save, and what came of it', async () => {
  const { world } = lives.apply;
  const decisions = await world.policy.decisions(SETTINGS.tenant, 1000);
  const outcomes = await world.outcomes();
  const updates = world.writes().filter((action) => action === 'autoscaling:UpdateAutoScalingGroup');
  const applied = outcomes.filter(({ status }) => status === 'applied');
  assert.equal(applied.length, updates.length, 'each change of a group has its record');
  assert.equal(outcomes.length, applied.length, 'nothing else came of anything');
  for (const { decision_id: id, before, requested, after } of applied) {
    const decision = decisions.find((each) => each.decision_id === id) ?? assert.fail(id);
    assert.ok(before && requested && after);
    assert.match(decision.reason, /^p5 (is [\d.]+ days ± 1\.0|lies beyond)/);
    const monthly = decision.expected.cost.monthly ?? assert.fail(decision.group);
    if (decision.stance === 'NORMAL') assert.ok(Number(monthly.amount) >= 0, decision.group);
    else assert.ok(Number(monthly.amount) <= 0, decision.group);
    assert.ok(
      new Date(decision.not_before) <= new Date(outcomes.find((each) => each.decision_id === id)?.at ?? 0),
    );
  }
  assert.equal(new Set(decisions.map(({ decision_id }) => decision_id)).size, decisions.length);
});

test('the same life in mode plan makes no write, and means the same first steps', async () => {
  const { world } = lives.plan;
  assert.deepEqual(world.writes(), []);
  assert.deepEqual(await world.outcomes(), []);
  const first = async ({ world }: { world: GovernWorld }) =>
    (await world.policy.decisions(SETTINGS.tenant, 1000))
      .filter(({ stance, status }) => stance === 'CONSERVE' && status === 'planned')
      .filter(({ planned_at: at }, _, [...all]) => at === all.at(-1)?.planned_at)
      .map(({ group, to }) => [group, to]);
  assert.deepEqual(await first(lives.plan), await first(lives.apply));
});

test('no step takes more than half, save of what may stop altogether', async () => {
  for (const { before, requested, decision_id: id } of await lives.apply.world.outcomes()) {
    const decision = (await lives.apply.world.policy.decision(SETTINGS.tenant, id)) ?? assert.fail(id);
    if (decision.group === 'dev-batch' || decision.stance === 'NORMAL' || !before || !requested) continue;
    assert.ok(requested.desired >= Math.floor(before.desired / 2), JSON.stringify({ before, requested }));
    assert.ok(requested.max >= Math.floor(before.max / 2), JSON.stringify({ before, requested }));
  }
});
