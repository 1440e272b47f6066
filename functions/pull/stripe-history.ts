import type { TenantSettings } from '../../shared/contract/tenant.ts';
import { type KeepDeps, noteProgress, recordFetched } from '../../shared/fetch/fetched.ts';
import type { Invocation } from '../../shared/lambda/invocation.ts';
import { STRIPE_NORMALISER } from '../../shared/providers/stripe/webhook.ts';

const FEED = 'stripe:history';
const WINDOW_SECONDS = 90 * 86_400;
/** Four years: what was before is in no forecast and in every opening balance. */
const WINDOWS = 16;
/** Transactions after which a run leaves the rest to the next one. */
const RUN_TRANSACTIONS = 2_000;

interface Range {
  readonly fromSeconds: number;
  readonly beforeSeconds: number;
}

/**
 * Reads what Stripe has from before, a quarter at a time from the latest back, and notes how far it is. What a run that died
 * had read is read again and adds nothing.
 * @param beforeSeconds where the first run begins.
 */
export const readHistory = async (
  deps: KeepDeps,
  settings: TenantSettings,
  beforeSeconds: number,
  context: Invocation,
  read: (range: Range) => Promise<number | undefined>,
): Promise<void> => {
  const of = { settings, source: 'stripe', normaliser: STRIPE_NORMALISER, context };
  const last = await deps.ledger.lastProgress(settings.tenant, FEED);
  let before = last === undefined ? beforeSeconds : Number.parseInt(last.cursor, 10);
  let listed = 0;
  for (let window = (last?.ordinal ?? 0) + 1; window <= WINDOWS && listed < RUN_TRANSACTIONS; window++) {
    const range = { fromSeconds: before - WINDOW_SECONDS, beforeSeconds: before };
    const found = await read(range);
    if (found === undefined) return;
    listed += found;
    const nothing = { facts: [], unreadable: [] };
    const delivery = await recordFetched(deps, of, FEED, { ...range, listed: found }, nothing);
    await noteProgress(deps, of, FEED, window, `${range.fromSeconds}`, delivery);
    before = range.fromSeconds;
  }
};
