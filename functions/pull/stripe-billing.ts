import type { TenantSettings } from '../../shared/contract/tenant.ts';
import { type KeepDeps, recordFetched } from '../../shared/fetch/fetched.ts';
import type { Invocation } from '../../shared/lambda/invocation.ts';
import { contentHashOf } from '../../shared/ledger/codec.ts';
import type { StripeApi } from '../../shared/providers/stripe/api.ts';
import { type BillingObject, billingStatement } from '../../shared/providers/stripe/billing.ts';
import { STRIPE_NORMALISER } from '../../shared/providers/stripe/webhook.ts';

interface Asked {
  readonly object: BillingObject;
  readonly id: string;
  readonly account: string | undefined;
  readonly apiKey: string;
}

/** Reads a subscription or an invoice anew, and keeps what it says now unless the ledger says so already. */
export const readBilling = async (
  deps: KeepDeps,
  stripe: Pick<StripeApi, 'billingObject'>,
  settings: TenantSettings,
  { object, id, account, apiKey }: Asked,
  context: Invocation,
): Promise<void> => {
  const fetched = await stripe.billingObject(object, id, apiKey, account);
  if (fetched.outcome === 'refused')
    context.log.error('Stripe refused our request', { tenant: settings.tenant, object, id, ...fetched });
  if (fetched.outcome !== 'found') return;
  const read = billingStatement(object, fetched.value, { settings, account, fetchedMs: context.nowMs });
  const of = { settings, source: 'stripe', normaliser: STRIPE_NORMALISER, context };
  if (typeof read === 'string') {
    const unreadable = [{ part: fetched.value, reason: read }];
    await recordFetched(deps, of, `fetched:${id}`, fetched.value, { facts: [], unreadable });
    return;
  }
  const rows = await deps.ledger.factRows(settings.tenant, read.key);
  const latest = rows.findLast((row) => row.kind === 'fact');
  if (latest?.contentHash === contentHashOf(read)) return;
  await recordFetched(deps, of, `fetched:${id}`, fetched.value, { facts: [read], unreadable: [] });
};
