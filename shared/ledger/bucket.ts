import { createHash } from 'node:crypto';
import type { CivilDate } from '../time/civil-date.ts';

/** A bucket is what one recomputation re-reads: a tenant's day (or a slice of it), its plan, or its review list. */
export type Bucket =
  | { readonly kind: 'day'; readonly tenant: string; readonly date: CivilDate; readonly slice: number }
  | { readonly kind: 'plan'; readonly tenant: string }
  | { readonly kind: 'review'; readonly tenant: string };

/** Index key of a bucket. Tenant names hold no `#`. */
export const bucketKey = (bucket: Bucket): string =>
  bucket.kind === 'day'
    ? `T#${bucket.tenant}#D#${bucket.date}#${bucket.slice.toString().padStart(2, '0')}`
    : `T#${bucket.tenant}#${bucket.kind === 'plan' ? 'PLAN' : 'REVIEW'}`;

/** The bucket named by an index key. @throws Error on a key that `bucketKey` did not make. */
export const parseBucketKey = (key: string): Bucket => {
  const [t, tenant, kind, date, slice] = key.split('#');
  if (t === 'T' && tenant !== undefined) {
    if (kind === 'D' && date !== undefined && slice !== undefined)
      return { kind: 'day', tenant, date: date as CivilDate, slice: Number.parseInt(slice, 10) };
    if (kind === 'PLAN') return { kind: 'plan', tenant };
    if (kind === 'REVIEW') return { kind: 'review', tenant };
  }
  throw new Error(`not a bucket key: ${key}`);
};

/** Slice of a fact: from its key alone, so a retry after the count grew still lands on the same row. */
export const sliceOf = (factKey: string, slices: number): number =>
  createHash('sha256').update(factKey).digest().readUInt32BE(0) % slices;
