/** What Auto Scaling lets callers change of a group: its sizes, its mix of instances and its tags. */
import { ACCOUNT, REGION } from '../attributes.ts';
import type { Durable } from '../durable.ts';
import type { Access } from '../service.ts';
import { ServiceFault } from './fault.ts';
import type { Form, QueryOperation } from './query-protocol.ts';
import { existingGroup, groupArn, groupsIn, resized, type ScalingGroup } from './scaling-group.ts';

const changedDistribution = (group: ScalingGroup, form: Form): ScalingGroup => {
  const policy = form.nested('MixedInstancesPolicy');
  if (!policy) return group;
  const sent = policy.nested('InstancesDistribution');
  const known = group.distribution;
  if (!known)
    throw new ServiceFault('ValidationError', 'The group has no launch template to mix instances of.');
  const distribution = {
    onDemandBaseCapacity: sent?.integer('OnDemandBaseCapacity') ?? known.onDemandBaseCapacity,
    onDemandPercentageAboveBaseCapacity:
      sent?.integer('OnDemandPercentageAboveBaseCapacity') ?? known.onDemandPercentageAboveBaseCapacity,
    spotAllocationStrategy: sent?.text('SpotAllocationStrategy') ?? known.spotAllocationStrategy,
  };
  return { ...group, distribution };
};

/** A size that was not sent must stay as it is, so it must not even be undefined. */
const sentSizes = (form: Form): { min?: number; max?: number; desired?: number } => {
  const min = form.integer('MinSize');
  const max = form.integer('MaxSize');
  const desired = form.integer('DesiredCapacity');
  return {
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
    ...(desired !== undefined && { desired }),
  };
};

/** What IAM knows of the group that a request would change; of one that does not exist, nothing. */
const groupAccess = (
  action: string,
  name: string,
  group: ScalingGroup | undefined,
  context: Record<string, string | readonly string[]>,
): Access => {
  const tags = Object.entries(group?.tags ?? {});
  return {
    action: `autoscaling:${action}`,
    resource: groupArn(group ?? { id: '*', name }),
    context: {
      ...Object.fromEntries(tags.map(([key, value]) => [`autoscaling:ResourceTag/${key}`, value])),
      ...Object.fromEntries(tags.map(([key, value]) => [`aws:ResourceTag/${key}`, value])),
      ...context,
    },
  };
};

/** Whoever changes what a group launches must be allowed to launch it. */
const launching: Access = {
  action: 'ec2:RunInstances',
  resource: `arn:aws:ec2:${REGION}:${ACCOUNT}:instance/*`,
  context: { 'ec2:IsLaunchTemplateResource': 'true' },
};

const updating = (durable: Durable, clock: () => number): QueryOperation => {
  const groups = groupsIn(durable);
  return {
    access: (form) => {
      const name = form.text('AutoScalingGroupName') ?? '';
      const sizes = ['MinSize', 'MaxSize'].flatMap((size) => {
        const sent = form.text(size);
        return sent === undefined ? [] : [[`autoscaling:${size}`, sent] as const];
      });
      return [
        groupAccess('UpdateAutoScalingGroup', name, groups.get(name), Object.fromEntries(sizes)),
        ...(form.nested('MixedInstancesPolicy') ? [launching] : []),
      ];
    },
    handle: (form) => {
      const group = existingGroup(groups, form.text('AutoScalingGroupName'));
      groups.put(group.name, changedDistribution(resized(group, sentSizes(form), clock()), form));
      return undefined;
    },
  };
};

/** Creates, replaces or deletes tags; asks for them alike. */
const tagging = (
  durable: Durable,
  action: 'CreateOrUpdateTags' | 'DeleteTags',
  changed: (tags: ScalingGroup['tags'], key: string, value: string) => ScalingGroup['tags'],
): QueryOperation => {
  const groups = groupsIn(durable);
  return {
    access: (form) => {
      const tags = form.members('Tags');
      const requested = tags.flatMap((tag) => {
        const value = tag.text('Value');
        return value === undefined ? [] : [[`aws:RequestTag/${tag.text('Key')}`, value] as const];
      });
      const context = {
        'aws:TagKeys': tags.map((tag) => tag.text('Key') ?? ''),
        ...Object.fromEntries(requested),
      };
      const names = new Set(tags.map((tag) => tag.text('ResourceId') ?? ''));
      return [...names].map((name) => groupAccess(action, name, groups.get(name), context));
    },
    handle: (form) => {
      durable.atomically(() => {
        for (const tag of form.members('Tags')) {
          if (tag.text('ResourceType') !== 'auto-scaling-group')
            throw new ServiceFault('ValidationError', 'ResourceType must be auto-scaling-group');
          const group = existingGroup(groups, tag.text('ResourceId'));
          const tags = changed(group.tags, tag.text('Key') ?? '', tag.text('Value') ?? '');
          groups.put(group.name, { ...group, tags });
        }
      });
      return undefined;
    },
  };
};

export const changes = (durable: Durable, clock: () => number): Readonly<Record<string, QueryOperation>> => ({
  UpdateAutoScalingGroup: updating(durable, clock),
  CreateOrUpdateTags: tagging(durable, 'CreateOrUpdateTags', (tags, key, value) => ({
    ...tags,
    [key]: value,
  })),
  DeleteTags: tagging(durable, 'DeleteTags', (tags, key) => {
    const { [key]: _, ...others } = tags;
    return others;
  }),
});
