import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import {
  AutoScalingClient,
  CreateOrUpdateTagsCommand,
  DeleteTagsCommand,
  DescribeAutoScalingGroupsCommand,
  DescribePoliciesCommand,
  DescribeScalingActivitiesCommand,
  DescribeScheduledActionsCommand,
  paginateDescribeAutoScalingGroups,
  ScalingActivityInProgressFault,
  UpdateAutoScalingGroupCommand,
  type UpdateAutoScalingGroupCommandInput,
} from '@aws-sdk/client-auto-scaling';
import { openDurable } from '../../../scripts/local/durable.ts';
import {
  type AutoScaling,
  autoScalingService,
  SCALING_FAULTS,
} from '../../../scripts/local/services/auto-scaling.ts';
import { DEMO_GROUPS } from '../../../scripts/local/services/demo-groups.ts';
import { type ServiceEndpoint, serviceEndpoint } from '../../support/service-endpoint.ts';

const STAGING = 'capstack-staging-asg';
let scaling: AutoScaling;
let endpoint: ServiceEndpoint;
let client: AutoScalingClient;

beforeEach(async () => {
  scaling = autoScalingService(openDurable(undefined), () => Date.parse('2026-11-21T08:00:00Z'));
  for (const group of DEMO_GROUPS) scaling.seed(group);
  endpoint = await serviceEndpoint(scaling.service);
  client = new AutoScalingClient({ ...endpoint.client, maxAttempts: 1 });
});
afterEach(async () => {
  client.destroy();
  await endpoint.stop();
});

const describe = async (...AutoScalingGroupNames: string[]) =>
  (await client.send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames }))).AutoScalingGroups ??
  [];
const update = (change: Partial<UpdateAutoScalingGroupCommandInput>) =>
  client.send(new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: STAGING, ...change }));
const staging = async () => {
  const [group] = await describe(STAGING);
  return [group?.MinSize, group?.MaxSize, group?.DesiredCapacity, group?.Instances?.length];
};

test('a fresh account has a group per environment, with its instances and the tags that name it', async () => {
  const groups = await describe();
  const shown = groups.map((group) => [
    group.AutoScalingGroupName,
    [group.MinSize, group.MaxSize, group.DesiredCapacity, group.Instances?.length],
    Object.fromEntries((group.Tags ?? []).map(({ Key, Value }) => [Key, Value])),
  ]);
  assert.deepEqual(shown, [
    ['capstack-dev-asg', [1, 4, 2, 2], { 'capstack-managed': 'true', 'capstack-environment': 'dev' }],
    [
      'capstack-production-asg',
      [3, 12, 8, 8],
      { 'capstack-managed': 'true', 'capstack-environment': 'production' },
    ],
    [STAGING, [2, 8, 4, 4], { 'capstack-managed': 'true', 'capstack-environment': 'staging' }],
  ]);
});

test('absent sizes stay; the maximum and the minimum pull the desired size along', async () => {
  await update({ MaxSize: 6 });
  assert.deepEqual(await staging(), [2, 6, 4, 4]);
  await update({ MaxSize: 3 });
  assert.deepEqual(await staging(), [2, 3, 3, 3]);
  await update({ MinSize: 5, MaxSize: 8 });
  assert.deepEqual(await staging(), [5, 8, 5, 5]);
  await update({ MinSize: 1, MaxSize: 2, DesiredCapacity: 1 });
  assert.deepEqual(await staging(), [1, 2, 1, 1]);
  await update({ MinSize: 0, MaxSize: 0, DesiredCapacity: 0 });
  assert.deepEqual(await staging(), [0, 0, 0, 0]);
});

test('sizes out of order and unknown groups are ValidationErrors that change nothing', async () => {
  for (const change of [
    { MinSize: 9 },
    { DesiredCapacity: 9 },
    { DesiredCapacity: 1 },
    { MaxSize: 1 },
    { MinSize: -1 },
    { AutoScalingGroupName: 'none', MaxSize: 1 },
  ])
    await assert.rejects(update(change), { name: 'ValidationError' }, JSON.stringify(change));
  assert.deepEqual(await staging(), [2, 8, 4, 4]);
});

test('each instance that comes or goes is an activity, newest first, in pages', async () => {
  await update({ MaxSize: 3 });
  const first = await client.send(
    new DescribeScalingActivitiesCommand({ AutoScalingGroupName: STAGING, MaxRecords: 3 }),
  );
  const rest = await client.send(
    new DescribeScalingActivitiesCommand({ AutoScalingGroupName: STAGING, NextToken: first.NextToken }),
  );
  assert.equal(rest.NextToken, undefined);
  const activities = [...(first.Activities ?? []), ...(rest.Activities ?? [])];
  assert.equal(activities.length, 5);
  assert.match(activities[0]?.Description ?? '', /^Terminating EC2 instance: i-/);
  assert.match(activities[0]?.Cause ?? '', /desired capacity from 4 to 3/);
  assert.match(activities[1]?.Description ?? '', /^Launching a new EC2 instance: i-/);
  assert.equal(activities[0]?.EndTime?.toISOString(), '2026-11-21T08:00:00.000Z');
});

test('groups are found by tag, and listed page by page', async () => {
  const filter = (Name: string, ...Values: string[]) =>
    client.send(new DescribeAutoScalingGroupsCommand({ Filters: [{ Name, Values }] }));
  const names = async (answer: ReturnType<typeof filter>) =>
    (await answer).AutoScalingGroups?.map((group) => group.AutoScalingGroupName);
  assert.deepEqual(await names(filter('tag:capstack-environment', 'dev', 'staging')), [
    'capstack-dev-asg',
    STAGING,
  ]);
  assert.deepEqual(await names(filter('tag:capstack-managed', 'false')), []);
  assert.equal((await names(filter('tag-key', 'capstack-managed')))?.length, 3);
  const pages: number[] = [];
  for await (const page of paginateDescribeAutoScalingGroups({ client, pageSize: 2 }, {}))
    pages.push(page.AutoScalingGroups?.length ?? 0);
  assert.deepEqual(pages, [2, 1]);
});

test('a group without a tag is not one whose tag is empty', async () => {
  const Filters = [{ Name: 'tag:capstack-baseline', Values: [''] }];
  const found = async () =>
    (await client.send(new DescribeAutoScalingGroupsCommand({ Filters }))).AutoScalingGroups?.map(
      ({ AutoScalingGroupName }) => AutoScalingGroupName,
    );
  assert.deepEqual(await found(), []);
  scaling.seed({ name: 'blank', min: 0, max: 1, desired: 0, tags: { 'capstack-baseline': '' } });
  assert.deepEqual(await found(), ['blank']);
});

test('tags are added and replaced', async () => {
  const tag = (Value: string) =>
    client.send(
      new CreateOrUpdateTagsCommand({
        Tags: [
          {
            ResourceId: STAGING,
            ResourceType: 'auto-scaling-group',
            Key: 'capstack-baseline',
            Value,
            PropagateAtLaunch: false,
          },
        ],
      }),
    );
  await tag('1-1-1');
  await tag('2-4-8');
  const [group] = await describe(STAGING);
  assert.equal(group?.Tags?.find(({ Key }) => Key === 'capstack-baseline')?.Value, '2-4-8');
  assert.equal(group?.Tags?.length, 3);
});

test('a tag is deleted by its key, whatever value it is named with, and IAM is asked for that key', async () => {
  const name = { ResourceId: STAGING, ResourceType: 'auto-scaling-group', PropagateAtLaunch: false };
  await client.send(new CreateOrUpdateTagsCommand({ Tags: [{ ...name, Key: 'k', Value: 'v' }] }));
  await client.send(new DeleteTagsCommand({ Tags: [{ ...name, Key: 'k' }] }));
  assert.deepEqual(Object.keys(scaling.group(STAGING)?.tags ?? {}), [
    'capstack-managed',
    'capstack-environment',
  ]);
  const { action, context } = endpoint.asked.at(-1) ?? assert.fail('IAM was not asked');
  assert.equal(action, 'autoscaling:DeleteTags');
  assert.deepEqual(context?.['aws:TagKeys'], ['k']);
  await assert.rejects(
    client.send(new DeleteTagsCommand({ Tags: [{ ...name, ResourceId: 'none', Key: 'k' }] })),
    { name: 'ValidationError' },
  );
});

test('whoever changes the mix of instances is asked whether they may launch any', async () => {
  const distribution = {
    onDemandBaseCapacity: 0,
    onDemandPercentageAboveBaseCapacity: 50,
    spotAllocationStrategy: 'price-capacity-optimized',
  };
  scaling.seed({ name: 'mixed', min: 0, max: 2, desired: 1, tags: {}, distribution });
  await update({
    AutoScalingGroupName: 'mixed',
    MixedInstancesPolicy: { InstancesDistribution: { OnDemandPercentageAboveBaseCapacity: 0 } },
  });
  assert.deepEqual(
    endpoint.asked.map(({ action }) => action),
    ['autoscaling:UpdateAutoScalingGroup', 'ec2:RunInstances'],
  );
});

test('policies, scheduled actions and the mix of instances are told', async () => {
  scaling.seed({
    name: 'mixed',
    min: 0,
    max: 2,
    desired: 1,
    tags: {},
    policies: [{ name: 'cpu', targetCpuPercent: 60 }],
    scheduledActions: [{ name: 'night', recurrence: '0 20 * * 1-5', size: { desired: 0 } }],
    distribution: {
      onDemandBaseCapacity: 1,
      onDemandPercentageAboveBaseCapacity: 100,
      spotAllocationStrategy: 'price-capacity-optimized',
    },
  });
  const AutoScalingGroupName = 'mixed';
  const { ScalingPolicies } = await client.send(new DescribePoliciesCommand({ AutoScalingGroupName }));
  assert.deepEqual(
    ScalingPolicies?.map((policy) => [policy.PolicyName, policy.TargetTrackingConfiguration?.TargetValue]),
    [['cpu', 60]],
  );
  const { ScheduledUpdateGroupActions: actions } = await client.send(
    new DescribeScheduledActionsCommand({ AutoScalingGroupName }),
  );
  assert.deepEqual(
    actions?.map((action) => [action.ScheduledActionName, action.DesiredCapacity, action.MinSize]),
    [['night', 0, undefined]],
  );
  const InstancesDistribution = { OnDemandPercentageAboveBaseCapacity: 0 };
  await update({ AutoScalingGroupName, MixedInstancesPolicy: { InstancesDistribution } });
  const [group] = await describe('mixed');
  assert.deepEqual(group?.MixedInstancesPolicy?.InstancesDistribution, {
    OnDemandBaseCapacity: 1,
    OnDemandPercentageAboveBaseCapacity: 0,
    SpotAllocationStrategy: 'price-capacity-optimized',
  });
  await assert.rejects(update({ MixedInstancesPolicy: { InstancesDistribution } }), {
    name: 'ValidationError',
  });
});

test('faults that were asked for come once each, under the names the client knows', async () => {
  scaling.failNext('UpdateAutoScalingGroup', SCALING_FAULTS.scalingActivityInProgress);
  await assert.rejects(
    update({ MaxSize: 1, MinSize: 1 }),
    (error) => error instanceof ScalingActivityInProgressFault,
  );
  scaling.failNext('UpdateAutoScalingGroup', SCALING_FAULTS.throttling);
  await assert.rejects(update({ MaxSize: 1, MinSize: 1 }), { name: 'Throttling' });
  assert.deepEqual(await staging(), [2, 8, 4, 4]);
  /** The client's own retry gets over throttling. */
  const patient = new AutoScalingClient({ ...endpoint.client, maxAttempts: 3 });
  scaling.failNext('DescribeAutoScalingGroups', SCALING_FAULTS.throttling, 2);
  const answer = await patient.send(new DescribeAutoScalingGroupsCommand({}));
  assert.equal(answer.AutoScalingGroups?.length, 3);
  patient.destroy();
});

test('IAM is asked with the tags that the group has and those that a request sets', async () => {
  await update({ MaxSize: 8 });
  await client.send(
    new CreateOrUpdateTagsCommand({
      Tags: [{ ResourceId: STAGING, ResourceType: 'auto-scaling-group', Key: 'k', Value: 'v' }],
    }),
  );
  await describe();
  const resource = `arn:aws:autoscaling:us-east-1:000000000000:autoScalingGroup:${scaling.group(STAGING)?.id}:autoScalingGroupName/${STAGING}`;
  const tags = {
    'autoscaling:ResourceTag/capstack-managed': 'true',
    'autoscaling:ResourceTag/capstack-environment': 'staging',
    'aws:ResourceTag/capstack-managed': 'true',
    'aws:ResourceTag/capstack-environment': 'staging',
  };
  assert.deepEqual(endpoint.asked, [
    {
      action: 'autoscaling:UpdateAutoScalingGroup',
      resource,
      context: { ...tags, 'autoscaling:MaxSize': '8' },
    },
    {
      action: 'autoscaling:CreateOrUpdateTags',
      resource,
      context: { ...tags, 'aws:TagKeys': ['k'], 'aws:RequestTag/k': 'v' },
    },
    { action: 'autoscaling:DescribeAutoScalingGroups', resource: '*' },
  ]);
  endpoint.deny();
  await assert.rejects(update({ MaxSize: 8 }), { name: 'AccessDenied' });
});
