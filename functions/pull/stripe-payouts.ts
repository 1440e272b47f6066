import type { TenantSettings } from '../../shared/contract/tenant.ts';
import { type KeepDeps, recordFetched } from '../../shared/fetch/fetched.ts';
import type { Invocation } from '../../shared/lambda/invocation.ts';
import { contentHashOf } from '../../shared/ledger/codec.ts';
import type { Fetched } from '../../shared/providers/stripe/api.ts';
import { payoutStatement } from '../../shared/providers/stripe/payout.ts';
import { STRIPE_NORMALISER } from '../../shared/providers/stripe/webhook.ts';

/** A payout may fail days after it was paid, and its own list says so by the day it was made. */
const LATE_SECONDS = 10 * 86_400;

interface Range {
  readonly fromSeconds: number;
  readonly beforeSeconds: number;
  readonly startingAfter?: string;
}

type List = (range: Range, apiKey: string) => Promise<Fetched>;

interface Page {
  readonly data: readonly unknown[];
  readonly has_more: boolean;
}

export const pageOf = (value: unknown): Page => {
  const { data, has_more } = (value ?? {}) as Partial<Page>;
  if (!Array.isArray(data)) throw new Error('Stripe sent a list without data');
  return { data, has_more: has_more === true };
};

/** Keeps what a payout says now, unless the ledger says so already. */
const keep = async (
  deps: KeepDeps,
  settings: TenantSettings,
  value: unknown,
  context: Invocation,
): Promise<void> => {
  const fact = payoutStatement(value, Math.floor(context.nowMs / 1000), undefined, settings);
  if (fact === undefined) return;
  const rows = await deps.ledger.factRows(settings.tenant, fact.key);
  const latest = rows.findLast((row) => row.kind === 'fact');
  if (latest !== undefined && latest.contentHash === contentHashOf(fact)) return;
  const of = { settings, source: 'stripe', normaliser: STRIPE_NORMALISER, context };
  await recordFetched(deps, of, `fetched:${fact.key}`, value, { facts: [fact], unreadable: [] });
};

/** Reads a tenant's recent payouts, so that their ends at the bank are found though no webhook told of them. */
export const sweepPayouts = async (
  deps: KeepDeps,
  list: List,
  settings: TenantSettings,
  apiKey: string,
  range: Range,
  context: Invocation,
): Promise<void> => {
  const wider = { ...range, fromSeconds: range.fromSeconds - LATE_SECONDS };
  let startingAfter: string | undefined;
  do {
    const fetched = await list(startingAfter === undefined ? wider : { ...wider, startingAfter }, apiKey);
    if (fetched.outcome !== 'found') {
      context.log.error('Stripe refused to list payouts', { tenant: settings.tenant, ...fetched });
      return;
    }
    const page = pageOf(fetched.value);
    for (const value of page.data) await keep(deps, settings, value, context);
    const last = page.data.at(-1) as { readonly id?: unknown } | undefined;
    startingAfter = page.has_more && typeof last?.id === 'string' ? last.id : undefined;
  } while (startingAfter !== undefined);
};
