import { refoldBuckets } from '../../../functions/forecast/aggregate.ts';
import { isBucketRow, type RecomputeDeps, refreshAll } from '../../../functions/forecast/recompute.ts';
import type { LedgerStore } from '../../../shared/aws/ledger-store.ts';
import { sha256Of } from '../../../shared/canonical/canonical.ts';
import { memoryForecastCache } from '../../support/memory-forecast-cache.ts';
import { memoryForecastHistory } from '../../support/memory-forecast-history.ts';
import { memoryStateStore, type StateItem } from '../../support/memory-state-store.ts';
import type { Broken } from './broken.ts';
import { type Consumers, startConsumers } from './consumers.ts';
import { faultsOf, indexLagOf, readAllDay, readEveryone, skewOf, upset } from './disorder.ts';
import type { Economy } from './economy.ts';
import type { Evidence } from './evidence.ts';
import { NO_FAULTS } from './faults.ts';
import { startGoverning } from './governing.ts';
import { randomOf } from './random.ts';
import { digestOf, rowKey } from './records.ts';
import { deliver, ownerOf } from './senders.ts';
import { createWorld, type World } from './world.ts';
import { economyOf } from './world-economy.ts';

const HOUR_MS = 3_600_000;
/** Long enough after the last fault for every retry to have had its turn. */
const PATIENCE_MS = 72 * HOUR_MS;
/** Past the next midnight everywhere, so that no clock was ever ahead of it. */
const AFTERWARDS_MS = 26 * HOUR_MS;

const isQuiet = (world: World): boolean => world.notes.busy === 0 && world.faults.running() === 0;

const untilQuiet = async (world: World): Promise<void> =>
  world.time.run(world.time.nowMs() + PATIENCE_MS, () => isQuiet(world));

/** Starts what happens outside: Stripe settles, senders send, the owner plans. */
const startOutside = (world: World, isOrderly: boolean): void => {
  const { economy, seed } = world.options;
  for (const { tenant, atMs, transaction } of economy.issued)
    world.time.at(isOrderly ? economy.startMs : atMs, () => world.issue(tenant, transaction));
  const random = isOrderly ? undefined : randomOf(seed, 'senders');
  for (const telling of economy.tellings)
    if (!isOrderly || telling.kind === 'genuine') void deliver(world, telling, random);
  for (const { settings } of economy.tenants) void ownerOf(world, settings.tenant);
};

/** The day after: nothing fails any more, the sweep finds what was missed, a new day is forecast. */
const settleDown = async (world: World, consumers: Consumers, finalMs?: number): Promise<boolean> => {
  await untilQuiet(world);
  void consumers.sweepAll();
  await untilQuiet(world);
  const quiet = isQuiet(world);
  await world.time.run(finalMs ?? world.time.nowMs() + AFTERWARDS_MS);
  void consumers.refresh();
  await untilQuiet(world);
  return quiet && isQuiet(world);
};

const runFaulty = async (seed: number, economy: Economy, broken: Broken | undefined) => {
  const world = createWorld({
    ...{ seed, economy, broken },
    faults: faultsOf(seed, economy),
    skewMs: skewOf(seed, economy),
    indexLagMs: indexLagOf(seed),
    batchMost: economy.tenants.some(({ modelled }) => modelled) ? 400 : 40,
    pauseMostMs: 1_500,
  });
  const consumers = startConsumers(world);
  startOutside(world, false);
  const governed = startGoverning(world);
  readAllDay(world);
  upset(world, consumers);
  await world.time.run(economy.endMs);
  const becameQuiet = await settleDown(world, consumers);
  const finalMs = world.time.nowMs();
  void readEveryone(world);
  await untilQuiet(world);
  return { world, governed, becameQuiet, finalMs };
};

/** Everything once, in order, with nothing failing; readers of streams gather before they work. */
const runOrdered = async (seed: number, economy: Economy, finalMs: number): Promise<World> => {
  const world = createWorld({
    ...{ seed, economy, faults: NO_FAULTS, skewMs: () => 0, indexLagMs: 0 },
    batchMost: 10_000,
    pauseMostMs: 8 * HOUR_MS,
  });
  const consumers = startConsumers(world);
  startOutside(world, true);
  await world.time.run(economy.endMs);
  await settleDown(world, consumers, finalMs);
  return world;
};

/** State made by the real fold from the ledger as it is in the end, all at once. */
const rebuild = async (
  { twins, tenants, context, options }: World,
  nowMs: number,
): Promise<readonly StateItem[]> => {
  const state = memoryStateStore();
  const ledger: Pick<LedgerStore, 'bucketRows'> = twins.ledger;
  const deps: RecomputeDeps = {
    ledger,
    state,
    tenants,
    cache: memoryForecastCache({}),
    history: memoryForecastHistory(),
    daysRead: new Map(),
  };
  await refoldBuckets(deps, twins.ledger.rows().filter(isBucketRow));
  await refreshAll(deps, { ...context(), nowMs: nowMs + options.skewMs(nowMs) });
  return state.items();
};

const bodiesOf = async ({ twins }: World): Promise<ReadonlyMap<string, string>> => {
  const bodies = new Map<string, string>();
  for (const row of twins.ledger.rows()) {
    if (row.kind !== 'delivery') continue;
    const kept = row.body === undefined ? { bodyPointer: row.bodyPointer ?? '' } : { body: row.body };
    bodies.set(rowKey(row), await twins.archive.read(kept).then(sha256Of, () => 'unreadable'));
  }
  return bodies;
};

export interface SimulateOptions {
  readonly seed: number;
  /** About how many facts there are. */
  readonly events: number;
  readonly broken?: Broken | undefined;
}

export interface Simulated {
  readonly evidence: Evidence;
  /** What happened, by name. */
  readonly counts: Readonly<Record<string, number>>;
}

/** Lets the world of a seed happen, with all its faults, and gathers what it left behind. */
export const simulate = async ({ seed, events, broken }: SimulateOptions): Promise<Simulated> => {
  const economy = economyOf(seed, events);
  const { world, governed, becameQuiet, finalMs } = await runFaulty(seed, economy, broken);
  const { notes, twins, records } = world;
  const ordered = await runOrdered(seed, economy, finalMs);
  const evidence: Evidence = {
    ...{ economy, becameQuiet, finalMs, governed },
    written: records.written,
    ledger: twins.ledger.rows().map((row) => ({ key: rowKey(row), digest: digestOf(row), row })),
    bodies: await bodiesOf(world),
    ...{ answers: notes.answers, held: notes.held, readings: notes.readings, aggregates: notes.aggregates },
    announced: notes.events.map(({ detail: { tenant, fence: _fence, ...headline } }) => ({
      tenant: String(tenant),
      headline: JSON.stringify(headline),
    })),
    state: twins.state.items(),
    rebuilt: await rebuild(world, finalMs),
    ordered: ordered.twins.state.items(),
  };
  return { evidence, counts: { ...world.counts, ...world.faults.counts } };
};
