/** An Auto Scaling group as this machine keeps it, and what a change of size does to it. */
import { randomBytes, randomUUID } from 'node:crypto';
import { ACCOUNT, REGION } from '../attributes.ts';
import type { Durable, Records } from '../durable.ts';
import { ServiceFault } from './fault.ts';

export interface GroupSize {
  readonly min: number;
  readonly max: number;
  readonly desired: number;
}

export interface Instance {
  readonly id: string;
  readonly zone: string;
}

export interface Activity {
  readonly id: string;
  readonly description: string;
  readonly cause: string;
  readonly startedMs: number;
  readonly details: string;
}

export interface InstancesDistribution {
  readonly onDemandBaseCapacity: number;
  readonly onDemandPercentageAboveBaseCapacity: number;
  readonly spotAllocationStrategy: string;
}

export interface ScheduledAction {
  readonly name: string;
  /** Cron expression. */
  readonly recurrence: string;
  readonly size: Partial<GroupSize>;
}

export interface ScalingPolicy {
  readonly name: string;
  /** Per cent of CPU that target tracking aims at. */
  readonly targetCpuPercent: number;
}

export interface ScalingGroup extends GroupSize {
  readonly name: string;
  readonly id: string;
  readonly createdMs: number;
  readonly tags: Readonly<Record<string, string>>;
  readonly instances: readonly Instance[];
  /** Newest first. */
  readonly activities: readonly Activity[];
  readonly policies: readonly ScalingPolicy[];
  readonly scheduledActions: readonly ScheduledAction[];
  /** Only of groups that mix purchase options. */
  readonly distribution?: InstancesDistribution;
}

/** What it takes to set a group up; the rest starts empty. */
export type NewScalingGroup = GroupSize &
  Pick<ScalingGroup, 'name' | 'tags'> &
  Partial<Pick<ScalingGroup, 'policies' | 'scheduledActions' | 'distribution'>>;

export const groupsIn = (durable: Durable): Records<ScalingGroup> =>
  durable.records<ScalingGroup>('autoscaling');

export const groupArn = ({ id, name }: Pick<ScalingGroup, 'id' | 'name'>): string =>
  `arn:aws:autoscaling:${REGION}:${ACCOUNT}:autoScalingGroup:${id}:autoScalingGroupName/${name}`;

/** @throws ServiceFault where there is no such group. */
export const existingGroup = (groups: Records<ScalingGroup>, name: string | undefined): ScalingGroup => {
  const group = groups.get(name ?? '');
  if (group) return group;
  throw new ServiceFault('ValidationError', `AutoScalingGroup name not found - ${name ?? 'null'}`);
};

const ZONES = ['us-east-1a', 'us-east-1b'];
const MAX_ACTIVITIES = 100;

const checkSize = ({ min, max, desired }: GroupSize): void => {
  const refuse = (message: string): never => {
    throw new ServiceFault('ValidationError', message);
  };
  for (const size of [min, max, desired]) if (size < 0) refuse(`Sizes must not be negative, but got ${size}`);
  if (max < min) refuse(`Max bound, ${max}, must be greater than or equal to min bound, ${min}`);
  if (desired < min || desired > max)
    refuse(`Desired capacity:${desired} must be between the specified min size:${min} and max size:${max}`);
};

/** Launches or terminates one instance at a time, each as an activity of its own, until there are as many as desired. */
const converged = (group: ScalingGroup, cause: string, nowMs: number): ScalingGroup => {
  const instances = [...group.instances];
  const activities = [...group.activities];
  const note = (description: string, zone: string): void => {
    const details = JSON.stringify({ 'Availability Zone': zone });
    activities.unshift({ id: randomUUID(), description, cause, startedMs: nowMs, details });
  };
  while (instances.length < group.desired) {
    const zone = ZONES[instances.length % ZONES.length] ?? '';
    const id = `i-${randomBytes(8).toString('hex')}1`;
    instances.push({ id, zone });
    note(`Launching a new EC2 instance: ${id}`, zone);
  }
  while (instances.length > group.desired) {
    const gone = instances.shift();
    note(`Terminating EC2 instance: ${gone?.id}`, gone?.zone ?? '');
  }
  return { ...group, instances, activities: activities.slice(0, MAX_ACTIVITIES) };
};

export const newGroup = (group: NewScalingGroup, nowMs: number): ScalingGroup => {
  checkSize(group);
  const empty = { instances: [], activities: [], policies: [], scheduledActions: [] };
  const created = { ...empty, ...group, id: randomUUID(), createdMs: nowMs };
  return converged(created, 'the group was created', nowMs);
};

/**
 * Sizes left out stay. Without a desired size, a maximum below it or a minimum above it moves it along; a desired size
 * that was sent must lie between the two.
 */
export const resized = (group: ScalingGroup, change: Partial<GroupSize>, nowMs: number): ScalingGroup => {
  const { min = group.min, max = group.max } = change;
  if (max < min) checkSize({ min, max, desired: min });
  const desired = change.desired ?? Math.max(min, Math.min(max, group.desired));
  checkSize({ min, max, desired });
  const cause =
    `At ${new Date(nowMs).toISOString()} a user request update of AutoScalingGroup constraints to min: ${min}, ` +
    `max: ${max}, desired: ${desired} changing the desired capacity from ${group.desired} to ${desired}.`;
  return converged({ ...group, min, max, desired }, cause, nowMs);
};
