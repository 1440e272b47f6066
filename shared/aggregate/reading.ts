import { createHash } from 'node:crypto';
import type { BucketRow } from '../ledger/row.ts';

/** 60 bits: two of a bucket's few thousand rows share a name once in 10^11 buckets. */
const NAME_CHARACTERS = 10;

/**
 * Short names of the rows that a reading of a bucket saw, in order. The bucket index may show a later row before an earlier
 * one, so a reading with more rows than another need not hold all of them: only their names tell.
 */
export const rowNames = (rows: readonly BucketRow[]): readonly string[] =>
  rows
    .map(({ pk, sk }) =>
      createHash('sha256').update(`${pk}|${sk}`).digest('base64url').slice(0, NAME_CHARACTERS),
    )
    .sort();

/** Whether a reading saw every row that another one saw. */
export const sawAll = (names: readonly string[], others: readonly string[]): boolean => {
  const seen = new Set(names);
  return others.every((name) => seen.has(name));
};

/** Names as one text: all have one length. */
export const packNames = (names: readonly string[]): string => names.join('');

export const unpackNames = (packed: string): readonly string[] =>
  Array.from({ length: packed.length / NAME_CHARACTERS }, (_, index) =>
    packed.slice(index * NAME_CHARACTERS, (index + 1) * NAME_CHARACTERS),
  );
