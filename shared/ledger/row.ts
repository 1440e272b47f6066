import type { TenantSettings } from '../contract/tenant.ts';
import type { Fact } from '../event/fact.ts';
import { monthOf } from '../time/civil-date.ts';
import { type Bucket, bucketKey, sliceOf } from './bucket.ts';
import { contentHashOf } from './codec.ts';

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

/**
 * How far one of a provider's change feeds has been taken in. Each update of the feed has two rows: `fetched` claims its
 * place in the order and names the delivery that holds it; `applied` says that all its facts are in the ledger, and only
 * then is the feed read on from `cursor`. In no bucket: nothing is derived from it.
 */
export interface ProgressRow extends RowBase {
  readonly kind: 'progress';
  readonly state: 'fetched' | 'applied';
  /** The update's place in the feed, counted from 1. */
  readonly ordinal: number;
  /** Where the feed goes on after this update. */
  readonly cursor: string;
  /** pk and sk of the delivery row that holds the update. */
  readonly delivery: string;
  readonly deliveryHash: string;
  readonly bucket?: never;
}

export type LedgerRow = DeliveryRow | FactRow | ReversalRow | ConflictRow | ProgressRow;

/** What the bucket index leaves out, because no fold needs it. */
type Unindexed =
  | 'normaliser'
  | 'traceparent'
  | 'supersedes'
  | 'source'
  | 'deliveryId'
  | 'body'
  | 'bodyPointer'
  | 'bodyHash'
  | 'doorbell';
type Indexed<Row extends LedgerRow> = Omit<Row, Unindexed> & { readonly bucket: string };

/** Rows that sit in a bucket and change derived state, as the bucket index holds them. */
export type BucketRow = Indexed<FactRow> | Indexed<ReversalRow> | Indexed<ConflictRow> | Indexed<DeliveryRow>;

/** Where and when a row came from: the same for every row that one delivery makes. */
export interface Provenance {
  readonly settings: TenantSettings;
  /** RFC 3339 UTC. */
  readonly recordedAt: string;
  readonly normaliser: string;
  readonly traceparent: string;
  /** pk of the delivery row. */
  readonly delivery: string;
}

export const deliveryKey = (tenant: string, source: string, deliveryId: string): string =>
  `D#${tenant}#${source}#${deliveryId}`;

export const factRowKey = (tenant: string, factKey: string): string => `F#${tenant}#${factKey}`;

/** The nth accepted revision of a fact, counted from 1. */
export const ordinalKey = (ordinal: number): string => ordinal.toString().padStart(8, '0');

/** @param feed `plaid:{item_id}` */
export const progressRowKey = (tenant: string, feed: string): string => `P#${tenant}#${feed}`;

/** Sorts `applied` after `fetched`, and both before those of the next update. */
export const progressOrder = (ordinal: number, state: ProgressRow['state']): string =>
  state === 'applied' ? `${ordinalKey(ordinal)}~applied` : ordinalKey(ordinal);

/** Index attributes of a row in its bucket. */
export const inBucket = (
  bucket: string,
  pk: string,
  sk: string,
): { bucket: string; bucketOrder: string } => ({
  bucket,
  bucketOrder: `${pk}|${sk}`,
});

const bucketOf = (fact: Fact, { tenant, slices }: TenantSettings): Bucket => {
  switch (fact.kind) {
    case 'plan':
      return { kind: 'plan', tenant };
    case 'statement':
      return { kind: 'statements', tenant, subject: fact.subject, month: monthOf(fact.date) };
    default:
      return { kind: 'day', tenant, date: fact.date, slice: sliceOf(fact.key, slices) };
  }
};

const origin = (
  from: Provenance,
): Omit<ReversalRow, 'pk' | 'sk' | 'kind' | 'reverses' | 'bucket' | 'bucketOrder'> => ({
  tenant: from.settings.tenant,
  recordedAt: from.recordedAt,
  normaliser: from.normaliser,
  traceparent: from.traceparent,
  delivery: from.delivery,
});

/** @param supersedes the row this one replaces; absent at first sight. */
export const factRow = (fact: Fact, from: Provenance, supersedes?: FactRow): FactRow => {
  const pk = factRowKey(from.settings.tenant, fact.key);
  const sk = ordinalKey(supersedes === undefined ? 1 : Number.parseInt(supersedes.sk, 10) + 1);
  return {
    pk,
    sk,
    kind: 'fact',
    fact,
    contentHash: contentHashOf(fact),
    ...(supersedes === undefined ? {} : { supersedes: supersedes.sk }),
    ...origin(from),
    ...inBucket(bucketKey(bucketOf(fact, from.settings)), pk, sk),
  };
};

/** Takes `reversed` out of the bucket it is in, which need not be the bucket of what replaces it. */
export const reversalRow = (reversed: FactRow, from: Provenance): ReversalRow => {
  const sk = `${reversed.sk}~reversal`;
  return {
    pk: reversed.pk,
    sk,
    kind: 'reversal',
    reverses: reversed.sk,
    ...origin(from),
    ...inBucket(reversed.bucket, reversed.pk, sk),
  };
};

/** One row per rival content, however often it is told. */
export const conflictRow = (fact: Fact, from: Provenance): ConflictRow => {
  const pk = factRowKey(from.settings.tenant, fact.key);
  const contentHash = contentHashOf(fact);
  const sk = `conflict#${contentHash}`;
  return {
    pk,
    sk,
    kind: 'conflict',
    fact,
    contentHash,
    ...origin(from),
    ...inBucket(bucketKey({ kind: 'review', tenant: from.settings.tenant }), pk, sk),
  };
};
