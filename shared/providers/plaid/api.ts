import * as v from 'valibot';
import type { VerificationKey } from '../provider.ts';

const TIMEOUT_MS = 5_000;
/** The most Plaid gives in one page. */
const PAGE_SIZE = 500;

export type Post = (
  url: string,
  init: { method: 'POST'; headers: Record<string, string>; body: string; signal: AbortSignal },
) => Promise<{ readonly status: number; text(): Promise<string> }>;

/** Of the tenant's Plaid account. */
export interface PlaidCredentials {
  readonly clientId: string;
  readonly secret: string;
}

/** `refused`: our request is wrong or the item is not well, and repeating it is no use. */
export type PlaidAnswer =
  | { readonly outcome: 'found'; readonly value: unknown }
  | { readonly outcome: 'refused'; readonly status: number; readonly code: string };

export interface PlaidApi {
  /** @returns undefined where Plaid has no key of this id. */
  readonly verificationKey: (
    credentials: PlaidCredentials,
    keyId: string,
  ) => Promise<VerificationKey | undefined>;
  /** One page of what changed since `cursor`; since the beginning where there is none. */
  readonly transactionsSync: (
    credentials: PlaidCredentials,
    accessToken: string,
    cursor: string | undefined,
  ) => Promise<PlaidAnswer>;
}

const UNKNOWN_KEY = 'INVALID_WEBHOOK_VERIFICATION_KEY_ID';

const coordinate = v.pipe(v.string(), v.regex(/^[\w-]{43}$/));
const keyAnswer = v.object({
  key: v.object({
    alg: v.literal('ES256'),
    kty: v.literal('EC'),
    crv: v.literal('P-256'),
    x: coordinate,
    y: coordinate,
    expired_at: v.nullish(v.pipe(v.number(), v.safeInteger())),
  }),
});

const codeOf = (text: string): string => {
  try {
    return String((JSON.parse(text) as { error_code?: unknown }).error_code ?? '');
  } catch {
    return '';
  }
};

/** The two calls of Plaid's API that we make. Throws where a later attempt may do better. */
export const plaidApi = (baseUrl: string, post: Post): PlaidApi => {
  const call = async (
    path: string,
    { clientId, secret }: PlaidCredentials,
    fields: Readonly<Record<string, unknown>>,
  ): Promise<PlaidAnswer> => {
    const response = await post(`${baseUrl}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ client_id: clientId, secret, ...fields }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await response.text();
    if (response.status === 429 || response.status >= 500)
      throw new Error(`Plaid answered ${response.status}`);
    return response.status === 200
      ? { outcome: 'found', value: JSON.parse(text) }
      : { outcome: 'refused', status: response.status, code: codeOf(text) };
  };
  return {
    verificationKey: async (credentials, keyId) => {
      const answer = await call('/webhook_verification_key/get', credentials, { key_id: keyId });
      if (answer.outcome === 'refused') {
        if (answer.code === UNKNOWN_KEY) return undefined;
        throw new Error(`Plaid refused to name a key: ${answer.status} ${answer.code}`);
      }
      const { key } = v.parse(keyAnswer, answer.value);
      return { x: key.x, y: key.y, expiredSeconds: key.expired_at ?? undefined };
    },
    transactionsSync: (credentials, accessToken, cursor) =>
      call('/transactions/sync', credentials, {
        access_token: accessToken,
        count: PAGE_SIZE,
        ...(cursor !== undefined && { cursor }),
      }),
  };
};
