import { randomUUID } from 'node:crypto';
import { Stripe } from 'stripe';
import { signedHeaders } from '../../shared/providers/generic/signature.ts';

/** Talks to a running pipeline through its front door, as providers, owners and investors do. */
export interface LocalClient {
  readonly stripe: (
    event: unknown,
    options?: { readonly tenant?: string; readonly secret?: string },
  ) => Promise<Answer>;
  readonly generic: (
    events: readonly unknown[],
    options?: { readonly tenant?: string; readonly secret?: string },
  ) => Promise<Answer>;
  readonly payroll: (
    run: unknown,
    options?: { readonly tenant?: string; readonly secret?: string; readonly deliveryId?: string },
  ) => Promise<Answer>;
  readonly request: (
    method: string,
    path: string,
    options?: { readonly token?: string; readonly body?: unknown },
  ) => Promise<Answer>;
  readonly token: (fields?: {
    readonly tenant?: string;
    readonly scopes?: readonly string[];
    readonly ttl_seconds?: number;
  }) => Promise<string>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: tests read what they assert
  readonly body: any;
}

const READER = ['admin'];

const answerOf = async (response: Response): Promise<Answer> => {
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: text === '' ? undefined : JSON.parse(text),
  };
};

export const localClient = (url: string): LocalClient => {
  const send = async (path: string, headers: Record<string, string>, body: string): Promise<Answer> =>
    answerOf(
      await fetch(`${url}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body,
      }),
    );
  return {
    stripe: (event, { tenant = 'demo', secret = 'whsec_local' } = {}) => {
      const payload = JSON.stringify(event);
      const signature = Stripe.webhooks.generateTestHeaderString({ payload, secret });
      return send(`/v1/webhooks/${tenant}/stripe`, { 'stripe-signature': signature }, payload);
    },
    generic: (events, { tenant = 'demo', secret = 'local-secret' } = {}) => {
      const payload = JSON.stringify({ schema: 1, events });
      const headers = signedHeaders(secret, randomUUID(), Buffer.from(payload), Date.now());
      return send(`/v1/webhooks/${tenant}/generic`, headers, payload);
    },
    payroll: (run, { tenant = 'demo', secret = 'local-secret', deliveryId = randomUUID() } = {}) => {
      const payload = JSON.stringify(run);
      const headers = signedHeaders(secret, deliveryId, Buffer.from(payload), Date.now());
      return send(`/v1/webhooks/${tenant}/payroll`, headers, payload);
    },
    request: async (method, path, { token, body } = {}) =>
      answerOf(
        await fetch(`${url}${path}`, {
          method,
          headers: {
            ...(token !== undefined && { authorization: `Bearer ${token}` }),
            ...(body !== undefined && { 'content-type': 'application/json' }),
          },
          ...(body !== undefined && { body: JSON.stringify(body) }),
        }),
      ),
    token: async (fields = {}) =>
      (await send('/_local/token', {}, JSON.stringify({ tenant: 'demo', scopes: READER, ...fields }))).body
        .token,
  };
};

/** Asks again until `seen` is true of the answer; fails with the last answer after `timeoutMs`. */
export const until = async <Value>(
  ask: () => Promise<Value>,
  seen: (value: Value) => boolean,
  timeoutMs = 15_000,
): Promise<Value> => {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const value = await ask();
    if (seen(value)) return value;
    if (Date.now() > deadline)
      throw new Error(`still not so after ${timeoutMs} ms: ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};
