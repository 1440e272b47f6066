import { createHash } from 'node:crypto';
import type { Subject } from '../event/statement.ts';
import type { CivilDate } from '../time/civil-date.ts';

/**
 * A bucket is what one recomputation re-reads: a tenant's day (or a slice of it), its plan, its review list, or a month of
 * what was stated of one subject.
 */
export type Bucket =
  | { readonly kind: 'day'; readonly tenant: string; readonly date: CivilDate; readonly slice: number }
  | { readonly kind: 'plan'; readonly tenant: string }
  | { readonly kind: 'review'; readonly tenant: string }
  | {
      readonly kind: 'statements';
      readonly tenant: string;
      readonly subject: Subject;
      /** `YYYY-MM` */
      readonly month: string;
    };

/** Index key of a bucket. Tenant names hold no `#`. */
export const bucketKey = (bucket: Bucket): string => {
  const tenant = `T#${bucket.tenant}`;
  switch (bucket.kind) {
    case 'day':
      return `${tenant}#D#${bucket.date}#${bucket.slice.toString().padStart(2, '0')}`;
    case 'plan':
      return `${tenant}#PLAN`;
    case 'review':
      return `${tenant}#REVIEW`;
    case 'statements':
      return `${tenant}#S#${bucket.subject}#${bucket.month}`;
  }
};

/** The bucket named by an index key. @throws Error on a key that `bucketKey` did not make. */
export const parseBucketKey = (key: string): Bucket => {
  const [t, tenant, kind, first, second] = key.split('#');
  if (t === 'T' && tenant !== undefined) {
    if (kind === 'D' && first !== undefined && second !== undefined)
      return { kind: 'day', tenant, date: first as CivilDate, slice: Number.parseInt(second, 10) };
    if (kind === 'S' && first !== undefined && second !== undefined)
      return { kind: 'statements', tenant, subject: first as Subject, month: second };
    if (kind === 'PLAN') return { kind: 'plan', tenant };
    if (kind === 'REVIEW') return { kind: 'review', tenant };
  }
  throw new Error(`not a bucket key: ${key}`);
};

/** Slice of a fact: from its key alone, so a retry after the count grew still lands on the same row. */
export const sliceOf = (factKey: string, slices: number): number =>
  createHash('sha256').update(factKey).digest().readUInt32BE(0) % slices;
