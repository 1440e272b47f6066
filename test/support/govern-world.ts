import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { type GovernDeps, govern } from '../../functions/govern/govern.ts';
import { openDurable } from '../../scripts/local/durable.ts';
import {
  autoScalingService,
  type AutoScaling as LocalScaling,
} from '../../scripts/local/services/auto-scaling.ts';
import { DEMO_GROUPS } from '../../scripts/local/services/demo-groups.ts';
import type { GroupSize, NewScalingGroup } from '../../scripts/local/services/scaling-group.ts';
import { type AutoScaling, autoScaling } from '../../shared/aws/auto-scaling.ts';
import type { PolicyStore } from '../../shared/aws/policy-store.ts';
import type { PolicySettings } from '../../shared/contract/policy.ts';
import { logger } from '../../shared/lambda/logger.ts';
import type { Outcome } from '../../shared/policy/decision.ts';
import type { Mode } from '../../shared/policy/mode.ts';
import { LIST_PRICES } from '../../shared/policy/prices.ts';
import type { GroupMemory } from '../../shared/policy/state.ts';
import type { ReconciliationStatus } from '../../shared/reconciliation/status.ts';
import { memoryBudget } from './memory-budget.ts';
import { memoryPolicyStore } from './memory-policy-store.ts';
import { runwayDocument, SETTINGS } from './policy.ts';
import { type ServiceEndpoint, serviceEndpoint } from './service-endpoint.ts';

export const HOUR_MS = 3_600_000;
export const START_MS: number = Date.parse('2026-06-01T00:00:00Z');

/** Whatever a run calls passes here first: it may throw before or after, as a run that ends there. */
export type Around = <Result>(name: string, call: () => Promise<Result>) => Promise<Result>;

export interface GovernWorld {
  readonly deps: GovernDeps;
  readonly policy: PolicyStore;
  readonly scaling: LocalScaling;
  readonly endpoint: ServiceEndpoint;
  readonly lines: string[];
  /** Hours since the beginning. */
  hour: number;
  mode: Mode;
  reconciliation: ReconciliationStatus | undefined;
  /** A forecast computed now. */
  readonly forecast: (p5: number | null, fields?: Readonly<Record<string, unknown>>) => void;
  /** One run now. */
  readonly run: (around?: Around) => Promise<number>;
  /** Runs every so many hours, with a fresh forecast each time. */
  readonly live: (hours: number, p5: number | null, everyHours?: number) => Promise<void>;
  readonly memory: (group: string) => Promise<GroupMemory | undefined>;
  readonly outcomes: () => Promise<readonly Outcome[]>;
  readonly sizes: (group: string) => GroupSize | undefined;
  /** Requests that change something, in order. */
  readonly writes: () => readonly string[];
  readonly stop: () => Promise<void>;
}

const through = async <Result>(_name: string, call: () => Promise<Result>): Promise<Result> => call();

/** The same object, with every call going through `around`. */
const surrounded = <Calls extends object>(
  calls: Calls,
  around: Around,
  only: readonly (keyof Calls)[],
): Calls =>
  Object.fromEntries(
    Object.entries(calls).map(([name, call]) => [
      name,
      only.includes(name as keyof Calls)
        ? (...args: unknown[]) =>
            around(name, () => (call as (...args: unknown[]) => Promise<unknown>)(...args))
        : call,
    ]),
  ) as Calls;

export const POLICY_CALLS: readonly (keyof PolicyStore)[] = [
  'lease',
  'release',
  'state',
  'record',
  'intents',
];
export const GROUP_CALLS: readonly (keyof AutoScaling)[] = [
  'describeManaged',
  'describe',
  'resize',
  'mirror',
  'unmirror',
];

/** The policy with the SDK and Auto Scaling as they are on this machine, a clock in hours, and everything else in memory. */
export const governWorld = async (
  groups: readonly NewScalingGroup[] = DEMO_GROUPS,
  settings: PolicySettings = SETTINGS,
  /** Another Auto Scaling than this machine's. */
  elsewhere?: AutoScalingClient,
): Promise<GovernWorld> => {
  let world: GovernWorld | undefined;
  const clock = (): number => START_MS + (world?.hour ?? 0) * HOUR_MS;
  const scaling = autoScalingService(openDurable(undefined), clock);
  for (const group of groups) scaling.seed(group);
  const endpoint = await serviceEndpoint(scaling.service);
  const client = elsewhere ?? new AutoScalingClient({ ...endpoint.client, maxAttempts: 1 });
  const policy = memoryPolicyStore();
  let stored: { fence: string; document: string } | undefined;
  let forecasts = 0;
  const deps: GovernDeps = {
    policy,
    settings,
    state: { forecast: async () => stored },
    reconciliation: { status: async () => made.reconciliation },
    groups: autoScaling(client, settings.spotShift),
    mode: { read: async () => made.mode },
    prices: LIST_PRICES,
    effect: async () => null,
    budget: memoryBudget(),
  };
  const made: GovernWorld = {
    ...{ deps, policy, scaling, endpoint, hour: 0, mode: 'apply', reconciliation: undefined },
    lines: [],
    forecast: (p5, fields) => {
      forecasts += 1;
      const document = runwayDocument(p5, new Date(clock()).toISOString(), fields);
      stored = { fence: forecasts.toString().padStart(12, '0'), document };
    },
    run: (around = through) => {
      const log = logger({}, (line) => made.lines.push(line), clock);
      const surroundings = {
        policy: surrounded(deps.policy, around, POLICY_CALLS as never),
        groups: surrounded(deps.groups, around, GROUP_CALLS),
      };
      return govern({ ...deps, ...surroundings }, clock(), log);
    },
    live: async (hours, p5, everyHours = 1) => {
      const until = made.hour + hours;
      for (; made.hour < until; made.hour += everyHours) {
        made.forecast(p5);
        await made.run();
      }
    },
    memory: async (group) => (await policy.state(settings.tenant)).state.groups[group],
    outcomes: () => policy.outcomes(settings.tenant, '2026'),
    sizes: (name) => {
      const group = scaling.group(name);
      return group && { min: group.min, max: group.max, desired: group.desired };
    },
    writes: () =>
      endpoint.asked.map(({ action }) => action).filter((action) => !action.includes(':Describe')),
    stop: async () => {
      client.destroy();
      await endpoint.stop();
    },
  };
  world = made;
  return made;
};
