import type { LedgerRow } from '../../../shared/ledger/row.ts';
import type { StateItem } from '../../support/memory-state-store.ts';
import type { Economy, Telling } from './economy.ts';
import type { Governed } from './governing.ts';

/** A ledger row when it was written. */
export interface Written {
  readonly row: LedgerRow;
  readonly key: string;
  readonly digest: string;
  /** From when on the bucket index shows it. */
  readonly indexedMs: number;
}

/** A response a sender got, and whether what it sent was anywhere durable at that instant. */
export interface Answer {
  readonly telling: Telling;
  readonly status: number;
  readonly inLedger: boolean;
  readonly inBuffer: boolean;
}

/** One forecast that a store took; `era` counts how often the store lost everything before. */
export interface Held {
  readonly store: 'state' | 'cache';
  readonly tenant: string;
  readonly fence: string;
  readonly document: string;
  readonly era: number;
}

/** One answer a reader got; `heldForMs` is how long the cache had it by the world's clock. */
export interface Reading {
  readonly tenant: string;
  readonly document: string;
  readonly source: 'cache' | 'table';
  readonly heldForMs: number;
  /** The functions' clocks ran the same when it was cached and when it was read. */
  readonly sameClock: boolean;
}

export interface Announced {
  readonly tenant: string;
  readonly headline: string;
}

/** Everything a world left behind; all that a checker may look at. */
export interface Evidence {
  readonly economy: Economy;
  readonly becameQuiet: boolean;
  readonly finalMs: number;
  /** As it was written, in order, and as the table holds it in the end. */
  readonly written: readonly Written[];
  readonly ledger: readonly { readonly key: string; readonly digest: string; readonly row: LedgerRow }[];
  readonly bodies: ReadonlyMap<string, string>;
  readonly answers: readonly Answer[];
  readonly held: readonly Held[];
  readonly readings: readonly Reading[];
  readonly announced: readonly Announced[];
  readonly governed: readonly Governed[];
  /** Every aggregate that State ever took, and how often State was lost before. */
  readonly aggregates: readonly (StateItem & { readonly era: number })[];
  readonly state: readonly StateItem[];
  /** State made anew from the final ledger in one go. */
  readonly rebuilt: readonly StateItem[];
  /** State of another world, in which everything was told once, in order, without a fault. */
  readonly ordered: readonly StateItem[];
}

/** What a checker has to say: one sentence per violation, none when all is well. */
export type Checker = (evidence: Evidence) => readonly string[];
