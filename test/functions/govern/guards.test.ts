/** What keeps an armed policy from acting, and what a run that breaks off leaves behind. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { SCALING_FAULTS } from '../../../scripts/local/services/auto-scaling.ts';
import { ServiceFault } from '../../../scripts/local/services/fault.ts';
import { type Around, type GovernWorld, governWorld } from '../../support/govern-world.ts';
import { SETTINGS } from '../../support/policy.ts';

const DEV = 'capstack-dev-asg';
const STAGING = 'capstack-staging-asg';
const UPDATE = 'autoscaling:UpdateAutoScalingGroup';

let world: GovernWorld;
beforeEach(async () => {
  world = await governWorld();
});
afterEach(() => world.stop());

const updates = (): number => world.writes().filter((action) => action === UPDATE).length;
const state = async () => (await world.policy.state(SETTINGS.tenant)).state;
const decisions = async () =>
  (await world.policy.decisions(SETTINGS.tenant, 1000)).filter(({ group }) => !group.includes('production'));
/** Two changes by hand: who sized the group last is not us. */
const byHand = (name: string, sizes: { min: number; max: number; desired: number }) =>
  world.deps.groups.resize({ name, environment: 'dev', ...sizes }, sizes);

describe('nothing is changed', () => {
  const doubts: [string, Readonly<Record<string, unknown>>, RegExp][] = [
    ['a forecast from too little history', { status: 'insufficient_data' }, /too little data/],
    ['a partial forecast', { trust: { partial: true, paused: false, conflicts: 0 } }, /partial/],
    [
      'a forecast that says it is paused',
      { trust: { partial: false, paused: true, conflicts: 0 } },
      /paused/,
    ],
    ['open conflicts', { trust: { partial: false, paused: false, conflicts: 2 } }, /wait for review/],
  ];
  for (const [name, fields, why] of doubts)
    test(`on ${name}, though a plan is due`, async () => {
      await world.live(1, 50);
      world.hour = 3;
      world.forecast(50, fields);
      await world.run();
      assert.equal(updates(), 0);
      assert.match((await state()).hold.join(), why);
      world.forecast(50);
      await world.run();
      assert.equal(updates(), 2, 'the doubt was all that held it');
    });

  test('19 on a stale forecast', async () => {
    await world.live(1, 50);
    world.hour = 30;
    await world.run();
    assert.equal(updates(), 0);
    assert.match((await state()).hold.join(), /older than 26 hours/);
  });

  test('while reconciliation pauses the figures, or has not looked at them for long', async () => {
    await world.live(1, 50);
    world.hour = 3;
    world.forecast(50);
    const checkedAt = '2026-06-01T00:00:00Z';
    const status = {
      paused: true,
      reasons: ['stripe differs by 3 %'],
      since: checkedAt,
      attention: [],
      checkedAt,
    };
    world.reconciliation = status;
    await world.run();
    assert.match((await state()).hold.join(), /paused the figures,stripe differs by 3 %/);
    world.hour = 37;
    world.forecast(50);
    world.reconciliation = { ...status, paused: false, reasons: [] };
    await world.run();
    assert.match((await state()).hold.join(), /more than 36 hours ago/);
    assert.equal(updates(), 0);
  });

  test('while p5 is below a threshold but its error band is not', async () => {
    for (world.hour = 0; world.hour < 200; world.hour += 5) {
      world.forecast(59.5);
      await world.run();
    }
    assert.deepEqual(await decisions(), []);
    assert.equal(updates(), 0);
  });

  test('on one forecast alone: the next one must call for it too', async () => {
    await world.live(1, 50);
    await world.live(20, 80);
    assert.equal(updates(), 0);
    assert.match((await world.memory(DEV))?.waiting ?? '', /no later forecast has confirmed/);
    await world.live(1, 50);
    assert.equal(updates(), 2);
  });

  test('in mode plan, in mode off, and in production in any', async () => {
    for (const mode of ['plan', 'off'] as const) {
      world.mode = mode;
      await world.live(10, 30);
      assert.deepEqual(world.writes(), []);
    }
    world.mode = 'apply';
    await world.live(40, 30);
    assert.ok(updates() > 0);
    assert.deepEqual(world.sizes('capstack-production-asg'), { min: 3, max: 12, desired: 8 });
  });

  test('where scheduled actions size the group: it is planned, and says why it waits', async () => {
    const scheduledActions = [{ name: 'night', recurrence: '0 20 * * *', size: { desired: 0 } }];
    const tags = { 'capstack-managed': 'true', 'capstack-environment': 'dev' };
    await world.stop();
    world = await governWorld([{ name: 'night', min: 1, max: 4, desired: 2, tags, scheduledActions }]);
    await world.live(40, 30);
    assert.deepEqual(world.writes(), []);
    assert.equal((await decisions()).length, 1);
    assert.match((await world.memory('night'))?.waiting ?? '', /scheduled actions/);
  });
});

test('of a group with scaling policies only the limits move', async () => {
  const tags = { 'capstack-managed': 'true', 'capstack-environment': 'staging' };
  const policies = [{ name: 'cpu', targetCpuPercent: 60 }];
  await world.stop();
  world = await governWorld([{ name: 'web', min: 2, max: 12, desired: 6, tags, policies }]);
  await world.live(3, 50);
  assert.deepEqual(world.sizes('web'), { min: 1, max: 6, desired: 6 });
  for (const { body } of world.endpoint.requests)
    assert.equal(new URLSearchParams(body.toString()).get('DesiredCapacity'), null);
});

test('more than five groups take more than one run', async () => {
  const tags = { 'capstack-managed': 'true', 'capstack-environment': 'dev' };
  const groups = Array.from({ length: 12 }, (_, i) => ({
    name: `dev-${i}`,
    min: 1,
    max: 4,
    desired: 2,
    tags,
  }));
  await world.stop();
  world = await governWorld(groups);
  const counts: number[] = [];
  for (let hour = 0; hour < 5; hour += 1) {
    await world.live(1, 50);
    counts.push(updates());
  }
  assert.deepEqual(counts, [0, 5, 10, 12, 12]);
});

describe('a group that another hand has changed', () => {
  test('is left alone until the runway is long again, and the record says so', async () => {
    await world.live(3, 50);
    await byHand(DEV, { min: 1, max: 3, desired: 3 });
    const before = updates();
    await world.live(30, 30);
    assert.deepEqual(world.sizes(DEV), { min: 1, max: 3, desired: 3 });
    const [released] = (await decisions()).filter(({ status }) => status === 'released');
    assert.equal(released?.group, DEV);
    assert.match(released?.reason ?? '', /left alone, for it was changed by another hand/);
    assert.equal((await world.memory(DEV))?.handsOff, 'changed by another hand');
    assert.deepEqual(Object.keys(world.scaling.group(DEV)?.tags ?? {}).sort(), [
      'capstack-environment',
      'capstack-managed',
    ]);
    await world.live(120, null);
    assert.deepEqual(world.sizes(DEV), { min: 1, max: 3, desired: 3 });
    assert.deepEqual(world.sizes(STAGING), { min: 2, max: 8, desired: 4 });
    assert.equal((await world.memory(DEV))?.handsOff, undefined);
    assert.ok(updates() > before);
    await world.live(10, 50);
    assert.deepEqual(world.sizes(DEV), { min: 1, max: 2, desired: 1 }, 'and is managed as before');
  });

  test('is given back all the same when the owner orders it', async () => {
    await world.live(3, 50);
    await byHand(DEV, { min: 1, max: 3, desired: 3 });
    await world.live(3, 50);
    await world.policy.ask(SETTINGS.tenant, {
      ...{ kind: 'restore', id: 'r1', by: 'ada', groups: [DEV] },
      at: '2026-06-01T06:00:00.000Z',
    });
    await world.live(1, 50);
    assert.deepEqual(world.sizes(DEV), { min: 1, max: 4, desired: 2 });
  });
});

test('what the owner orders back is back at once, even on hold, and stays until the runway is long again', async () => {
  await world.live(12, 50);
  await world.policy.ask(SETTINGS.tenant, {
    ...{ kind: 'restore', id: 'r1', by: 'ada', groups: null },
    at: '2026-06-01T12:00:00.000Z',
  });
  world.forecast(50, { status: 'insufficient_data' });
  await world.run();
  assert.deepEqual(world.sizes(DEV), { min: 1, max: 4, desired: 2 });
  assert.deepEqual(world.sizes(STAGING), { min: 2, max: 8, desired: 4 });
  const [order] = (await decisions()).filter(({ ordered_by: by }) => by === 'ada');
  assert.match(order?.reason ?? '', /^ada asked for it/);
  const done = updates();
  await world.live(40, 30);
  assert.equal(updates(), done);
  await world.live(60, null);
  await world.live(3, 50);
  assert.deepEqual(world.sizes(DEV), { min: 1, max: 2, desired: 1 });
});

describe('Auto Scaling says', () => {
  for (const [name, fault] of Object.entries(SCALING_FAULTS))
    test(`${name}: nothing is changed, and the next run asks again`, async () => {
      await world.live(1, 50);
      world.scaling.failNext('UpdateAutoScalingGroup', fault, 2);
      await world.live(1, 50);
      assert.deepEqual(world.sizes(DEV), { min: 1, max: 4, desired: 2 });
      assert.deepEqual(await world.outcomes(), []);
      assert.match((await world.memory(DEV))?.waiting ?? '', /says later/);
      await world.live(1, 50);
      assert.deepEqual(world.sizes(DEV), { min: 1, max: 2, desired: 1 });
      assert.equal((await world.outcomes()).length, 2);
    });

  test('19 ValidationError: the refusal is recorded, the tag taken back, and a day passes before it is asked again', async () => {
    await world.live(1, 50);
    world.scaling.failNext('UpdateAutoScalingGroup', new ServiceFault('ValidationError', 'no such thing'));
    await world.live(2, 50);
    assert.deepEqual(world.sizes(DEV), { min: 1, max: 4, desired: 2 });
    assert.equal(world.scaling.group(DEV)?.tags['capstack-baseline'], undefined);
    const [failed] = (await world.outcomes()).filter(({ status }) => status === 'failed');
    assert.match(failed?.reason ?? '', /ValidationError: no such thing/);
    assert.deepEqual(world.sizes(STAGING), { min: 1, max: 4, desired: 2 }, 'the others go on');
    const asked = updates();
    await world.live(22, 50);
    assert.equal(updates(), asked);
    await world.live(3, 50);
    assert.deepEqual(world.sizes(DEV), { min: 1, max: 2, desired: 1 });
  });

  test('nothing at all while describing: the run fails, and leaves the next one free', async () => {
    await world.live(1, 50);
    world.forecast(50);
    world.scaling.failNext('DescribePolicies', SCALING_FAULTS.throttling);
    await assert.rejects(world.run(), { name: 'Throttling' });
    await world.live(1, 50);
    assert.equal(updates(), 2);
  });
});

class Crash extends Error {}

/** Ends the run at its nth call, before or after it took effect. */
const crashingAt = (nth: number, moment: 'before' | 'after'): { around: Around; calls: () => number } => {
  let calls = 0;
  const around: Around = async (_, call) => {
    calls += 1;
    if (calls > nth) throw new Crash('the run has ended');
    if (calls === nth && moment === 'before') throw new Crash('the run ends');
    const result = await call();
    if (calls === nth) throw new Crash('the run ends');
    return result;
  };
  return { around, calls: () => calls };
};

/** All that a life leaves behind, but for its times. */
const leftBy = async (each: GovernWorld) => ({
  groups: [DEV, STAGING].map((name) => [each.sizes(name), each.scaling.group(name)?.tags]),
  told: (await each.outcomes()).map(({ status, requested, after }) => ({ status, requested, after })),
  decided: (await each.policy.decisions(SETTINGS.tenant, 1000)).map(({ group, status, to }) => ({
    group,
    status,
    to,
  })),
});

const afterCrash = async (
  before: (at: GovernWorld) => Promise<void>,
  p5: number | null,
  crash?: ReturnType<typeof crashingAt>,
) => {
  const broken = await governWorld();
  try {
    await before(broken);
    broken.forecast(p5);
    await broken
      .run(crash?.around)
      .catch((error: unknown) => assert.ok(error instanceof Crash, String(error)));
    broken.hour += 1;
    await broken.live(8, p5);
    return await leftBy(broken);
  } finally {
    await broken.stop();
  }
};

for (const [name, p5, before] of [
  ['shrinks', 50, (at: GovernWorld) => at.live(1, 50)],
  [
    'gives back',
    null,
    async (at: GovernWorld) => {
      await at.live(3, 50);
      await at.live(24, null);
    },
  ],
] as const)
  test(`a run that ${name} may end between any two calls: the next one goes on, nothing is done or told twice`, async () => {
    const steady = await afterCrash(before, p5);
    let calls = 0;
    for (let nth = 1; nth <= calls + 1; nth += 1)
      for (const moment of ['before', 'after'] as const) {
        const crash = crashingAt(nth, moment);
        const left = await afterCrash(before, p5, crash);
        calls = Math.max(calls, crash.calls());
        assert.deepEqual(left, steady, `ended ${moment} call ${nth} took effect`);
      }
    assert.ok(calls > 12, String(calls));
  });

test('19 of two runs at once one acts; the other leaves, and each change is made and recorded once', async () => {
  await world.live(1, 50);
  world.forecast(50);
  await Promise.all([world.run(), world.run(), world.run()]);
  assert.equal(updates(), 2);
  assert.equal((await world.outcomes()).length, 2);
  assert.equal((await decisions()).length, 2);
  assert.ok(world.lines.some((line) => line.includes('another run of the policy is at work')));
});
