import { canonicalJson, sha256Of } from '../canonical/canonical.ts';
import type { BucketRow, DeliveryRow } from '../ledger/row.ts';

/** A ledger row as it is sealed and exported. */
export type AuditRecord = Readonly<Record<string, unknown>> & {
  readonly pk: string;
  readonly sk: string;
  readonly kind: string;
};

/** One leaf of a seal: a row's name, and the SHA-256 of its record in hex. */
export type Leaf = readonly [name: string, hash: string];

export const recordName = ({ pk, sk }: { readonly pk: string; readonly sk: string }): string => `${pk}|${sk}`;

/** What the bucket index holds of a row, in canonical form: amounts as text. */
export const bucketRecord = (row: BucketRow): AuditRecord => {
  const { bucketOrder: _, ...record } = row as BucketRow & Record<string, unknown>;
  return JSON.parse(canonicalJson(record)) as AuditRecord;
};

/** A delivery without its body, which its hash stands for. */
export const deliveryRecord = (row: DeliveryRow): AuditRecord => {
  const { body: _body, bucket: _bucket, bucketOrder: _order, ...record } = row;
  return JSON.parse(canonicalJson(record)) as AuditRecord;
};

export const leafOf = (record: AuditRecord): Leaf => [
  recordName(record),
  sha256Of(canonicalJson(record)).slice('sha256:'.length),
];
