import type { Archive } from '../aws/archive.ts';
import type { LedgerStore } from '../aws/ledger-store.ts';
import { canonicalJson, sha256Of } from '../canonical/canonical.ts';
import { METRICS } from '../contract/names.ts';
import type { TenantSettings } from '../contract/tenant.ts';
import type { Fact } from '../event/fact.ts';
import type { Delivery } from '../intake/delivery.ts';
import { recordDelivery } from '../intake/record.ts';
import type { Invocation } from '../lambda/invocation.ts';
import { deliveryKey, progressOrder, progressRowKey } from '../ledger/row.ts';

export interface KeepDeps {
  readonly ledger: LedgerStore;
  readonly archive: Archive;
}

/** For whom something was fetched, and by which version of our reading. */
export interface FetchedFor {
  readonly settings: TenantSettings;
  readonly source: string;
  readonly normaliser: string;
  readonly context: Invocation;
}

/** What was made of one fetched document: its facts, and the parts that could not be understood, each for itself. */
export interface FetchedReading {
  readonly facts: readonly Fact[];
  readonly unreadable: readonly { readonly part: unknown; readonly reason: string }[];
}

const deliveryOf = async (
  { archive }: KeepDeps,
  { settings: { tenant }, source, context }: FetchedFor,
  name: string,
  value: unknown,
): Promise<Delivery> => {
  const body = Buffer.from(canonicalJson(value));
  const bodyHash = sha256Of(body);
  return {
    tenant,
    source,
    deliveryId: `${name}:${bodyHash.replace('sha256:', '')}`,
    kept: await archive.keep(tenant, bodyHash, body),
    bodyHash,
    receivedAt: new Date(context.nowMs).toISOString(),
    traceparent: context.traceparent,
  };
};

/**
 * What we fetched is a delivery like any other: kept as it came, then named in its facts. Fetched again and unchanged, it is
 * the same delivery.
 */
export const recordFetched = async (
  deps: KeepDeps,
  of: FetchedFor,
  name: string,
  value: unknown,
  { facts, unreadable }: FetchedReading,
): Promise<Delivery> => {
  const { settings, source, normaliser, context } = of;
  const delivery = await deliveryOf(deps, of, name, value);
  const recorded = await recordDelivery(deps.ledger, delivery, settings, normaliser, {
    outcome: 'facts',
    events: facts.map((fact) => ({ id: fact.key, fact })),
    doorbells: [],
  });
  for (const { part, reason } of unreadable)
    await recordDelivery(
      deps.ledger,
      await deliveryOf(deps, of, `${name}:part`, part),
      settings,
      normaliser,
      {
        outcome: 'quarantined',
        reason,
      },
    );
  context.metrics(
    {
      [METRICS.eventsIngested]: recorded.events.filter(({ status }) => status === 'accepted').length,
      [METRICS.eventsRejected]: unreadable.length,
    },
    { tenant: settings.tenant, source, result: 'fetched' },
  );
  return delivery;
};

/**
 * Notes how far a feed is taken in, once all of it up to there is in the ledger. Another run may have noted the same: both
 * have read it, so it does not matter whose note stands.
 */
export const noteProgress = async (
  { ledger }: KeepDeps,
  { settings: { tenant }, source, normaliser, context }: FetchedFor,
  feed: string,
  ordinal: number,
  cursor: string,
  delivery: Delivery,
): Promise<void> => {
  await ledger.putProgress({
    pk: progressRowKey(tenant, feed),
    sk: progressOrder(ordinal, 'applied'),
    kind: 'progress',
    state: 'applied',
    ordinal,
    tenant,
    recordedAt: new Date(context.nowMs).toISOString(),
    normaliser,
    traceparent: context.traceparent,
    cursor,
    delivery: deliveryKey(tenant, source, delivery.deliveryId),
    deliveryHash: delivery.bodyHash.replace('sha256:', ''),
  });
};
