import { atMost } from '../concurrency/at-most.ts';
import { LEDGER_KINDS } from '../contract/names.ts';
import type { TenantSettings } from '../contract/tenant.ts';
import type { Fact } from '../event/fact.ts';
import type { AppendOutcome } from '../ledger/append.ts';
import { bucketKey } from '../ledger/bucket.ts';
import { type DeliveryRow, deliveryKey, inBucket, type Provenance } from '../ledger/row.ts';
import type { EventReading, Interpretation } from '../providers/provider.ts';
import type { Delivery } from './delivery.ts';

/** As much of a ledger as taking in needs: the table's, or a twin of it. */
interface Appendable {
  /** Stores a delivery unless it is stored. */
  readonly putDelivery: (row: DeliveryRow) => Promise<'stored' | 'known'>;
  readonly append: (fact: Fact, from: Provenance) => Promise<AppendOutcome>;
}

export type RecordStatus = 'accepted' | 'duplicate' | 'conflict' | 'ignored';

export interface EventOutcome {
  readonly id: string;
  readonly status: RecordStatus | 'rejected';
  readonly reason?: string;
}

/** What became of a delivery: the body of the sender's answer. */
export interface Recorded {
  readonly status: RecordStatus;
  readonly events: readonly EventOutcome[];
  readonly reason?: string;
  readonly quarantined?: string;
}

/** An interpretation that is worth keeping; a malformed body is turned down instead. */
export type Keepable = Exclude<Interpretation, { outcome: 'malformed' }>;

/** Appends at a time: enough to hide the latency of single puts, few enough for one connection pool. */
const CONCURRENCY = 16;

const deliveryRow = (delivery: Delivery, normaliser: string, reading: Keepable): DeliveryRow => {
  const pk = deliveryKey(delivery.tenant, delivery.source, delivery.deliveryId);
  const sk = delivery.bodyHash.replace('sha256:', '');
  const doorbells = reading.outcome === 'quarantined' ? [] : reading.doorbells;
  return {
    pk,
    sk,
    kind: LEDGER_KINDS.delivery,
    tenant: delivery.tenant,
    recordedAt: delivery.receivedAt,
    normaliser,
    traceparent: delivery.traceparent,
    source: delivery.source,
    deliveryId: delivery.deliveryId,
    ...delivery.kept,
    bodyHash: delivery.bodyHash,
    ...(doorbells.length === 0 ? {} : { doorbell: doorbells }),
    ...(reading.outcome === 'quarantined'
      ? {
          quarantined: reading.reason,
          ...inBucket(bucketKey({ kind: 'review', tenant: delivery.tenant }), pk, sk),
        }
      : {}),
  };
};

/** Tellings of one fact go in one after the other, as they were sent; different facts at the same time. */
const byFact = (events: readonly EventReading[]): number[][] => {
  const groups = new Map<string, number[]>();
  events.forEach((event, index) => {
    if (!('fact' in event)) return;
    const group = groups.get(event.fact.key);
    if (group === undefined) groups.set(event.fact.key, [index]);
    else group.push(index);
  });
  return [...groups.values()];
};

const appendAll = async (
  ledger: Appendable,
  events: readonly EventReading[],
  from: Provenance,
): Promise<EventOutcome[]> => {
  const outcomes: EventOutcome[] = events.map((event) => ({
    id: event.id,
    status: 'rejected',
    ...('rejected' in event ? { reason: event.rejected } : {}),
  }));
  await atMost(CONCURRENCY, byFact(events), async (group) => {
    for (const index of group) {
      const event = events[index] as { id: string; fact: Fact };
      outcomes[index] = { id: event.id, status: await ledger.append(event.fact, from) };
    }
  });
  return outcomes;
};

/** What became of several events, in one word. */
export const overallStatus = (events: readonly EventOutcome[]): RecordStatus =>
  (['accepted', 'conflict', 'duplicate'] as const).find((status) =>
    events.some((event) => event.status === status),
  ) ?? 'ignored';

/**
 * Puts a delivery and its facts into the ledger: the delivery first, so that no fact is without its origin. A delivery
 * that is already there appends its facts all the same, for its first run may have died between the two.
 * @throws where anything could not be stored; doing it all again is then right and harmless.
 */
export const recordDelivery = async (
  ledger: Appendable,
  delivery: Delivery,
  settings: TenantSettings,
  normaliser: string,
  reading: Keepable,
): Promise<Recorded> => {
  const row = deliveryRow(delivery, normaliser, reading);
  await ledger.putDelivery(row);
  if (reading.outcome === 'ignored') return { status: 'ignored', reason: reading.reason, events: [] };
  if (reading.outcome === 'quarantined')
    return { status: 'accepted', quarantined: reading.reason, events: [] };
  const events = await appendAll(ledger, reading.events, {
    settings,
    recordedAt: delivery.receivedAt,
    normaliser,
    traceparent: delivery.traceparent,
    delivery: row.pk,
  });
  return { status: overallStatus(events), events };
};
