import {
  type AutoScalingClient,
  DescribeAutoScalingGroupsCommand,
  type AutoScalingGroup as DescribedGroup,
} from '@aws-sdk/client-auto-scaling';
import { ASG_TAGS } from '../contract/names.ts';
import { type Group, parseBaseline } from '../policy/sizes.ts';

export interface AutoScaling {
  /** Every group of this account and region whose owner gave it to us to manage, by its tag. */
  readonly describeManaged: () => Promise<readonly Group[]>;
}

const groupOf = (described: DescribedGroup): readonly Group[] => {
  const { AutoScalingGroupName: name, MinSize: min, MaxSize: max, DesiredCapacity: desired } = described;
  if (name === undefined || min === undefined || max === undefined || desired === undefined) return [];
  const tag = (key: string): string | undefined => described.Tags?.find((each) => each.Key === key)?.Value;
  /** The filter says so already; a group that is not ours by its own words is left alone whatever the filter did. */
  if (tag(ASG_TAGS.managed) !== 'true') return [];
  const baseline = parseBaseline(tag(ASG_TAGS.baseline) ?? '');
  return [
    { name, environment: tag(ASG_TAGS.environment) ?? '', min, max, desired, ...(baseline && { baseline }) },
  ];
};

/** Reads Auto Scaling groups. There is nothing here that writes. */
export const autoScaling = (client: AutoScalingClient): AutoScaling => ({
  describeManaged: async () => {
    const groups: Group[] = [];
    let token: string | undefined;
    do {
      const page = await client.send(
        new DescribeAutoScalingGroupsCommand({
          Filters: [{ Name: `tag:${ASG_TAGS.managed}`, Values: ['true'] }],
          MaxRecords: 100,
          ...(token !== undefined && { NextToken: token }),
        }),
      );
      groups.push(...(page.AutoScalingGroups ?? []).flatMap(groupOf));
      token = page.NextToken;
    } while (token !== undefined && token !== '');
    return groups;
  },
});
