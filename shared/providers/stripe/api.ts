import type { BillingObject } from './billing.ts';

/** The version whose shapes we read; pinned, so that Stripe's own upgrades change nothing here. */
const API_VERSION = '2026-10-28.endive';
const TIMEOUT_MS = 5_000;
const PAGE_SIZE = 100;

export type Fetch = (
  url: string,
  init: { headers: Record<string, string>; signal: AbortSignal },
) => Promise<{ readonly status: number; text(): Promise<string> }>;

/** `missing`: Stripe knows no such object. `refused`: our key or request is wrong, and repeating it is no use. */
export type Fetched =
  | { readonly outcome: 'found'; readonly value: unknown }
  | { readonly outcome: 'missing' }
  | { readonly outcome: 'refused'; readonly status: number };

export interface StripeApi {
  readonly balanceTransaction: (id: string, apiKey: string, account: string | undefined) => Promise<Fetched>;
  /** One page of transactions created in [fromSeconds, beforeSeconds), newest first. */
  readonly balanceTransactions: (
    range: { readonly fromSeconds: number; readonly beforeSeconds: number; readonly startingAfter?: string },
    apiKey: string,
  ) => Promise<Fetched>;
  /** A subscription or an invoice as it is now. */
  readonly billingObject: (
    object: BillingObject,
    id: string,
    apiKey: string,
    account: string | undefined,
  ) => Promise<Fetched>;
  /** One page of payouts created in [fromSeconds, beforeSeconds), newest first. */
  readonly payouts: StripeApi['balanceTransactions'];
  /** What Stripe holds for us now, available and pending, by currency. */
  readonly balance: (apiKey: string) => Promise<Fetched>;
}

/** The few reads of Stripe's API that settle estimates. Throws where a later attempt may do better. */
export const stripeApi = (baseUrl: string, fetch: Fetch): StripeApi => {
  /** The address may end in a path of its own, where something stands in for Stripe. */
  const base = baseUrl.replace(/\/+$/, '');
  const get = async (path: string, apiKey: string, account?: string): Promise<Fetched> => {
    const response = await fetch(`${base}${path}`, {
      headers: {
        authorization: `Bearer ${apiKey}`,
        'stripe-version': API_VERSION,
        ...(account === undefined ? {} : { 'stripe-account': account }),
      },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await response.text();
    if (response.status === 404) return { outcome: 'missing' };
    if (response.status === 429 || response.status >= 500)
      throw new Error(`Stripe answered ${response.status}`);
    if (response.status !== 200) return { outcome: 'refused', status: response.status };
    return { outcome: 'found', value: JSON.parse(text) };
  };
  const list =
    (path: string): StripeApi['balanceTransactions'] =>
    ({ fromSeconds, beforeSeconds, startingAfter }, apiKey) => {
      const query = new URLSearchParams({
        'created[gte]': fromSeconds.toString(),
        'created[lt]': beforeSeconds.toString(),
        limit: PAGE_SIZE.toString(),
        ...(startingAfter === undefined ? {} : { starting_after: startingAfter }),
      });
      return get(`${path}?${query}`, apiKey);
    };
  return {
    balanceTransaction: (id, apiKey, account) => get(`/v1/balance_transactions/${id}`, apiKey, account),
    balanceTransactions: list('/v1/balance_transactions'),
    billingObject: (object, id, apiKey, account) => get(`/v1/${object}s/${id}`, apiKey, account),
    payouts: list('/v1/payouts'),
    balance: (apiKey) => get('/v1/balance', apiKey),
  };
};
