import type { Archive } from '../../shared/aws/archive.ts';
import { decodeDelivery } from '../../shared/aws/delivery-buffer.ts';
import type { LedgerStore } from '../../shared/aws/ledger-store.ts';
import { METRICS } from '../../shared/contract/names.ts';
import type { TenantSettings } from '../../shared/contract/tenant.ts';
import { recordDelivery } from '../../shared/intake/record.ts';
import type { Invocation } from '../../shared/lambda/invocation.ts';
import { PROVIDERS } from '../../shared/providers/provider.ts';

export interface DrainDeps {
  readonly tenants: readonly TenantSettings[];
  readonly ledger: LedgerStore;
  readonly archive: Archive;
}

export interface BufferedMessage {
  readonly messageId: string;
  readonly body: string;
}

const drainOne = async (deps: DrainDeps, message: string, context: Invocation): Promise<void> => {
  const delivery = decodeDelivery(message);
  const { tenant, source } = delivery;
  const settings = deps.tenants.find((candidate) => candidate.tenant === tenant);
  const provider = PROVIDERS.get(source);
  if (settings === undefined || provider === undefined)
    throw new Error(`the buffer holds a delivery of ${tenant}/${source}, which is not configured`);
  const reading = provider.interpret(await deps.archive.read(delivery.kept), settings);
  const recorded = await recordDelivery(
    deps.ledger,
    delivery,
    settings,
    provider.normaliser,
    // It was good when it was accepted; if it no longer is, someone has to look at it.
    reading.outcome === 'malformed'
      ? { outcome: 'quarantined', reason: reading.problems.join('; ') }
      : reading,
  );
  const ingested = recorded.events.filter((event) => event.status === 'accepted').length;
  const duplicate = recorded.events.filter((event) => event.status === 'duplicate').length;
  context.metrics(
    { [METRICS.eventsIngested]: ingested, [METRICS.eventsDuplicate]: duplicate },
    { tenant, source, result: 'drained' },
  );
};

/** Buffered deliveries into the ledger, each by itself: the ids of those that must come again. */
export const drain = async (
  deps: DrainDeps,
  messages: readonly BufferedMessage[],
  context: Invocation,
): Promise<readonly string[]> => {
  const failed: string[] = [];
  for (const { messageId, body } of messages) {
    try {
      await drainOne(deps, body, context);
    } catch (error) {
      context.log.error('a buffered delivery could not be stored yet', { messageId, error });
      failed.push(messageId);
    }
  }
  return failed;
};
