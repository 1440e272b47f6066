import type { TenantSettings } from '../../contract/tenant.ts';
import type { Minor } from '../../money/money.ts';

/** Category of both sides of a payout. */
export const STRIPE_PAYOUT = 'payout';

/** Not `pinstripe`. */
const STRIPE = /(?:^|[^a-z])stripe/i;

/**
 * Whether money in at a bank is the end of a payout, whose money Stripe's own events have counted already. Where Stripe sends
 * us none, its deposits are income like any other.
 * @param texts what the bank says of the row.
 */
export const isStripePayout = (
  { stripe }: TenantSettings,
  amountMinor: Minor,
  texts: readonly (string | null | undefined)[],
): boolean => stripe && amountMinor > 0n && texts.some((text) => STRIPE.test(text ?? ''));
