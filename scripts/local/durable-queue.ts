/** A queue of messages that are handed out, hidden for a while, and come back unless they are removed. */
import { randomUUID } from 'node:crypto';
import type { SQLInputValue } from 'node:sqlite';

/** A prepared statement of the database. */
export type Statement = (sql: string) => {
  readonly all: (...values: SQLInputValue[]) => Record<string, unknown>[];
  /** The number of rows changed. */
  readonly run: (...values: SQLInputValue[]) => number;
};

/** All of what `work` writes is kept, or, when it throws, nothing of it. May be nested. */
export type Atomically = <Result>(work: () => Result) => Result;

export const MESSAGES_SCHEMA = `
  CREATE TABLE IF NOT EXISTS messages (
    position INTEGER PRIMARY KEY AUTOINCREMENT, queue TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL,
    attributes TEXT NOT NULL, sentMs INTEGER NOT NULL, visibleMs INTEGER NOT NULL, receipt TEXT,
    receiveCount INTEGER NOT NULL DEFAULT 0, firstReceivedMs INTEGER
  ) STRICT;
  CREATE INDEX IF NOT EXISTS messagesByQueue ON messages (queue, position);
`;

export interface ReceivedMessage {
  readonly id: string;
  readonly body: string;
  /** As the sender gave them. */
  readonly attributes: Readonly<Record<string, unknown>>;
  /** Removes the message; a later receipt of the same message makes it void. */
  readonly receipt: string;
  readonly sentMs: number;
  readonly firstReceivedMs: number;
  /** This time included. */
  readonly receiveCount: number;
}

/** Where messages go that nobody could process. */
export interface Redrive {
  readonly queue: string;
  readonly maxReceiveCount: number;
}

export interface DurableQueue {
  /** @returns the message's id. */
  readonly send: (
    body: string,
    nowMs: number,
    options?: { readonly attributes?: Readonly<Record<string, unknown>>; readonly delayMs?: number },
  ) => string;
  /** Oldest first, hidden from other readers until `visibilityMs` have passed. */
  readonly receive: (
    limit: number,
    visibilityMs: number,
    nowMs: number,
    redrive?: Redrive,
  ) => readonly ReceivedMessage[];
  /** Says whether the receipt was valid. */
  readonly remove: (receipt: string) => boolean;
  readonly depth: (nowMs: number) => { readonly visible: number; readonly hidden: number };
}

/** Built where the database is; use `openDurable(file).queue(name)`. */
export const durableQueue = (statement: Statement, atomically: Atomically, queue: string): DurableQueue => ({
  send: (body, nowMs, { attributes = {}, delayMs = 0 } = {}) => {
    const id = randomUUID();
    statement(
      'INSERT INTO messages (queue, id, body, attributes, sentMs, visibleMs) VALUES (?, ?, ?, ?, ?, ?)',
    ).run(queue, id, body, JSON.stringify(attributes), nowMs, nowMs + delayMs);
    return id;
  },
  receive: (limit, visibilityMs, nowMs, redrive) =>
    atomically(() => {
      if (redrive)
        statement(
          `UPDATE messages SET queue = ?, receiveCount = 0, firstReceivedMs = NULL, receipt = NULL
           WHERE queue = ? AND visibleMs <= ? AND receiveCount >= ?`,
        ).run(redrive.queue, queue, nowMs, redrive.maxReceiveCount);
      return statement('SELECT * FROM messages WHERE queue = ? AND visibleMs <= ? ORDER BY position LIMIT ?')
        .all(queue, nowMs, limit)
        .map((row) => {
          const receipt = randomUUID();
          const receiveCount = Number(row['receiveCount']) + 1;
          const firstReceivedMs = Number(row['firstReceivedMs'] ?? nowMs);
          statement(
            'UPDATE messages SET visibleMs = ?, receipt = ?, receiveCount = ?, firstReceivedMs = ? WHERE position = ?',
          ).run(nowMs + visibilityMs, receipt, receiveCount, firstReceivedMs, Number(row['position']));
          return {
            id: String(row['id']),
            body: String(row['body']),
            attributes: JSON.parse(String(row['attributes'])) as Record<string, unknown>,
            receipt,
            sentMs: Number(row['sentMs']),
            firstReceivedMs,
            receiveCount,
          };
        });
    }),
  remove: (receipt) =>
    statement('DELETE FROM messages WHERE queue = ? AND receipt = ?').run(queue, receipt) > 0,
  depth: (nowMs) => {
    const [counts] = statement(
      'SELECT count(*) AS total, count(*) FILTER (WHERE visibleMs <= ?) AS visible FROM messages WHERE queue = ?',
    ).all(nowMs, queue);
    const visible = Number(counts?.['visible'] ?? 0);
    return { visible, hidden: Number(counts?.['total'] ?? 0) - visible };
  },
});
