/**
 * The same policy against an Auto Scaling that others wrote: moto's server, where the machine has it (`pip install
 * 'moto[server]'`). The product's own client finds it by the SDK's variable, as it finds AWS without.
 */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import {
  AutoScalingClient,
  CreateAutoScalingGroupCommand,
  CreateLaunchConfigurationCommand,
  PutScheduledUpdateGroupActionCommand,
} from '@aws-sdk/client-auto-scaling';
import { freePorts } from '../../../scripts/local/guarded-process.ts';
import { DEMO_GROUPS } from '../../../scripts/local/services/demo-groups.ts';
import type { NewScalingGroup } from '../../../scripts/local/services/scaling-group.ts';
import { autoScalingClient } from '../../../shared/aws/clients.ts';
import { type GovernWorld, governWorld } from '../../support/govern-world.ts';
import { SETTINGS } from '../../support/policy.ts';

const available = spawnSync('python3', ['-c', 'import moto.server'], { stdio: 'ignore' }).status === 0;
const skip = available ? false : "no independent Auto Scaling on this machine: pip install 'moto[server]'";

const GROUPS: readonly NewScalingGroup[] = [
  ...DEMO_GROUPS,
  {
    name: 'dev-large',
    min: 3,
    max: 20,
    desired: 14,
    tags: { 'capstack-managed': 'true', 'capstack-environment': 'dev' },
  },
  {
    ...{ name: 'dev-night', min: 1, max: 3, desired: 2 },
    tags: { 'capstack-managed': 'true', 'capstack-environment': 'dev' },
    scheduledActions: [{ name: 'night', recurrence: '0 20 * * 1-5', size: { min: 0, max: 1, desired: 0 } }],
  },
  {
    ...{ name: 'dev-batch', min: 0, max: 6, desired: 6 },
    tags: { 'capstack-managed': 'true', 'capstack-environment': 'dev', 'capstack-spot': 'batch' },
  },
  { name: 'not-ours', min: 1, max: 3, desired: 2, tags: { 'capstack-environment': 'dev' } },
];

let moto: ChildProcess | undefined;
const environment = { ...process.env };

const create = async (client: AutoScalingClient, group: NewScalingGroup): Promise<void> => {
  await client.send(
    new CreateAutoScalingGroupCommand({
      AutoScalingGroupName: group.name,
      LaunchConfigurationName: 'any',
      AvailabilityZones: ['us-east-1a'],
      ...{ MinSize: group.min, MaxSize: group.max, DesiredCapacity: group.desired },
      Tags: Object.entries(group.tags).map(([Key, Value]) => ({ Key, Value, PropagateAtLaunch: false })),
    }),
  );
  for (const { name, recurrence, size } of group.scheduledActions ?? [])
    await client.send(
      new PutScheduledUpdateGroupActionCommand({
        AutoScalingGroupName: group.name,
        ScheduledActionName: name,
        Recurrence: recurrence,
        ...{ MinSize: size.min, MaxSize: size.max, DesiredCapacity: size.desired },
      }),
    );
};

const answers = async (url: string): Promise<void> => {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    if (
      await fetch(url).then(
        () => true,
        () => false,
      )
    )
      return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('moto does not answer');
};

before(async () => {
  if (!available) return;
  const [port] = await freePorts(1);
  moto = spawn('python3', ['-m', 'moto.server', '-p', String(port)], { stdio: 'ignore' });
  const url = `http://127.0.0.1:${port}`;
  await answers(`${url}/moto-api/`);
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_AUTO_SCALING: url,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'AKIATEST',
    AWS_SECRET_ACCESS_KEY: 'test',
  });
});
after(() => {
  moto?.kill();
  process.env = environment;
});

/** Falls through both thresholds, stays, and recovers. */
const life = async (world: GovernWorld) => {
  for (const p5 of [80, 57, 50, 44, 40, 38, 38, 44, 90, 130, 150, 150, 150, 150]) await world.live(12, p5, 3);
  const tell = async () =>
    (await world.deps.groups.describeManaged())
      .map(({ name, min, max, desired, baseline }) => ({ name, min, max, desired, baseline }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  return {
    groups: await tell(),
    outcomes: (await world.outcomes())
      .map(({ at, status, before, requested, after }) =>
        JSON.stringify({ at, status, before, requested, after }),
      )
      .sort(),
    decisions: (await world.policy.decisions(SETTINGS.tenant, 1000))
      .map(({ planned_at: at, group, status, from, to }) => JSON.stringify({ at, group, status, from, to }))
      .sort(),
  };
};

test('a life under another implementation of Auto Scaling is the same life, change by change', {
  skip,
}, async () => {
  const ours = await governWorld(GROUPS);
  const client = autoScalingClient();
  const theirs = await governWorld([], SETTINGS, client);
  try {
    /** It learns its instance types at the first request, which takes longer than the product waits. */
    const patient = new AutoScalingClient({});
    await patient.send(
      new CreateLaunchConfigurationCommand({
        LaunchConfigurationName: 'any',
        ImageId: 'ami-12c6146b',
        InstanceType: 't4g.small',
      }),
    );
    for (const group of GROUPS) await create(patient, group);
    patient.destroy();
    const [here, elsewhere] = [await life(ours), await life(theirs)];
    assert.deepEqual(elsewhere, here);
    assert.ok(here.outcomes.length >= 10);
    for (const { name, min, max, desired, tags } of GROUPS.filter(({ tags }) => 'capstack-managed' in tags)) {
      const group = elsewhere.groups.find((each) => each.name === name);
      assert.deepEqual(group, { ...{ name, min, max, desired }, baseline: undefined }, JSON.stringify(tags));
    }
  } finally {
    await ours.stop();
    await theirs.stop();
  }
});

test('nothing that acts knows where it runs: no address, no endpoint of its own', () => {
  const acting = [
    ...['govern', 'apply', 'handler', 'environment'].map((name) => `functions/govern/${name}.ts`),
    ...['auto-scaling', 'clients', 'policy-mode', 'policy-store'].map((name) => `shared/aws/${name}.ts`),
  ];
  for (const file of acting) {
    const text = readFileSync(new URL(`../../../${file}`, import.meta.url), 'utf8');
    assert.doesNotMatch(text, /localhost|127\.0\.0\.1|ENDPOINT|endpoint:|LOCAL_STAGE|process\.env/, file);
  }
});
