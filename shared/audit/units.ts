import type { DayAggregate } from '../aggregate/day.ts';
import { canonicalJson, sha256Of } from '../canonical/canonical.ts';
import { type Bucket, bucketKey } from '../ledger/bucket.ts';
import type { CivilDate } from '../time/civil-date.ts';

/** Rows that are sealed together: a day in all its slices, or a bucket that has no day. */
export interface Unit {
  readonly name: string;
  /** Index keys, in order. */
  readonly buckets: readonly string[];
  /** Changes when rows come. */
  readonly rowsHash: string;
}

const nameOf = (bucket: Bucket): string => {
  switch (bucket.kind) {
    case 'day':
      return `day ${bucket.date}`;
    case 'statements':
      return `statements ${bucket.subject} ${bucket.month}`;
    default:
      return bucket.kind;
  }
};

interface Filled {
  readonly bucket: Bucket;
  readonly rowsHash: string;
}

/** Groups the buckets that hold rows into units, in the order of their names. */
export const unitsOf = (filled: readonly Filled[]): readonly Unit[] =>
  [...Map.groupBy(filled, ({ bucket }) => nameOf(bucket))]
    .map(([name, of]) => {
      const parts = of
        .map(({ bucket, rowsHash }) => [bucketKey(bucket), rowsHash] as const)
        .sort(([a], [b]) => (a < b ? -1 : 1));
      return { name, buckets: parts.map(([key]) => key), rowsHash: sha256Of(canonicalJson(parts)) };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));

/** The filled bucket of a day aggregate. */
export const filledDay = (tenant: string, { date, slice, rowsHash }: DayAggregate): Filled => ({
  bucket: { kind: 'day', tenant, date, slice },
  rowsHash,
});

/** The buckets of a unit by its name alone. @throws Error on a name that no unit has. */
export const bucketsOfUnit = (tenant: string, slices: number, name: string): readonly string[] => {
  const [kind, first, second] = name.split(' ');
  if (kind === 'plan' || kind === 'review') return [bucketKey({ kind, tenant })];
  if (kind === 'day' && first !== undefined)
    return Array.from({ length: slices }, (_, slice) =>
      bucketKey({ kind, tenant, date: first as CivilDate, slice }),
    );
  if (kind === 'statements' && first !== undefined && second !== undefined)
    return [
      bucketKey({
        kind,
        tenant,
        subject: first as Extract<Bucket, { kind: 'statements' }>['subject'],
        month: second,
      }),
    ];
  throw new Error(`no unit is named ${name}`);
};
