import * as v from 'valibot';
import { basicAuthorization } from '../basic-auth.ts';
import type { Ask } from '../patience.ts';
import type { ResourceName } from './webhook.ts';

const TIMEOUT_MS = 10_000;
/** The most Chargebee gives in one page. */
const PAGE_SIZE = 100;

/** Where each resource is listed; credit notes can be sorted by their date only. */
const LISTS: Readonly<Record<ResourceName, { readonly path: string; readonly sorted: boolean }>> = {
  transaction: { path: 'transactions', sorted: true },
  invoice: { path: 'invoices', sorted: true },
  subscription: { path: 'subscriptions', sorted: true },
  credit_note: { path: 'credit_notes', sorted: false },
};

/** Whether a list comes in the order of the last change, so that a reading cut short goes on where it was. */
export const isSortedByChange = (resource: ResourceName): boolean => LISTS[resource].sorted;

export interface ChargebeePage {
  /** Each with the resource under its own name, beside others that belong to it. */
  readonly list: readonly Readonly<Record<string, unknown>>[];
  readonly next_offset?: string | undefined;
}

/** `refused`: our key or request is wrong, and repeating it is no use. */
export type ChargebeeAnswer =
  | { readonly outcome: 'found'; readonly page: ChargebeePage }
  | { readonly outcome: 'refused'; readonly status: number };

export interface ChargebeeApi {
  /** One page of what changed after a second, deleted resources included; of everything where there is none. */
  readonly changed: (
    site: string,
    apiKey: string,
    resource: ResourceName,
    from: { readonly afterSeconds?: number | undefined; readonly offset?: string | undefined },
  ) => Promise<ChargebeeAnswer>;
}

const pageSchema: v.GenericSchema<unknown, ChargebeePage> = v.object({
  list: v.array(v.record(v.string(), v.unknown())),
  next_offset: v.optional(v.string()),
});

/**
 * Reads Chargebee's lists. Throws where a later attempt may do better.
 * @param baseUrl address with `{site}` where the site's name goes.
 */
export const chargebeeApi = (baseUrl: string, ask: Ask): ChargebeeApi => ({
  changed: async (site, apiKey, resource, { afterSeconds, offset }) => {
    const { path, sorted } = LISTS[resource];
    const query = new URLSearchParams({
      limit: PAGE_SIZE.toString(),
      include_deleted: 'true',
      ...(sorted && { 'sort_by[asc]': 'updated_at' }),
      ...(afterSeconds !== undefined && { 'updated_at[after]': afterSeconds.toString() }),
      ...(offset !== undefined && { offset }),
    });
    const base = baseUrl.replace('{site}', site).replace(/\/+$/, '');
    const response = await ask(`${base}/api/v2/${path}?${query}`, {
      headers: { authorization: basicAuthorization(apiKey, '') },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await response.text();
    if (response.status === 429 || response.status >= 500)
      throw new Error(`Chargebee answered ${response.status}`);
    if (response.status !== 200) return { outcome: 'refused', status: response.status };
    const page = v.safeParse(pageSchema, JSON.parse(text));
    if (!page.success) throw new Error('Chargebee sent no list');
    return { outcome: 'found', page: page.output };
  },
});
