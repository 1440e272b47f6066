/** Reads one table's stream in order and remembers how far it came. */
import { type DynamoEngine, EngineError } from './dynamodb-engine.ts';
import type { StreamRecord } from './stream-batch.ts';

const STREAMS = 'DynamoDBStreams_20120810';

export interface Checkpoint {
  readonly shardId: string;
  readonly sequenceNumber: string;
}

export interface StreamReader {
  /** The next records, none where there are none yet. */
  readonly read: () => Promise<StreamRecord[]>;
  readonly shardId: () => string;
}

interface Shard {
  readonly ShardId: string;
  readonly ParentShardId?: string;
}

interface ReaderOptions {
  readonly engine: DynamoEngine;
  readonly table: string;
  /** Resume after it; without one, begin at `startingPosition`. */
  readonly checkpoint: () => Checkpoint | undefined;
  readonly startingPosition: 'TRIM_HORIZON' | 'LATEST';
  readonly limit: number;
}

/** One stream, and how to ask about it. */
interface Stream {
  readonly shards: () => Promise<Shard[]>;
  readonly iterator: (
    shardId: string,
    type: 'TRIM_HORIZON' | 'LATEST' | 'AFTER_SEQUENCE_NUMBER',
    sequenceNumber?: string,
  ) => Promise<string | undefined>;
}

const streamOf = async (engine: DynamoEngine, table: string): Promise<Stream> => {
  const { Table } = await engine.call<{ Table: { LatestStreamArn?: string } }>(
    table,
    'DynamoDB_20120810.DescribeTable',
    { TableName: table },
  );
  if (!Table.LatestStreamArn) throw new Error(`table ${table} has no stream, yet a mapping reads it`);
  const StreamArn = Table.LatestStreamArn;
  return {
    shards: async () => {
      const { StreamDescription } = await engine.call<{ StreamDescription: { Shards?: Shard[] } }>(
        table,
        `${STREAMS}.DescribeStream`,
        { StreamArn },
      );
      return StreamDescription.Shards ?? [];
    },
    iterator: async (ShardId, ShardIteratorType, SequenceNumber) => {
      const { ShardIterator } = await engine.call<{ ShardIterator?: string }>(
        table,
        `${STREAMS}.GetShardIterator`,
        { StreamArn, ShardId, ShardIteratorType, ...(SequenceNumber && { SequenceNumber }) },
      );
      return ShardIterator;
    },
  };
};

/** Iterators expire and old records are trimmed; both mean: begin again from the checkpoint. */
const LOST_ITERATOR = ['ExpiredIteratorException', 'TrimmedDataAccessException'];

export const streamReader = async (options: ReaderOptions): Promise<StreamReader> => {
  const { engine, table, checkpoint, startingPosition, limit } = options;
  const stream = await streamOf(engine, table);
  let shardId = '';
  let iterator: string | undefined;

  /** From the checkpoint where its shard still exists, else from the beginning of what is left. */
  const begin = async (): Promise<void> => {
    const known = await stream.shards();
    const from = checkpoint();
    if (from && known.some(({ ShardId }) => ShardId === from.shardId)) {
      shardId = from.shardId;
      try {
        iterator = await stream.iterator(shardId, 'AFTER_SEQUENCE_NUMBER', from.sequenceNumber);
      } catch (error) {
        if (!(error instanceof EngineError && LOST_ITERATOR.includes(error.type))) throw error;
        iterator = await stream.iterator(shardId, 'TRIM_HORIZON');
      }
      return;
    }
    const first = startingPosition === 'LATEST' && !from ? known.at(-1) : known[0];
    shardId = first?.ShardId ?? '';
    iterator = first && (await stream.iterator(shardId, from ? 'TRIM_HORIZON' : startingPosition));
  };

  /** A closed shard is followed by its child. */
  const next = async (): Promise<void> => {
    const child = (await stream.shards()).find(({ ParentShardId }) => ParentShardId === shardId);
    if (!child) return;
    shardId = child.ShardId;
    iterator = await stream.iterator(shardId, 'TRIM_HORIZON');
  };

  await begin();
  return {
    shardId: () => shardId,
    read: async () => {
      if (iterator === undefined) await (shardId === '' ? begin() : next());
      if (iterator === undefined) return [];
      try {
        const { Records, NextShardIterator } = await engine.call<{
          Records: StreamRecord[];
          NextShardIterator?: string;
        }>(table, `${STREAMS}.GetRecords`, { ShardIterator: iterator, Limit: limit });
        iterator = NextShardIterator;
        return Records;
      } catch (error) {
        if (!(error instanceof EngineError && LOST_ITERATOR.includes(error.type))) throw error;
        await begin();
        return [];
      }
    },
  };
};
