import { progressOrder, progressRowKey } from '../ledger/row.ts';
import type { FetchedFor, KeepDeps } from './fetched.ts';

/**
 * Takes one of a period's requests to a provider before it is made: a run that dies after it has used it up, and runs at the
 * same time take different ones.
 * @param budget names provider and period: `ce:123456789012:requests:2026-01-31`
 */
export const takeRequest = async (
  { ledger }: Pick<KeepDeps, 'ledger'>,
  { settings: { tenant }, context, normaliser }: FetchedFor,
  budget: string,
  most: number,
): Promise<boolean> => {
  for (;;) {
    const ordinal = ((await ledger.lastProgress(tenant, budget))?.ordinal ?? 0) + 1;
    if (ordinal > most) return false;
    const taken = await ledger.putProgress({
      pk: progressRowKey(tenant, budget),
      sk: progressOrder(ordinal, 'fetched'),
      kind: 'progress',
      state: 'fetched',
      ordinal,
      tenant,
      recordedAt: new Date(context.nowMs).toISOString(),
      normaliser,
      traceparent: context.traceparent,
      cursor: '',
      delivery: '',
      deliveryHash: '',
    });
    if (taken === 'stored') return true;
  }
};
