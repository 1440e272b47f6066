/** What the local services remember: records by key and queues of messages, in one SQLite file. */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { deserialize, serialize } from 'node:v8';
import {
  type Atomically,
  type DurableQueue,
  durableQueue,
  MESSAGES_SCHEMA,
  type Statement,
} from './durable-queue.ts';

/** Values by key, in key order. Anything that can be cloned is a value: plain objects, bigints, dates, bytes. */
export interface Records<Value> {
  readonly get: (key: string) => Value | undefined;
  readonly put: (key: string, value: Value) => void;
  /** Says whether there was something to remove. */
  readonly remove: (key: string) => boolean;
  readonly entries: () => readonly (readonly [key: string, value: Value])[];
}

export interface Durable {
  /** Named collections and queues exist once they are used. */
  readonly records: <Value>(collection: string) => Records<Value>;
  readonly queue: (name: string) => DurableQueue;
  readonly atomically: Atomically;
  readonly close: () => void;
}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS records (
    collection TEXT NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL, PRIMARY KEY (collection, key)
  ) STRICT, WITHOUT ROWID;
  ${MESSAGES_SCHEMA}
`;

/** Prepares each statement once. */
const statements = (database: DatabaseSync): Statement => {
  const prepared = new Map<string, ReturnType<DatabaseSync['prepare']>>();
  return (sql) => {
    const known = prepared.get(sql) ?? database.prepare(sql);
    prepared.set(sql, known);
    return {
      all: (...values) => known.all(...values),
      run: (...values) => Number(known.run(...values).changes),
    };
  };
};

const records = <Value>(statement: Statement, collection: string): Records<Value> => {
  const storedIn = (row: Record<string, unknown>): Value =>
    deserialize(Buffer.from(row['value'] as Uint8Array)) as Value;
  return {
    get: (key) => {
      const [row] = statement('SELECT value FROM records WHERE collection = ? AND key = ?').all(
        collection,
        key,
      );
      return row && storedIn(row);
    },
    put: (key, value) => {
      statement('INSERT OR REPLACE INTO records VALUES (?, ?, ?)').run(collection, key, serialize(value));
    },
    remove: (key) =>
      statement('DELETE FROM records WHERE collection = ? AND key = ?').run(collection, key) > 0,
    entries: () =>
      statement('SELECT key, value FROM records WHERE collection = ? ORDER BY key')
        .all(collection)
        .map((row) => [String(row['key']), storedIn(row)] as const),
  };
};

const transactions = (database: DatabaseSync): Atomically => {
  let depth = 0;
  return (work) => {
    database.exec(depth === 0 ? 'BEGIN IMMEDIATE' : `SAVEPOINT nested${depth}`);
    depth += 1;
    try {
      const result = work();
      depth -= 1;
      database.exec(depth === 0 ? 'COMMIT' : `RELEASE nested${depth}`);
      return result;
    } catch (error) {
      if (database.isTransaction) {
        depth -= 1;
        database.exec(depth === 0 ? 'ROLLBACK' : `ROLLBACK TO nested${depth}; RELEASE nested${depth}`);
      }
      throw error;
    }
  };
};

/**
 * Every write is in the file when the call returns and survives the end of this process, however it ends. It may not
 * survive a power cut: waiting for the disk at every write would slow every request down for data that is test data.
 * @param file one process at a time; undefined keeps everything in memory. Its folder is made where missing.
 */
export const openDurable = (file: string | undefined): Durable => {
  if (file !== undefined) mkdirSync(dirname(file), { recursive: true });
  const database = new DatabaseSync(file ?? ':memory:');
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 2000');
  database.exec(SCHEMA);
  const statement = statements(database);
  const atomically = transactions(database);
  return {
    records: (collection) => records(statement, collection),
    queue: (name) => durableQueue(statement, atomically, name),
    atomically,
    close: () => database.close(),
  };
};
