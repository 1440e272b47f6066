import { readRunway } from '../../../functions/read/runway.ts';
import type { Consumers } from './consumers.ts';
import type { Economy } from './economy.ts';
import type { FaultPlan, Service } from './faults.ts';
import { type Random, randomOf } from './random.ts';
import type { World } from './world.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** What goes wrong in the world of a seed; half the seeds are calmer, so that rare orders are not drowned. */
export const faultsOf = (seed: number, { startMs, endMs }: Economy): FaultPlan => {
  const random = randomOf(seed, 'faults');
  const outageOf = (service: Service) => {
    const fromMs = random.between(startMs, endMs - 3 * HOUR_MS);
    return { service, fromMs, untilMs: fromMs + random.between(5, 120) * MINUTE_MS };
  };
  return {
    rate: random.pick([0.002, 0.005, 0.01]),
    // The ledger alone, so that the buffer is all there is; then whatever else.
    outages: (['ledger', 'ledger', 'state', 'cache', 'buffer', 'secrets'] as const).map(outageOf),
    untilMs: endMs,
  };
};

/** How late the ledger's index may show a row: mostly a moment, in some worlds long enough for many batches. */
export const indexLagOf = (seed: number): number => [500, 5_000, 60_000][seed % 3] ?? 0;

/** Clocks that jump ahead, fall back and are right again; right in the end. */
export const skewOf = (seed: number, { startMs, endMs }: Economy): ((nowMs: number) => number) => {
  const random = randomOf(seed, 'shape');
  const spells = Array.from({ length: 3 }, () => {
    const fromMs = random.between(startMs, endMs - 4 * HOUR_MS);
    return {
      fromMs,
      untilMs: fromMs + random.between(10, 150) * MINUTE_MS,
      skewMs: random.pick([-3, -1, 2, 5]) * HOUR_MS,
    };
  });
  return (nowMs) => spells.find(({ fromMs, untilMs }) => fromMs <= nowMs && nowMs < untilMs)?.skewMs ?? 0;
};

const readOnce = async (world: World, tenant: World['tenants'][number], random: Random): Promise<void> => {
  const [trueMs, nowMs] = [world.time.nowMs(), world.nowMs()];
  const outcome = await world.faults.execute('read', () =>
    readRunway(
      { ...world.deps, reconciliation: { status: async () => undefined }, uniform: random.uniform },
      tenant,
      nowMs,
    ),
  );
  if (outcome.kind !== 'done') return;
  const { document, source } = outcome.value;
  world.count(`read from ${source}`);
  const cached = world.notes.cached.get(tenant.tenant);
  world.notes.readings.push({
    tenant: tenant.tenant,
    document,
    source,
    heldForMs: trueMs - (cached?.trueMs ?? trueMs),
    sameClock: Math.round((cached?.aheadMs ?? 0) / HOUR_MS) * HOUR_MS === nowMs - trueMs,
  });
};

/** Readers come by all day, most of them when something has just been written. */
export const readAllDay = (world: World): void => {
  const random = randomOf(world.options.seed, 'readers');
  const { startMs, endMs, tellings } = world.options.economy;
  const instants = [
    ...Array.from({ length: 60 }, () => random.between(startMs, endMs)),
    ...tellings.map(({ atMs }) => atMs + random.between(100, 20_000)),
  ];
  for (const ms of instants)
    world.time.at(ms, () => void readOnce(world, random.pick(world.tenants), random));
};

/** Every tenant is read once more, and the answers are noted. */
export const readEveryone = async (world: World): Promise<void> => {
  const random = randomOf(world.options.seed, 'readers');
  for (const tenant of world.tenants) await readOnce(world, tenant, random);
};

/** State is lost as a table is: who works on it fails. Then it is rebuilt from the ledger, in pieces. */
const dropState = async (world: World, consumers: Consumers, random: Random): Promise<void> => {
  world.count('State dropped and rebuilt');
  world.twins.state.drop();
  world.notes.eras.state += 1;
  world.faults.replaced('state');
  world.notes.busy += 1;
  const rows = world.records.written.slice();
  for (let start = 0; start < rows.length; ) {
    const piece = rows.slice(start, start + random.between(20, 200));
    start += piece.length;
    await consumers.forecastRows(piece);
  }
  world.notes.busy -= 1;
};

/** Old records come once more, beside the live ones. */
const redeliver = async (world: World, consumers: Consumers, random: Random): Promise<void> => {
  const { written } = world.records;
  if (written.length === 0) return;
  world.count('old stream records redelivered');
  const from = random.between(0, written.length - 1);
  world.notes.busy += 1;
  await consumers.forecastRows(written.slice(from, from + random.between(1, 25)));
  world.notes.busy -= 1;
};

/** What happens to a running deployment, by the hour. */
export const upset = (world: World, consumers: Consumers): void => {
  const random = randomOf(world.options.seed, 'senders');
  const { startMs, endMs, tenants } = world.options.economy;
  // A simulated runway takes a quarter of a second: where there is one, less happens.
  const calm = tenants.some(({ modelled }) => modelled);
  const at = (times: number, act: () => void): void => {
    for (let n = 0; n < times; n += 1) world.time.at(random.between(startMs, endMs), act);
  };
  at(1, () => void dropState(world, consumers, random));
  at(calm ? 4 : 12, () => void redeliver(world, consumers, random));
  at(6, () => {
    world.count('cache lost');
    world.twins.cache.lose();
    world.notes.eras.cache += 1;
  });
  at(5, () => void consumers.sweepAll());
  at(calm ? 2 : 5, () => void consumers.refresh());
};
