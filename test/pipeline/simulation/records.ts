import { canonicalJson, sha256Of } from '../../../shared/canonical/canonical.ts';
import type { LedgerRow } from '../../../shared/ledger/row.ts';
import type { MemoryLedger } from '../../support/memory-ledger-store.ts';
import type { Written } from './evidence.ts';
import type { Random } from './random.ts';
import type { VirtualTime } from './virtual-time.ts';

export const rowKey = ({ pk, sk }: { readonly pk: string; readonly sk: string }): string => `${pk}|${sk}`;

export const digestOf = (row: LedgerRow): string =>
  sha256Of(
    canonicalJson({ ...row, ...('body' in row && row.body !== undefined && { body: sha256Of(row.body) }) }),
  );

/** Wakes whoever waits for more. */
export interface Bell {
  readonly ring: () => void;
  readonly next: () => Promise<void>;
}

export const bell = (): Bell => {
  let waiting: (() => void)[] = [];
  return {
    ring: () => {
      const woken = waiting;
      waiting = [];
      for (const wake of woken) wake();
    },
    next: () => new Promise((resolve) => waiting.push(resolve)),
  };
};

/** Everything written to the ledger, in order: its stream, and what its index shows by now. */
export interface Records {
  readonly written: readonly Written[];
  readonly has: (key: string) => boolean;
  readonly isIndexed: (row: { readonly pk: string; readonly sk: string }) => boolean;
  /** Takes over what the table has got since. */
  readonly catchUp: () => void;
  readonly more: Bell;
}

/** @param lagMs the index shows a row at most so much later; mostly at once. */
export const recordsOf = (
  twin: () => MemoryLedger,
  time: VirtualTime,
  random: Random,
  lagMs: number,
): Records => {
  const written: Written[] = [];
  const at = new Map<string, Written>();
  const more = bell();
  return {
    written,
    more,
    has: (key) => at.has(key),
    isIndexed: (row) => (at.get(rowKey(row))?.indexedMs ?? 0) <= time.nowMs(),
    catchUp: () => {
      for (const row of twin().rows(written.length)) {
        const lag = random.chance(0.3) ? random.between(0, lagMs) : 0;
        const record = { row, key: rowKey(row), digest: digestOf(row), indexedMs: time.nowMs() + lag };
        written.push(record);
        at.set(record.key, record);
      }
      more.ring();
    },
  };
};
