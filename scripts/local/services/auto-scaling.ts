/** Auto Scaling: groups whose sizes, tags and activities outlive the run. */
import type { Durable } from '../durable.ts';
import type { LocalService } from '../service.ts';
import { ServiceFault } from './fault.ts';
import { type QueryOperation, queryService } from './query-protocol.ts';
import { changes } from './scaling-changes.ts';
import { descriptions } from './scaling-descriptions.ts';
import { groupsIn, type NewScalingGroup, newGroup, type ScalingGroup } from './scaling-group.ts';

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

export const autoScalingService = (durable: Durable, clock: () => number = Date.now): AutoScaling => {
  const groups = groupsIn(durable);
  const faults = new Map<string, ServiceFault[]>();
  const operations = { ...descriptions(groups), ...changes(durable, clock) };

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
