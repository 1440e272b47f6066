import {
  type AutoScalingClient,
  CreateOrUpdateTagsCommand,
  DeleteTagsCommand,
  DescribeAutoScalingGroupsCommand,
  type DescribeAutoScalingGroupsCommandInput,
  type AutoScalingGroup as DescribedGroup,
  DescribePoliciesCommand,
  DescribeScheduledActionsCommand,
  UpdateAutoScalingGroupCommand,
  type UpdateAutoScalingGroupCommandInput,
} from '@aws-sdk/client-auto-scaling';
import { ASG_TAGS } from '../contract/names.ts';
import { baselineText, type Group, type Mix, parseBaseline, type Sizes } from '../policy/sizes.ts';

/** What became of a request to change a group: `later` may be asked again soon, `refused` will not change by asking. */
export type Answer =
  | { readonly outcome: 'accepted' }
  | { readonly outcome: 'later' | 'refused'; readonly reason: string };

export interface AutoScaling {
  /** Every group of this account and region whose owner gave it to us to manage, by its tag. */
  readonly describeManaged: () => Promise<readonly Group[]>;
  /** The same of one group; undefined where it is gone or no longer ours. */
  readonly describe: (name: string) => Promise<Group | undefined>;
  /** Asks for absolute sizes, so that asking twice does what asking once does. */
  readonly resize: (group: Group, to: Sizes) => Promise<Answer>;
  /** Mirrors a baseline as the group's tag. */
  readonly mirror: (name: string, baseline: Sizes) => Promise<Answer>;
  readonly unmirror: (name: string) => Promise<Answer>;
}

/** What ends by itself; throttling and contention were retried by the client already. */
const PASSING = new Set([
  'ScalingActivityInProgress',
  'ResourceContention',
  'InstanceRefreshInProgress',
  'Throttling',
  'ThrottlingException',
  'RequestLimitExceeded',
  'ServiceUnavailable',
  'InternalFailure',
]);
const PERMANENT = new Set(['ValidationError', 'AccessDenied', 'LimitExceeded', 'ServiceLinkedRoleFailure']);

const codeOf = (error: unknown): string => {
  const { Code, name } = error as { readonly Code?: unknown; readonly name?: unknown };
  return String(typeof Code === 'string' ? Code : name).replace(/Fault$/, '');
};

/** @throws what is neither: a connection that broke tells nothing about what was done. */
const answered = async (request: Promise<unknown>): Promise<Answer> => {
  try {
    await request;
    return { outcome: 'accepted' };
  } catch (error) {
    const code = codeOf(error);
    if (!PASSING.has(code) && !PERMANENT.has(code)) throw error;
    const reason = `${code}: ${error instanceof Error ? error.message : ''}`;
    return { outcome: PASSING.has(code) ? 'later' : 'refused', reason };
  }
};

const mixOf = ({ MixedInstancesPolicy: policy }: DescribedGroup): Mix | undefined =>
  policy && {
    onDemandBase: policy.InstancesDistribution?.OnDemandBaseCapacity ?? 0,
    onDemandPercent: policy.InstancesDistribution?.OnDemandPercentageAboveBaseCapacity ?? 100,
  };

interface Surroundings {
  /** Whether groups that are tagged for it may move to spot instances. */
  readonly spotShift: boolean;
  readonly scaled: ReadonlySet<string>;
  readonly scheduled: ReadonlySet<string>;
}

const groupOf = (
  described: DescribedGroup,
  { spotShift, scaled, scheduled }: Surroundings,
): readonly Group[] => {
  const { AutoScalingGroupName: name, MinSize: min, MaxSize: max, DesiredCapacity: desired } = described;
  if (name === undefined || min === undefined || max === undefined || desired === undefined) return [];
  const tag = (key: string): string | undefined => described.Tags?.find((each) => each.Key === key)?.Value;
  /** The filter says so already; a group that is not ours by its own words is left alone whatever the filter did. */
  if (tag(ASG_TAGS.managed) !== 'true') return [];
  const baseline = parseBaseline(tag(ASG_TAGS.baseline) ?? '');
  const mix = mixOf(described);
  const spot = tag(ASG_TAGS.spot);
  const types = (described.Instances ?? []).flatMap(({ InstanceType }) => InstanceType ?? []);
  return [
    {
      ...{ name, environment: tag(ASG_TAGS.environment) ?? '', min, max, desired },
      ...(baseline && { baseline }),
      ...(mix && { mix }),
      ...(mix && spotShift && spot === 'shift' && { onDemandPercent: mix.onDemandPercent }),
      ...(spot === 'batch' && { batch: true }),
      ...(scaled.has(name) && { scaled: true }),
      ...(scheduled.has(name) && { scheduled: true }),
      ...(types.length > 0 && { instanceTypes: [...new Set(types)].sort() }),
    },
  ];
};

/** What is asked for: of a group with scaling policies only the limits, of any other all three sizes at once. */
const changeOf = (
  group: Group,
  { min, max, desired, onDemandPercent }: Sizes,
): UpdateAutoScalingGroupCommandInput => ({
  AutoScalingGroupName: group.name,
  MinSize: min,
  MaxSize: max,
  ...(!group.scaled && { DesiredCapacity: desired }),
  ...(onDemandPercent !== undefined &&
    onDemandPercent !== group.onDemandPercent && {
      MixedInstancesPolicy: {
        InstancesDistribution: { OnDemandPercentageAboveBaseCapacity: onDemandPercent },
      },
    }),
});

interface Page<Item> {
  readonly items: readonly Item[] | undefined;
  readonly token: string | undefined;
}

const everyPage = async <Item>(read: (token?: string) => Promise<Page<Item>>): Promise<readonly Item[]> => {
  const all: Item[] = [];
  let token: string | undefined;
  do {
    const page = await read(token);
    all.push(...(page.items ?? []));
    token = page.token;
  } while (token !== undefined && token !== '');
  return all;
};

const nameOf = ({ AutoScalingGroupName: name }: { readonly AutoScalingGroupName?: string | undefined }) =>
  name ?? [];

/** Reads Auto Scaling groups, and changes their sizes and the one tag that is ours. */
export const autoScaling = (client: AutoScalingClient, spotShift = false): AutoScaling => {
  const described = (input: DescribeAutoScalingGroupsCommandInput) =>
    everyPage(async (NextToken) => {
      const page = await client.send(new DescribeAutoScalingGroupsCommand({ ...input, NextToken }));
      return { items: page.AutoScalingGroups, token: page.NextToken };
    });
  const surroundings = async (AutoScalingGroupName?: string): Promise<Surroundings> => {
    const policies = await everyPage(async (NextToken) => {
      const page = await client.send(
        new DescribePoliciesCommand({ AutoScalingGroupName, MaxRecords: 100, NextToken }),
      );
      return { items: page.ScalingPolicies, token: page.NextToken };
    });
    const actions = await everyPage(async (NextToken) => {
      const page = await client.send(
        new DescribeScheduledActionsCommand({ AutoScalingGroupName, MaxRecords: 100, NextToken }),
      );
      return { items: page.ScheduledUpdateGroupActions, token: page.NextToken };
    });
    return {
      spotShift,
      scaled: new Set(policies.filter(({ Enabled }) => Enabled !== false).flatMap(nameOf)),
      scheduled: new Set(actions.flatMap(nameOf)),
    };
  };
  const baselineTag = (name: string) => ({
    ResourceId: name,
    ResourceType: 'auto-scaling-group',
    Key: ASG_TAGS.baseline,
    PropagateAtLaunch: false,
  });

  return {
    describeManaged: async () => {
      const groups = await described({
        Filters: [{ Name: `tag:${ASG_TAGS.managed}`, Values: ['true'] }],
        MaxRecords: 100,
      });
      if (groups.length === 0) return [];
      const around = await surroundings();
      return groups.flatMap((group) => groupOf(group, around));
    },
    describe: async (name) => {
      const [group] = await described({ AutoScalingGroupNames: [name] });
      return group && groupOf(group, await surroundings(name))[0];
    },
    resize: (group, to) => answered(client.send(new UpdateAutoScalingGroupCommand(changeOf(group, to)))),
    mirror: (name, baseline) =>
      answered(
        client.send(
          new CreateOrUpdateTagsCommand({ Tags: [{ ...baselineTag(name), Value: baselineText(baseline) }] }),
        ),
      ),
    unmirror: (name) => answered(client.send(new DeleteTagsCommand({ Tags: [baselineTag(name)] }))),
  };
};
