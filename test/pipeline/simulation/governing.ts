import { type GovernDeps, govern } from '../../../functions/govern/govern.ts';
import type { AutoScaling } from '../../../shared/aws/auto-scaling.ts';
import { ENVIRONMENTS } from '../../../shared/contract/names.ts';
import { LIST_PRICES } from '../../../shared/policy/prices.ts';
import { memoryPolicyStore, type PolicyWrite } from '../../support/memory-policy-store.ts';
import { SETTINGS } from '../../support/policy.ts';
import { untilDone } from './consumers.ts';
import type { World } from './world.ts';

/** A write of the policy with what the governed tenant's State held when the run that wrote it read it. */
export interface Governed extends PolicyWrite {
  /** Absent where there was no forecast. */
  readonly document?: string | undefined;
}

const groups: AutoScaling['describeManaged'] = async () =>
  ENVIRONMENTS.map((environment) => ({
    name: `capstack-${environment}-asg`,
    environment,
    ...{ min: 2, max: 8, desired: 4 },
  }));

/** The mode is `plan`: whoever asks for a change is a bug. */
const forbidden = async (): Promise<never> => {
  throw new Error('a group was written to in mode plan');
};

/** A build that takes every forecast for sound. */
const trusting = (document: string): string =>
  JSON.stringify({
    ...JSON.parse(document),
    trust: { partial: false, paused: false, conflicts: 0, reasons: [] },
  });

/** Starts what decides on capacity: one run for each piece of news about the governed tenant, and some by the clock. */
export const startGoverning = (world: World): readonly Governed[] => {
  const { faults, deps, options, notes, time } = world;
  const governed: Governed[] = [];
  const policy = memoryPolicyStore(
    (run) => faults.call('state', run),
    (write) => governed.push({ ...write, document: noted.get(write.version - 1) }),
  );
  /** What was read after the version that a run writes over: a run reads the version first. */
  const noted = new Map<number, string | undefined>();
  const run = (): Promise<unknown> =>
    untilDone(world, () => {
      world.count('govern runs');
      let version = 0;
      const governing: GovernDeps = {
        policy: {
          ...policy,
          state: async (tenant) => {
            const read = await policy.state(tenant);
            version = read.version;
            return read;
          },
        },
        state: {
          forecast: async (tenant) => {
            const stored = await deps.state.forecast(tenant);
            noted.set(version, stored?.document);
            return stored && options.broken === 'doubt'
              ? { ...stored, document: trusting(stored.document) }
              : stored;
          },
        },
        reconciliation: { status: async () => undefined },
        groups: {
          describeManaged: () => faults.call('scaling', groups),
          describe: forbidden,
          resize: forbidden,
          mirror: forbidden,
          unmirror: forbidden,
        },
        prices: LIST_PRICES,
        effect: async () => null,
        budget: { monthlyUsd: 1000, limit: forbidden, setLimit: forbidden },
        mode: { read: () => faults.call('secrets', async () => 'plan' as const).catch(() => 'off' as const) },
        settings: SETTINGS,
      };
      const { nowMs, log } = world.context();
      return faults.execute('govern', () => govern(governing, nowMs, log));
    });
  notes.onNews.push((tenant) => {
    if (tenant === SETTINGS.tenant) void run();
  });
  const { startMs, endMs } = options.economy;
  for (let ms = startMs; ms < endMs + 30 * 3_600_000; ms += 4 * 3_600_000) time.at(ms, () => void run());
  return governed;
};
