import { signedHeaders } from '../../shared/providers/generic/signature.ts';
import { hmacSha256 } from '../../shared/providers/signing.ts';
import type { Delivery } from './deliveries.ts';

/** The documented test values of a local run; no deployment accepts them. */
const SECRETS = { stripe: 'whsec_local', generic: 'local-secret' } as const;
const ATTEMPTS = 7;
const FIRST_WAIT_MS = 200;
const WAIT_MAX_MS = 5_000;
const REPLY_TIMEOUT_MS = 30_000;

export interface FrontDoor {
  /** @returns the body of the answer. @throws Error where it is turned down, or where no attempt got through. */
  readonly deliver: (delivery: Delivery) => Promise<Readonly<Record<string, unknown>>>;
  /** An owner's request, with the token. */
  readonly owner: (
    method: 'GET' | 'POST',
    path: string,
    body?: unknown,
  ) => Promise<Readonly<Record<string, unknown>>>;
  /** Tells the stand-in of Stripe's API what to answer when it is asked for a balance transaction. */
  readonly issue: (transaction: unknown) => Promise<void>;
}

const headersOf = ({ source, id }: Delivery, body: Buffer): Record<string, string> => {
  if (source === 'generic') return signedHeaders(SECRETS.generic, id, body, Date.now());
  const seconds = Math.floor(Date.now() / 1000);
  const signature = hmacSha256(SECRETS.stripe, `${seconds}.`, body).toString('hex');
  return { 'stripe-signature': `t=${seconds},v1=${signature}` };
};

const isPassing = (status: number): boolean => status === 429 || status >= 500;

const waitBefore = (attempt: number, retryAfter: string | null): Promise<void> => {
  const asked = retryAfter !== null && /^\d+$/.test(retryAfter) ? Number.parseInt(retryAfter, 10) * 1000 : 0;
  const waitMs = Math.min(WAIT_MAX_MS, Math.max(asked, FIRST_WAIT_MS * 2 ** (attempt - 1)));
  return new Promise((resolve) => setTimeout(resolve, waitMs));
};

const describe = (status: number, text: string): string =>
  `answered ${status}: ${text.replace(/\s+/g, ' ').slice(0, 300) || 'no reason given'}`;

/** Tries until it is answered for good: a provider repeats what met 429, 5xx or nobody, signed anew each time. */
const send = async (
  what: string,
  url: string,
  request: () => {
    readonly method: string;
    readonly headers: Record<string, string>;
    readonly body: string | null;
  },
): Promise<Readonly<Record<string, unknown>>> => {
  let failure = '';
  let retryAfter: string | null = null;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    if (attempt > 1) await waitBefore(attempt - 1, retryAfter);
    retryAfter = null;
    try {
      const response = await fetch(url, { ...request(), signal: AbortSignal.timeout(REPLY_TIMEOUT_MS) });
      const text = await response.text();
      if (response.ok) return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
      failure = describe(response.status, text);
      if (!isPassing(response.status)) break;
      retryAfter = response.headers.get('retry-after');
    } catch (error) {
      const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
      failure = `met ${cause instanceof Error ? cause.message : String(cause)}`;
    }
  }
  throw new Error(`${what} ${failure}`);
};

/** A pipeline's public side at `url`, as providers and the owner use it. */
export const frontDoor = (url: string, tenant: string, token: string): FrontDoor => ({
  deliver: (delivery) =>
    send(
      `${delivery.source} delivery ${delivery.id}`,
      `${url}/v1/webhooks/${tenant}/${delivery.source}`,
      () => ({
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headersOf(delivery, Buffer.from(delivery.body)) },
        body: delivery.body,
      }),
    ),
  owner: (method, path, body) =>
    send(`${method} ${path}`, `${url}${path}`, () => ({
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      body: body === undefined ? null : JSON.stringify(body),
    })),
  issue: async (transaction) => {
    await send('the stand-in of Stripe', `${url}/_local/stub/stripe/_issue`, () => ({
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(transaction),
    }));
  },
});
