/** Auto Scaling: groups whose sizes, tags and activities outlive the run. */
import { ACCOUNT, REGION } from '../attributes.ts';
import type { Durable } from '../durable.ts';
import type { Access, LocalService } from '../service.ts';
import { ServiceFault } from './fault.ts';
import { type Form, type QueryOperation, queryService, type XmlValue } from './query-protocol.ts';
import { type NewScalingGroup, newGroup, resized, type ScalingGroup } from './scaling-group.ts';
import { wireActivity, wireGroup, wirePolicy, wireScheduledAction } from './scaling-group-xml.ts';

export interface AutoScaling {
  readonly service: LocalService;
  /** Creates a group; one that is there already stays as it is. */
  readonly seed: (group: NewScalingGroup) => void;
  /** The group as it stands. */
  readonly group: (name: string) => ScalingGroup | undefined;
  /** The next requests of an operation fail: `failNext('UpdateAutoScalingGroup', SCALING_FAULTS.throttling)`. */
  readonly failNext: (operation: string, fault: ServiceFault, times?: number) => void;
}

export const SCALING_FAULTS: Readonly<
  Record<'throttling' | 'scalingActivityInProgress' | 'resourceContention', ServiceFault>
> = {
  throttling: new ServiceFault('Throttling', 'Rate exceeded'),
  scalingActivityInProgress: new ServiceFault(
    'ScalingActivityInProgress',
    'Scaling activity 5a5e2b1c-0000-4000-8000-000000000000 is in progress and blocks this action',
  ),
  resourceContention: new ServiceFault(
    'ResourceContention',
    'You already have a pending update to an Amazon EC2 Auto Scaling resource.',
    500,
  ),
};

const MAX_PAGE = 100;

const arnOf = ({ id, name }: Pick<ScalingGroup, 'id' | 'name'>): string =>
  `arn:aws:autoscaling:${REGION}:${ACCOUNT}:autoScalingGroup:${id}:autoScalingGroupName/${name}`;

/** Groups by `tag:KEY`, `tag-key` or `tag-value`; several filters must all match, of a filter's values any one. */
const matches = (group: ScalingGroup, filter: Form): boolean => {
  const name = filter.text('Name') ?? '';
  const values = filter.list('Values');
  if (name.startsWith('tag:')) {
    const value = group.tags[name.slice('tag:'.length)];
    return value !== undefined && values.includes(value);
  }
  if (name === 'tag-key') return Object.keys(group.tags).some((key) => values.includes(key));
  if (name === 'tag-value') return Object.values(group.tags).some((value) => values.includes(value));
  throw new ServiceFault('ValidationError', `Filter type ${name} is not correct.`);
};

/** The token is the number of what was handed out before. */
const page = (
  form: Form,
  all: readonly XmlValue[],
  limits: { readonly usual: number; readonly max: number },
): { readonly items: readonly XmlValue[]; readonly NextToken: string | undefined } => {
  const start = form.integer('NextToken') ?? 0;
  const size = form.integer('MaxRecords') ?? limits.usual;
  if (size < 1 || size > limits.max)
    throw new ServiceFault('ValidationError', `MaxRecords must be between 1 and ${limits.max}`);
  const end = start + size;
  return { items: all.slice(start, end), NextToken: end < all.length ? String(end) : undefined };
};

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

export const autoScalingService = (durable: Durable, clock: () => number = Date.now): AutoScaling => {
  const groups = durable.records<ScalingGroup>('autoscaling');
  const faults = new Map<string, ServiceFault[]>();

  const existing = (name: string | undefined): ScalingGroup => {
    const group = groups.get(name ?? '');
    if (group) return group;
    throw new ServiceFault('ValidationError', `AutoScalingGroup name not found - ${name ?? 'null'}`);
  };
  const all = (): ScalingGroup[] => groups.entries().map(([, group]) => group);

  /** What IAM knows of the group that a request would change; of one that does not exist, nothing. */
  const groupAccess = (
    action: string,
    name: string,
    context: Record<string, string | readonly string[]>,
  ): Access => {
    const group = groups.get(name);
    const tags = Object.entries(group?.tags ?? {});
    return {
      action: `autoscaling:${action}`,
      resource: arnOf(group ?? { id: '*', name }),
      context: {
        ...Object.fromEntries(tags.map(([key, value]) => [`autoscaling:ResourceTag/${key}`, value])),
        ...Object.fromEntries(tags.map(([key, value]) => [`aws:ResourceTag/${key}`, value])),
        ...context,
      },
    };
  };
  /** Describing knows no resource. */
  const describing = (action: string, handle: QueryOperation['handle']): QueryOperation => ({
    access: () => [{ action: `autoscaling:${action}`, resource: '*' }],
    handle,
  });
  /** Of one group, or of all. */
  const ofGroups = (form: Form, wire: (group: ScalingGroup) => readonly XmlValue[]): readonly XmlValue[] => {
    const name = form.text('AutoScalingGroupName');
    return (name === undefined ? all() : [existing(name)]).flatMap(wire);
  };

  const operations: Record<string, QueryOperation> = {
    DescribeAutoScalingGroups: describing('DescribeAutoScalingGroups', (form) => {
      const names = form.list('AutoScalingGroupNames');
      const filters = form.members('Filters');
      const chosen = all()
        .filter(({ name }) => names.length === 0 || names.includes(name))
        .filter((group) => filters.every((filter) => matches(group, filter)));
      const { items, NextToken } = page(
        form,
        chosen.map((group) => wireGroup(group, arnOf(group))),
        { usual: 50, max: MAX_PAGE },
      );
      return { AutoScalingGroups: items, NextToken };
    }),
    DescribePolicies: describing('DescribePolicies', (form) => {
      const wired = ofGroups(form, (group) => group.policies.map((policy) => wirePolicy(group, policy)));
      const { items, NextToken } = page(form, wired, { usual: 50, max: MAX_PAGE });
      return { ScalingPolicies: items, NextToken };
    }),
    DescribeScheduledActions: describing('DescribeScheduledActions', (form) => {
      const wired = ofGroups(form, (group) =>
        group.scheduledActions.map((action) => wireScheduledAction(group, action)),
      );
      const { items, NextToken } = page(form, wired, { usual: 50, max: MAX_PAGE });
      return { ScheduledUpdateGroupActions: items, NextToken };
    }),
    DescribeScalingActivities: describing('DescribeScalingActivities', (form) => {
      const wired = ofGroups(form, (group) =>
        group.activities.map((activity) => wireActivity(group, activity)),
      );
      const { items, NextToken } = page(form, wired, { usual: MAX_PAGE, max: MAX_PAGE });
      return { Activities: items, NextToken };
    }),
    UpdateAutoScalingGroup: {
      access: (form) => [
        groupAccess('UpdateAutoScalingGroup', form.text('AutoScalingGroupName') ?? '', {
          ...(form.text('MinSize') !== undefined && { 'autoscaling:MinSize': form.text('MinSize') ?? '' }),
          ...(form.text('MaxSize') !== undefined && { 'autoscaling:MaxSize': form.text('MaxSize') ?? '' }),
        }),
      ],
      handle: (form) => {
        const group = existing(form.text('AutoScalingGroupName'));
        groups.put(group.name, changedDistribution(resized(group, sentSizes(form), clock()), form));
        return undefined;
      },
    },
    CreateOrUpdateTags: {
      access: (form) => {
        const tags = form.members('Tags');
        return [...new Set(tags.map((tag) => tag.text('ResourceId') ?? ''))].map((name) =>
          groupAccess('CreateOrUpdateTags', name, {
            'aws:TagKeys': tags.map((tag) => tag.text('Key') ?? ''),
            ...Object.fromEntries(
              tags.map((tag) => [`aws:RequestTag/${tag.text('Key')}`, tag.text('Value') ?? '']),
            ),
          }),
        );
      },
      handle: (form) => {
        durable.atomically(() => {
          for (const tag of form.members('Tags')) {
            if (tag.text('ResourceType') !== 'auto-scaling-group')
              throw new ServiceFault('ValidationError', 'ResourceType must be auto-scaling-group');
            const group = existing(tag.text('ResourceId'));
            const tags = { ...group.tags, [tag.text('Key') ?? '']: tag.text('Value') ?? '' };
            groups.put(group.name, { ...group, tags });
          }
        });
        return undefined;
      },
    },
  };

  /** Fails first, where that was asked for. */
  const failing = ([name, operation]: [string, QueryOperation]): [string, QueryOperation] => [
    name,
    {
      ...operation,
      handle: (form) => {
        const fault = faults.get(name)?.shift();
        if (fault) throw fault;
        return operation.handle(form);
      },
    },
  ];

  return {
    seed: (group) => {
      if (groups.get(group.name) === undefined) groups.put(group.name, newGroup(group, clock()));
    },
    group: groups.get,
    failNext: (operation, fault, times = 1) => {
      faults.set(operation, [...(faults.get(operation) ?? []), ...Array<ServiceFault>(times).fill(fault)]);
    },
    service: queryService({
      signingName: 'autoscaling',
      xmlNamespace: 'http://autoscaling.amazonaws.com/doc/2011-01-01/',
      operations: Object.fromEntries(Object.entries(operations).map(failing)),
    }),
  };
};
