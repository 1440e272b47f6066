import { hash } from 'node:crypto';

/** Two of 32 bits; none at all stands for a free one. */
const WORDS_PER_SLOT = 2;
const FIRST_SLOTS = 4_096;
const MAX_LOAD = 0.75;

/** A set of rows that holds nothing of them. */
export interface SeenRows {
  /** Notes a row by what identifies it. @returns whether it was there, or is one too many. */
  readonly note: (identity: string) => 'new' | 'seen' | 'full';
}

/** @returns the place of a hash, or the free one where it belongs. */
const placeOf = (table: Uint32Array, high: number, low: number): number => {
  const slots = table.length / WORDS_PER_SLOT;
  let slot = low & (slots - 1);
  for (;;) {
    const at = slot * WORDS_PER_SLOT;
    if ((table[at] === high && table[at + 1] === low) || (table[at] === 0 && table[at + 1] === 0)) return at;
    slot = (slot + 1) & (slots - 1);
  }
};

const grown = (table: Uint32Array): Uint32Array => {
  const larger = new Uint32Array(table.length * 2);
  for (let at = 0; at < table.length; at += WORDS_PER_SLOT) {
    const [high = 0, low = 0] = table.subarray(at, at + WORDS_PER_SLOT);
    if (high === 0 && low === 0) continue;
    const to = placeOf(larger, high, low);
    larger[to] = high;
    larger[to + 1] = low;
  }
  return larger;
};

/**
 * Rows by the first 64 bits of their SHA-256, in a table of 8 bytes a slot that is at most three quarters full: 6 million
 * take 64 MB, and 32 more while it grows. That any two of n different ones are taken for each other, so that one is not
 * counted, has odds of n² : 2^65, one in forty million for a million.
 */
export const seenRows = (most: number): SeenRows => {
  let table: Uint32Array = new Uint32Array(FIRST_SLOTS * WORDS_PER_SLOT);
  let size = 0;
  return {
    note: (identity) => {
      const digest = hash('sha256', identity, 'buffer');
      const high = digest.readUInt32BE(0);
      const low = digest.readUInt32BE(4) || 1;
      const at = placeOf(table, high, low);
      if (table[at + 1] === low) return 'seen';
      if (size >= most) return 'full';
      table[at] = high;
      table[at + 1] = low;
      size += 1;
      if (size > (table.length / WORDS_PER_SLOT) * MAX_LOAD) table = grown(table);
      return 'new';
    },
  };
};
