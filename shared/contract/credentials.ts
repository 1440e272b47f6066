/** Names of credentials that functions write themselves; the operator writes all others. */

/** Beside `current` and `previous`: until when an operator waits for a signing secret to be offered, and the one that was. */
export const OFFER_SLOTS = { awaitedUntil: 'awaited_until', offered: 'offered' } as const;

/** What a provider gave us in exchange for its last refresh token. */
export const OAUTH_TOKENS = 'tokens';
