/** What Auto Scaling tells of its groups, page by page. */
import type { Records } from '../durable.ts';
import { ServiceFault } from './fault.ts';
import type { Form, QueryOperation, XmlValue } from './query-protocol.ts';
import { existingGroup, groupArn, type ScalingGroup } from './scaling-group.ts';
import { wireActivity, wireGroup, wirePolicy, wireScheduledAction } from './scaling-group-xml.ts';

const USUAL_PAGE = 50;
const MAX_PAGE = 100;

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
  usual: number = USUAL_PAGE,
): { readonly items: readonly XmlValue[]; readonly NextToken: string | undefined } => {
  const start = form.integer('NextToken') ?? 0;
  const size = form.integer('MaxRecords') ?? usual;
  if (size < 1 || size > MAX_PAGE)
    throw new ServiceFault('ValidationError', `MaxRecords must be between 1 and ${MAX_PAGE}`);
  const end = start + size;
  return { items: all.slice(start, end), NextToken: end < all.length ? String(end) : undefined };
};

/** Describing knows no resource. */
const describing = (action: string, handle: QueryOperation['handle']): QueryOperation => ({
  access: () => [{ action: `autoscaling:${action}`, resource: '*' }],
  handle,
});

export const descriptions = (groups: Records<ScalingGroup>): Readonly<Record<string, QueryOperation>> => {
  const all = (): ScalingGroup[] => groups.entries().map(([, group]) => group);
  /** Of one group, or of all. */
  const ofGroups = (form: Form, wire: (group: ScalingGroup) => readonly XmlValue[]): readonly XmlValue[] => {
    const name = form.text('AutoScalingGroupName');
    return (name === undefined ? all() : [existingGroup(groups, name)]).flatMap(wire);
  };
  return {
    DescribeAutoScalingGroups: describing('DescribeAutoScalingGroups', (form) => {
      const names = form.list('AutoScalingGroupNames');
      const filters = form.members('Filters');
      const chosen = all()
        .filter(({ name }) => names.length === 0 || names.includes(name))
        .filter((group) => filters.every((filter) => matches(group, filter)))
        .map((group) => wireGroup(group, groupArn(group)));
      const { items, NextToken } = page(form, chosen);
      return { AutoScalingGroups: items, NextToken };
    }),
    DescribePolicies: describing('DescribePolicies', (form) => {
      const wired = ofGroups(form, (group) => group.policies.map((policy) => wirePolicy(group, policy)));
      const { items, NextToken } = page(form, wired);
      return { ScalingPolicies: items, NextToken };
    }),
    DescribeScheduledActions: describing('DescribeScheduledActions', (form) => {
      const wired = ofGroups(form, (group) =>
        group.scheduledActions.map((action) => wireScheduledAction(group, action)),
      );
      const { items, NextToken } = page(form, wired);
      return { ScheduledUpdateGroupActions: items, NextToken };
    }),
    DescribeScalingActivities: describing('DescribeScalingActivities', (form) => {
      const wired = ofGroups(form, (group) =>
        group.activities.map((activity) => wireActivity(group, activity)),
      );
      const { items, NextToken } = page(form, wired, MAX_PAGE);
      return { Activities: items, NextToken };
    }),
  };
};
