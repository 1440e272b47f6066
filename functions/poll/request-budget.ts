import { progressOrder, progressRowKey } from '../../shared/ledger/row.ts';
import type { FetchedFor, KeepDeps } from '../pull/fetched.ts';

const HOUR_CHARACTERS = 'yyyy-mm-ddThh'.length;

/**
 * Takes one of an hour's requests to a provider before it is made: a run that dies after it has used it up, and runs at the
 * same time take different ones.
 */
export const takeHourlyRequest = async (
  { ledger }: Pick<KeepDeps, 'ledger'>,
  { settings: { tenant }, context, normaliser }: FetchedFor,
  provider: string,
  most: number,
): Promise<boolean> => {
  const recordedAt = new Date(context.nowMs).toISOString();
  const feed = `${provider}:requests:${recordedAt.slice(0, HOUR_CHARACTERS)}`;
  for (;;) {
    const ordinal = ((await ledger.lastProgress(tenant, feed))?.ordinal ?? 0) + 1;
    if (ordinal > most) return false;
    const taken = await ledger.putProgress({
      pk: progressRowKey(tenant, feed),
      sk: progressOrder(ordinal, 'fetched'),
      kind: 'progress',
      state: 'fetched',
      ordinal,
      tenant,
      recordedAt,
      normaliser,
      traceparent: context.traceparent,
      cursor: '',
      delivery: '',
      deliveryHash: '',
    });
    if (taken === 'stored') return true;
  }
};
