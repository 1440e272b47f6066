import { announce } from '../../../functions/announce/announce.ts';
import { drain } from '../../../functions/drain/drain.ts';
import {
  isBucketRow,
  type RecomputeDeps,
  recompute,
  refreshAll,
} from '../../../functions/forecast/recompute.ts';
import { pull, sweep } from '../../../functions/pull/pull.ts';
import { processBatch, type StreamRecord } from '../../../scripts/local/stream-batch.ts';
import type { Written } from './evidence.ts';
import type { Outcome } from './faults.ts';
import type { Bell } from './records.ts';
import { again } from './senders.ts';
import type { World } from './world.ts';

/** A stream keeps its records for a day; infrastructure gives them up after this. */
const MAX_AGE_SECONDS = 22 * 3_600;

interface Streamed<Item> extends StreamRecord {
  readonly item: Item;
}

type Step<Item> = (
  records: readonly { readonly sequenceNumber: string; readonly item: Item }[],
) => Promise<Outcome<readonly string[] | undefined>>;

const streamed = <Item>(item: Item, sequence: number, nowMs: number): Streamed<Item> => ({
  eventName: 'INSERT',
  dynamodb: {
    SequenceNumber: sequence.toString().padStart(9, '0'),
    ApproximateCreationDateTime: nowMs / 1000,
  },
  item,
});

/**
 * One batch as an event source mapping treats it (bisect, partial failures, retries), by the code that the local runtime
 * has for that. Retries do not run out here: records are given up by age alone.
 */
const batch = <Item>(world: World, records: readonly Streamed<Item>[], step: Step<Item>): Promise<void> =>
  processBatch(records, {
    invoke: async (some) => {
      const outcome = await step(
        some.map(({ dynamodb, item }) => ({ sequenceNumber: dynamodb.SequenceNumber, item })),
      );
      if (outcome.kind !== 'done') {
        world.count('stream batches failed');
        return { ok: false, error: { errorType: outcome.kind, errorMessage: '', trace: [] } };
      }
      const failed = outcome.value ?? [];
      if (failed.length > 0) world.count('stream batches failed in part');
      return { ok: true, value: { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) } };
    },
    giveUp: async (given) => world.count('stream records given up', given.length),
    checkpoint: () => undefined,
    ...{ bisect: true, partialResponse: true, maxRetries: -1, maxAgeSeconds: MAX_AGE_SECONDS },
    nowMs: world.time.nowMs,
    backOff: (retry) => world.time.sleep(Math.min(100 * 2 ** (retry - 1), 10_000)),
    stopped: () => false,
  });

/** Reads one shard for ever, in order, in batches cut at random. */
const follow = async <Item>(
  world: World,
  source: { readonly list: readonly Item[]; readonly more: Bell },
  wanted: (item: Item) => boolean,
  step: Step<Item>,
): Promise<void> => {
  const { time, random, notes, options } = world;
  for (let position = 0; ; ) {
    if (position === source.list.length) {
      await source.more.next();
      continue;
    }
    notes.busy += 1;
    await time.sleep(random.between(1, options.pauseMostMs));
    const cut = source.list.slice(position, position + random.between(1, options.batchMost));
    const records = cut.map((item, index) => streamed(item, position + index, time.nowMs()));
    await batch(
      world,
      records.filter(({ item }) => wanted(item)),
      step,
    );
    position += cut.length;
    notes.busy -= 1;
  }
};

/** A process of the forecast function: what it keeps in memory is lost when it crashes. */
const forecaster = (world: World) => {
  const fresh = (): RecomputeDeps => ({
    ...world.deps,
    daysRead: new Map(),
  });
  let deps = fresh();
  return async <Value>(
    step: string,
    body: (deps: RecomputeDeps) => Promise<Value>,
  ): Promise<Outcome<Value>> => {
    const outcome = await world.faults.execute(step, () => body(deps));
    world.count('forecast runs');
    if (outcome.kind === 'crashed') deps = fresh();
    return outcome;
  };
};

export interface Consumers {
  readonly forecastRows: (rows: readonly Written[]) => Promise<void>;
  readonly refresh: () => Promise<void>;
  readonly sweepAll: () => Promise<void>;
}

/** A schedule's event is tried again until it is taken. */
export const untilDone = async (world: World, run: () => Promise<Outcome<unknown>>): Promise<void> => {
  world.notes.busy += 1;
  for (let outcome = await run(); outcome.kind !== 'done'; outcome = await run())
    await world.time.sleep(60_000);
  world.notes.busy -= 1;
};

const drainForEver = async (world: World): Promise<void> => {
  const { buffer } = world.twins;
  for (let received = 0; ; ) {
    if (buffer.messages.length === 0) {
      await world.buffered.next();
      continue;
    }
    world.notes.busy += 1;
    await world.time.sleep(world.random.between(1, 2_000));
    // A queue keeps no order.
    const taken = world.random.shuffled(buffer.messages).slice(0, 10);
    const messages = taken.map((body) => ({ messageId: `m${received++}`, body }));
    const outcome = await world.faults.execute('drain', () => drain(world.deps, messages, world.context()));
    const failed = outcome.kind === 'done' ? outcome.value : messages.map(({ messageId }) => messageId);
    for (const { messageId, body } of messages) {
      if (failed.includes(messageId)) continue;
      world.count('deliveries drained');
      buffer.messages.splice(buffer.messages.indexOf(body), 1);
      if (world.options.faults.rate > 0 && world.random.chance(0.1)) again(world, body);
    }
    if (failed.length > 0) await world.time.sleep(30_000);
    world.notes.busy -= 1;
  }
};

/** Everything that waits for work: readers of the two streams and of the queue, and what schedules start. */
export const startConsumers = (world: World): Consumers => {
  const ledger = { list: world.records.written, more: world.records.more };
  const forecasting = forecaster(world);
  const forecastStep: Step<Written> = (records) =>
    forecasting('forecast', (deps) => {
      const seen = records.flatMap(({ sequenceNumber, item: { row } }) =>
        isBucketRow(row) ? [{ sequenceNumber, row }] : [],
      );
      return recompute(deps, seen, world.context());
    });
  void follow(world, ledger, ({ row }) => isBucketRow(row), forecastStep);
  void follow(
    world,
    ledger,
    ({ row }) => row.kind === 'delivery' && row.doorbell !== undefined,
    (records) =>
      world.faults.execute('pull', () =>
        pull(
          world.deps,
          records.map(({ sequenceNumber, item: { row } }) => ({ sequenceNumber, row })),
          world.context(),
        ),
      ),
  );
  void follow(
    world,
    world.changes,
    () => true,
    (records) =>
      world.faults.execute('announce', async () => {
        await announce(
          world.deps,
          records.map(({ item }) => item),
        );
        return undefined;
      }),
  );
  void drainForEver(world);
  return {
    forecastRows: (rows) =>
      batch(
        world,
        rows
          .filter(({ row }) => isBucketRow(row))
          .map((item, index) => streamed(item, index, world.time.nowMs())),
        forecastStep,
      ),
    refresh: () =>
      untilDone(world, () => forecasting('refresh', (deps) => refreshAll(deps, world.context()))),
    sweepAll: () =>
      untilDone(world, () => world.faults.execute('sweep', () => sweep(world.deps, world.context()))),
  };
};
