import type { Fact } from '../event/fact.ts';
import { contentHashOf } from './codec.ts';
import {
  type ConflictRow,
  conflictRow,
  type FactRow,
  factRow,
  factRowKey,
  type LedgerRow,
  type Provenance,
  reversalRow,
} from './row.ts';

/**
 * What became of a fact: `accepted` is new, `duplicate` was known, `ignored` is older than what is known, `conflict`
 * contradicts what is known at the same rank and waits for a person.
 */
export type AppendOutcome = 'accepted' | 'duplicate' | 'ignored' | 'conflict';

export interface AppendDecision {
  readonly outcome: AppendOutcome;
  /** To be written all or none, each only where its key is free. */
  readonly rows: readonly LedgerRow[];
}

/** The two operations of the ledger's table that appending needs. */
export interface FactTable {
  /** Puts all rows or none; none where any key is taken by a row other than ours. */
  insert(rows: readonly LedgerRow[]): Promise<'inserted' | 'taken'>;
  /** Every row under a partition key, strongly consistent, in key order. */
  rowsUnder(pk: string): Promise<readonly LedgerRow[]>;
}

const latestOf = (rows: readonly LedgerRow[]): FactRow | undefined =>
  rows
    .filter((row): row is FactRow => row.kind === 'fact')
    .reduce<FactRow | undefined>(
      (latest, row) => (latest === undefined || row.sk > latest.sk ? row : latest),
      undefined,
    );

/**
 * What an incoming fact changes, given every stored row of its key. The greatest revision wins whatever the order of
 * arrival. A greater revision with the content already known is recorded all the same: only so is a revision between the
 * two, arriving last, known to be out of date.
 */
export const decideAppend = (stored: readonly LedgerRow[], fact: Fact, from: Provenance): AppendDecision => {
  const latest = latestOf(stored);
  if (latest === undefined) return { outcome: 'accepted', rows: [factRow(fact, from)] };
  const contentHash = contentHashOf(fact);
  const told = (row: LedgerRow): row is FactRow | ConflictRow =>
    (row.kind === 'fact' || row.kind === 'conflict') &&
    row.fact.revision === fact.revision &&
    row.contentHash === contentHash;
  if (stored.some((row) => row.kind === 'fact' && told(row))) return { outcome: 'duplicate', rows: [] };
  if (fact.revision < latest.fact.revision) return { outcome: 'ignored', rows: [] };
  if (fact.revision === latest.fact.revision)
    return { outcome: 'conflict', rows: stored.some(told) ? [] : [conflictRow(fact, from)] };
  return {
    outcome: contentHash === latest.contentHash ? 'duplicate' : 'accepted',
    rows: [reversalRow(latest, from), factRow(fact, from, latest)],
  };
};

/** Rounds against rivals that write the same fact; each round, one of them succeeds. */
const MAX_ROUNDS = 12;

/**
 * Appends one fact. Optimistic: most facts are new, so the first attempt reads nothing; whoever loses a race reads and
 * decides again.
 * @throws Error where rivals won every round, or where the table fails.
 */
export const appendFact = async (table: FactTable, fact: Fact, from: Provenance): Promise<AppendOutcome> => {
  let stored: readonly LedgerRow[] = [];
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const { outcome, rows } = decideAppend(stored, fact, from);
    if (rows.length === 0 || (await table.insert(rows)) === 'inserted') return outcome;
    stored = await table.rowsUnder(factRowKey(from.settings.tenant, fact.key));
  }
  throw new Error(`fact ${fact.key} was being written by others ${MAX_ROUNDS} times over`);
};
