import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { openDurable } from '../../../scripts/local/durable.ts';
import {
  autoScalingService,
  type AutoScaling as LocalScaling,
  SCALING_FAULTS,
} from '../../../scripts/local/services/auto-scaling.ts';
import { type AutoScaling, autoScaling } from '../../../shared/aws/auto-scaling.ts';
import type { Group } from '../../../shared/policy/sizes.ts';
import { type ServiceEndpoint, serviceEndpoint } from '../../support/service-endpoint.ts';

const SIZES = { min: 1, max: 4, desired: 2 };
const SEEN = { ...SIZES, instanceTypes: ['t4g.small'] };

const service = (): LocalScaling =>
  autoScalingService(openDurable(undefined), () => Date.parse('2026-06-10T08:00:00Z'));

const through = async <Result>(
  service: LocalScaling,
  use: (groups: AutoScaling, endpoint: ServiceEndpoint) => Promise<Result>,
  spotShift = false,
): Promise<Result> => {
  const endpoint = await serviceEndpoint(service.service);
  const client = new AutoScalingClient({ ...endpoint.client, maxAttempts: 1 });
  try {
    return await use(autoScaling(client, spotShift), endpoint);
  } finally {
    client.destroy();
    await endpoint.stop();
  }
};

const managed = async (
  tagged: Readonly<Record<string, Record<string, string>>>,
): Promise<readonly Group[]> => {
  const local = service();
  for (const [name, tags] of Object.entries(tagged)) local.seed({ name, ...SIZES, tags });
  return through(local, (groups) => groups.describeManaged());
};

test('only groups that are tagged as ours are seen, with their environment and baseline', async () => {
  const ours = { 'capstack-managed': 'true' };
  const seen = await managed({
    bare: {},
    released: { 'capstack-managed': 'false', 'capstack-environment': 'dev' },
    dev: { ...ours, 'capstack-environment': 'dev', 'capstack-baseline': '1-3-6' },
    odd: { ...ours, 'capstack-environment': 'staging', 'capstack-baseline': '6-3-1' },
    unnamed: ours,
  });
  assert.deepEqual(
    seen.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    [
      { name: 'dev', environment: 'dev', ...SEEN, baseline: { min: 1, desired: 3, max: 6 } },
      { name: 'odd', environment: 'staging', ...SEEN },
      { name: 'unnamed', environment: '', ...SEEN },
    ],
  );
});

test('every page is read', async () => {
  const names = Array.from({ length: 230 }, (_, i) => `dev-${i.toString().padStart(3, '0')}`);
  const tags = { 'capstack-managed': 'true', 'capstack-environment': 'dev' };
  const seen = await managed(Object.fromEntries(names.map((name) => [name, tags])));
  assert.deepEqual(seen.map(({ name }) => name).sort(), names);
});

const OURS = { 'capstack-managed': 'true', 'capstack-environment': 'dev' };
const MIXED = {
  onDemandBaseCapacity: 1,
  onDemandPercentageAboveBaseCapacity: 100,
  spotAllocationStrategy: 'price-capacity-optimized',
};

test('what moves a group by itself is seen, and spot instances where its owner says what may become of them', async () => {
  const local = service();
  const group = { ...SIZES, tags: OURS };
  local.seed({ ...group, name: 'a', policies: [{ name: 'cpu', targetCpuPercent: 60 }] });
  local.seed({
    ...group,
    name: 'b',
    scheduledActions: [{ name: 'night', recurrence: '0 20 * * *', size: {} }],
  });
  local.seed({ ...group, name: 'c', distribution: MIXED, tags: { ...OURS, 'capstack-spot': 'shift' } });
  local.seed({ ...group, name: 'd', tags: { ...OURS, 'capstack-spot': 'batch' } });
  const seen = async (spotShift: boolean) =>
    (await through(local, (groups) => groups.describeManaged(), spotShift)).map(
      ({ scaled, scheduled, batch, mix, onDemandPercent }) => ({
        scaled,
        scheduled,
        batch,
        mix,
        onDemandPercent,
      }),
    );
  const none = {
    scaled: undefined,
    scheduled: undefined,
    batch: undefined,
    mix: undefined,
    onDemandPercent: undefined,
  };
  const mix = { onDemandBase: 1, onDemandPercent: 100 };
  const others = [
    { ...none, scaled: true },
    { ...none, scheduled: true },
  ];
  assert.deepEqual(await seen(true), [
    ...others,
    { ...none, mix, onDemandPercent: 100 },
    { ...none, batch: true },
  ]);
  assert.deepEqual(await seen(false), [...others, { ...none, mix }, { ...none, batch: true }]);
});

test('all three sizes are asked for at once, of a group with scaling policies its limits, and the mix where it moves', async () => {
  const local = service();
  local.seed({ ...SIZES, name: 'plain', tags: OURS });
  local.seed({ ...SIZES, name: 'scaled', tags: OURS, policies: [{ name: 'cpu', targetCpuPercent: 60 }] });
  local.seed({ ...SIZES, name: 'mixed', distribution: MIXED, tags: { ...OURS, 'capstack-spot': 'shift' } });
  const bodies = await through(
    local,
    async (groups, endpoint) => {
      const to = { min: 0, max: 1, desired: 1 };
      for (const group of await groups.describeManaged())
        assert.deepEqual(
          await groups.resize(group, group.name === 'mixed' ? { ...to, onDemandPercent: 0 } : to),
          { outcome: 'accepted' },
        );
      return endpoint.requests.map(({ body }) => new URLSearchParams(body.toString()));
    },
    true,
  );
  const updates = bodies.filter((form) => form.get('Action') === 'UpdateAutoScalingGroup');
  assert.deepEqual(
    updates.map((form) => [form.get('AutoScalingGroupName'), form.get('DesiredCapacity')]),
    [
      ['mixed', '1'],
      ['plain', '1'],
      ['scaled', null],
    ],
  );
  assert.equal(local.group('mixed')?.distribution?.onDemandPercentageAboveBaseCapacity, 0);
  assert.equal(local.group('scaled')?.desired, 1);
});

test('a baseline is mirrored as a tag and taken away again', async () => {
  const local = service();
  local.seed({ ...SIZES, name: 'dev', tags: OURS });
  await through(local, async (groups) => {
    await groups.mirror('dev', SIZES);
    assert.deepEqual((await groups.describe('dev'))?.baseline, SIZES);
    await groups.unmirror('dev');
  });
  assert.deepEqual(local.group('dev')?.tags, OURS);
});

test('19 what passes is for later, what does not is refused, and a group that is not ours is out of sight', async () => {
  const local = service();
  local.seed({ ...SIZES, name: 'dev', tags: OURS });
  local.seed({ ...SIZES, name: 'theirs', tags: {} });
  await through(local, async (groups, endpoint) => {
    const dev = (await groups.describe('dev')) ?? assert.fail('dev is there');
    for (const fault of Object.values(SCALING_FAULTS)) {
      local.failNext('UpdateAutoScalingGroup', fault);
      assert.equal((await groups.resize(dev, SIZES)).outcome, 'later', fault.code);
    }
    const answer = await groups.resize(dev, { min: 2, max: 1, desired: 1 });
    assert.ok(answer.outcome === 'refused' && answer.reason.startsWith('ValidationError: '));
    assert.equal(await groups.describe('theirs'), undefined);
    assert.equal(await groups.describe('nobody'), undefined);
    endpoint.deny();
    assert.equal((await groups.resize(dev, SIZES)).outcome, 'refused');
  });
});
