/** Event source mappings on table streams: read, filter, gather, invoke, remember. */
import { randomUUID } from 'node:crypto';
import type { LocalResource } from './assembly.ts';
import { REGION } from './attributes.ts';
import type { Checkpoints } from './checkpoints.ts';
import type { DynamoEngine } from './dynamodb-engine.ts';
import type { EventSource } from './event-source.ts';
import type { KeepFailure } from './failure-destination.ts';
import type { LocalFunction } from './lambda.ts';
import { filterCriteria } from './pattern.ts';
import { processBatch, type StreamRecord } from './stream-batch.ts';
import { streamReader } from './stream-reader.ts';
import type { LocalTable } from './tables.ts';
import { type Wake, wake } from './wake.ts';

export interface StreamMappingOptions {
  readonly mapping: LocalResource;
  readonly target: LocalFunction;
  readonly table: LocalTable;
  readonly engine: DynamoEngine;
  readonly checkpoints: Checkpoints;
  readonly keepFailure: KeepFailure;
  readonly log: (line: string) => void;
}

/** A written record shows in the stream within milliseconds, seldom within more than this. */
const EAGER_MS = 150;
const EAGER_PAUSE_MS = 2;
/** Catches what no request announced: expiry, and writers that use the engine directly. */
const IDLE_PAUSE_MS = 500;
const FIRST_BACK_OFF_MS = 100;
const LONGEST_BACK_OFF_MS = 10_000;

const property = (mapping: LocalResource, name: string, otherwise: number): number =>
  Number(mapping.properties[name] ?? otherwise);

/** The engine's record as Lambda hands it over. */
const lambdaRecord = (record: StreamRecord, streamArn: string): StreamRecord => ({
  ...record,
  ...{ eventVersion: '1.1', eventSource: 'aws:dynamodb', awsRegion: REGION, eventSourceARN: streamArn },
});

const batchOptions = (
  { mapping, target, keepFailure, log }: StreamMappingOptions,
  shardId: () => string,
  checkpoint: (last: StreamRecord) => void,
  bell: Wake,
) => {
  const { properties } = mapping;
  return {
    invoke: (records: readonly StreamRecord[]) => target.invoke({ Records: records }),
    giveUp: async (records: readonly StreamRecord[], condition: string, invocations: number) => {
      log(`${target.title}: ${records.length} stream record(s) given up: ${condition}`);
      await keepFailure({ mapping, target, shardId: shardId(), records, condition, invocations });
    },
    checkpoint,
    bisect: properties['BisectBatchOnFunctionError'] === true,
    partialResponse: ((properties['FunctionResponseTypes'] ?? []) as string[]).includes(
      'ReportBatchItemFailures',
    ),
    maxRetries: property(mapping, 'MaximumRetryAttempts', -1),
    maxAgeSeconds: property(mapping, 'MaximumRecordAgeInSeconds', -1),
    nowMs: Date.now,
    backOff: (retry: number) =>
      bell.pauseUnlessStopped(Math.min(FIRST_BACK_OFF_MS * 2 ** (retry - 1), LONGEST_BACK_OFF_MS)),
    stopped: bell.stopped,
  };
};

/** Reads until the batch is full or the window is over; without a window, what is there is a batch. */
const gather = async (
  read: () => Promise<StreamRecord[]>,
  wanted: (record: StreamRecord) => boolean,
  first: readonly StreamRecord[],
  windowMs: number,
  batchSize: number,
  bell: Wake,
): Promise<{ wanted: StreamRecord[]; last: StreamRecord | undefined }> => {
  const kept = first.filter(wanted);
  let last = first.at(-1);
  const deadlineMs = performance.now() + windowMs;
  while (kept.length > 0 && kept.length < batchSize && performance.now() < deadlineMs && !bell.stopped()) {
    const more = await read();
    last = more.at(-1) ?? last;
    kept.push(...more.filter(wanted));
    if (more.length === 0) await bell.pause(Math.min(20, Math.max(1, deadlineMs - performance.now())));
  }
  return { wanted: kept, last };
};

const chunks = <Item>(items: readonly Item[], size: number): Item[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );

export const streamMapping = async (options: StreamMappingOptions): Promise<EventSource> => {
  const { mapping, table, engine, checkpoints, log } = options;
  const streamArn = String(mapping.properties['EventSourceArn']);
  const batchSize = property(mapping, 'BatchSize', 100);
  const windowMs = property(mapping, 'MaximumBatchingWindowInSeconds', 0) * 1000;
  const matches = filterCriteria(mapping.properties['FilterCriteria']);
  const bell = wake();
  let busy = true;

  const reader = await streamReader({
    engine,
    table: table.name,
    checkpoint: () => checkpoints.get(mapping.logicalId),
    startingPosition: mapping.properties['StartingPosition'] === 'LATEST' ? 'LATEST' : 'TRIM_HORIZON',
    limit: Math.min(batchSize, 1000),
  });
  const checkpoint = ({ dynamodb: { SequenceNumber } }: StreamRecord): void =>
    checkpoints.set(mapping.logicalId, { shardId: reader.shardId(), sequenceNumber: SequenceNumber });
  const options_ = batchOptions(options, reader.shardId, checkpoint, bell);

  const turn = async (): Promise<void> => {
    const first = await reader.read();
    if (first.length === 0) {
      busy = bell.isRecent(EAGER_MS);
      await bell.pause(busy ? EAGER_PAUSE_MS : IDLE_PAUSE_MS);
      return;
    }
    busy = true;
    const records = await gather(reader.read, matches, first, windowMs, batchSize, bell);
    for (const batch of chunks(records.wanted, batchSize))
      await processBatch(
        batch.map((record) => lambdaRecord(record, streamArn)),
        options_,
      );
    if (records.last && !bell.stopped()) checkpoint(records.last);
  };
  const running = (async () => {
    while (!bell.stopped())
      try {
        await turn();
      } catch (error) {
        if (bell.stopped()) return;
        log(`stream of ${table.name}: ${error}`);
        await bell.pauseUnlessStopped(1_000);
      }
  })();
  return {
    id: randomUUID(),
    notify: (arn) => {
      if (arn === table.arn) bell.ring();
    },
    isBusy: () => busy || bell.isRecent(EAGER_MS),
    stop: async () => {
      bell.stop();
      await running;
    },
  };
};
