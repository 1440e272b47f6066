import type { Fact } from '../event/fact.ts';

/** Fields every Ledger row carries from its first day, because a row is never rewritten. */
interface RowBase {
  readonly pk: string;
  readonly sk: string;
  readonly tenant: string;
  /** RFC 3339 UTC instant at which we learned it. */
  readonly recordedAt: string;
  /** Version of the code that turned the payload into facts. */
  readonly normaliser: string;
  /** W3C trace context of the request that brought it. */
  readonly traceparent: string;
}

/** One webhook delivery, pull page or owner's command as it came in. */
export interface DeliveryRow extends RowBase {
  readonly kind: 'delivery';
  readonly source: string;
  readonly deliveryId: string;
  /** gzip of the raw body; absent where it was too large for a row and lies at `bodyPointer`. */
  readonly body?: Uint8Array;
  readonly bodyPointer?: string;
  /** `sha256:` and hex, of the raw body. */
  readonly bodyHash: string;
  /** Present where the pull function must fetch something: what to fetch, e.g. `stripe:balance_transaction:txn_1`. */
  readonly doorbell?: readonly string[];
  /** Present where the body was authentic but not understood; the row then sits in the tenant's review bucket. */
  readonly quarantined?: string;
  readonly bucket?: string;
  readonly bucketOrder?: string;
}

/** One revision of one fact, in the bucket of its day. */
export interface FactRow extends RowBase {
  readonly kind: 'fact';
  readonly fact: Fact;
  /** `sha256:` and hex, of the fact's canonical content without key and revision. */
  readonly contentHash: string;
  /** pk of the delivery row it came from. */
  readonly delivery: string;
  /** sk of the revision this one replaces. */
  readonly supersedes?: string;
  readonly bucket: string;
  readonly bucketOrder: string;
}

/** Takes one earlier revision out of its bucket. */
export interface ReversalRow extends RowBase {
  readonly kind: 'reversal';
  /** sk of the fact row, same pk, that no longer counts. */
  readonly reverses: string;
  readonly delivery: string;
  readonly bucket: string;
  readonly bucketOrder: string;
}

/** A second content under one identity and revision: held for review, counts nowhere. */
export interface ConflictRow extends RowBase {
  readonly kind: 'conflict';
  readonly fact: Fact;
  readonly contentHash: string;
  readonly delivery: string;
  readonly bucket: string;
  readonly bucketOrder: string;
}

export type LedgerRow = DeliveryRow | FactRow | ReversalRow | ConflictRow;
/** Rows that sit in a bucket and change derived state. */
export type BucketRow = FactRow | ReversalRow | ConflictRow | (DeliveryRow & { readonly bucket: string });
