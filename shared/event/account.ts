/** The account of money whose teller names none: the tenant's own word is its authority. */
export const OWN_ACCOUNT = 'manual';

/** Places whose money a provider counts, and names that are no places at all. */
const RESERVED = /^(external$|stripe|transit|suspense)/;

/** Whether an account is not for the tenant's own telling: its money would be counted a second time. */
export const isReservedAccount = (account: string): boolean => RESERVED.test(account);
