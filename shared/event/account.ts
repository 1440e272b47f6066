/** The account of money whose teller names none: the tenant's own word is its authority. */
export const OWN_ACCOUNT = 'manual';

/** Not ours: money that goes there or comes from there changes the total. */
export const EXTERNAL = 'external';
/** Between our balance at Stripe and our bank. */
export const STRIPE_TRANSIT = 'transit:stripe';

/** Places whose money a provider counts, and names that are no places at all. */
const RESERVED = /^(external$|stripe|transit|suspense)/;

/** Whether an account is not for the tenant's own telling: its money would be counted a second time. */
export const isReservedAccount = (account: string): boolean => RESERVED.test(account);
