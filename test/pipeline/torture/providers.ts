/** The providers' own sides of the story: what they answer when the pipeline asks. */

import { chargebeeStub } from '../../../scripts/local/providers/chargebee.ts';
import { gustoStub } from '../../../scripts/local/providers/gusto.ts';
import { plaidStub } from '../../../scripts/local/providers/plaid.ts';
import { stripeStub } from '../../../scripts/local/providers/stripe.ts';
import type { ServiceResponse } from '../../../scripts/local/service.ts';
import type { OauthTokenStore } from '../../../shared/aws/oauth-tokens.ts';
import { type ChargebeeApi, chargebeeApi } from '../../../shared/providers/chargebee/api.ts';
import { type GustoApi, gustoApi } from '../../../shared/providers/gusto/api.ts';
import { type Ask, patient } from '../../../shared/providers/patience.ts';
import { type PlaidApi, plaidApi } from '../../../shared/providers/plaid/api.ts';
import { type StripeApi, stripeApi } from '../../../shared/providers/stripe/api.ts';
import { COMPANY } from '../../support/gusto-payloads.ts';
import { memoryTokens } from '../../support/memory-intake.ts';
import { ITEM } from '../../support/plaid-payloads.ts';
import { AT_PROVIDERS, NOW, SITE } from './sendings.ts';
import type { Troubled } from './trouble.ts';

export interface Providers {
  readonly stripe: StripeApi;
  readonly plaid: PlaidApi;
  readonly chargebee: ChargebeeApi;
  readonly gusto: GustoApi;
  readonly tokens: OauthTokenStore;
}

/** What a provider answers instead of an answer: a status, or nothing in time. */
export type Outage = (provider: string) => number | 'timeout' | undefined;

type Stub = (request: {
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: Buffer;
}) => ServiceResponse | Promise<ServiceResponse>;

const json = (value: object): Buffer => Buffer.from(JSON.stringify(value));

/** Everything that happened at the providers has happened: in what order we hear of it is our affair. */
export const providersOf = ({ call }: Troubled, outage: Outage = () => undefined): Providers => {
  const apiUrl = 'http://nowhere.invalid';
  const now = (): number => NOW;
  const stripe = stripeStub();
  const plaid = plaidStub({ apiUrl, pageSize: 2 });
  const chargebee = chargebeeStub({ apiUrl, pageSize: 1, now });
  const gusto = gustoStub({ apiUrl, pageSize: 1, now });
  const put = (stub: Stub, path: string, value: object): void =>
    void stub({ method: 'POST', path, headers: {}, body: json(value) });
  for (const transaction of AT_PROVIDERS.stripe) put(stripe, '/_issue', transaction);
  put(plaid, '/_control/transactions', { item_id: ITEM, put: AT_PROVIDERS.plaid, remove: [] });
  put(chargebee, `/${SITE}/_control/resources`, AT_PROVIDERS.chargebee);
  put(gusto, '/_control/companies', { company_uuid: COMPANY, ...AT_PROVIDERS.gusto });

  const ask =
    (name: string, stub: Stub): Ask =>
    (url, { method = 'GET', headers, body = '' }) => {
      const { pathname, search } = new URL(url);
      // A refresh token is good once: who loses that answer has lost the login, and a person has to see to it.
      const through: typeof call = pathname === '/oauth/token' ? async (_name, effect) => effect() : call;
      return through(name, async () => {
        const trouble = outage(name);
        if (trouble === 'timeout') throw new DOMException('The operation timed out.', 'TimeoutError');
        const answer: ServiceResponse =
          trouble === undefined
            ? await stub({ method, path: `${pathname}${search}`, headers, body: Buffer.from(body) })
            : { status: trouble, headers: {}, body: '{}' };
        return {
          status: answer.status,
          headers: { get: (header) => answer.headers[header] ?? null },
          text: async () => answer.body.toString(),
        };
      });
    };
  const patiently = (name: string, stub: Stub): Ask => patient(ask(name, stub), async () => undefined);
  return {
    stripe: stripeApi('http://stripe.local', ask('stripe', stripe)),
    plaid: plaidApi('http://plaid.local', (url, init) =>
      ask('plaid', plaid)(url, { ...init, method: 'POST' }),
    ),
    chargebee: chargebeeApi('http://chargebee.local/{site}', patiently('chargebee', chargebee)),
    gusto: gustoApi('http://gusto.local', patiently('gusto', gusto)),
    tokens: memoryTokens(),
  };
};
