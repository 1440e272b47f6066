import assert from 'node:assert/strict';
import { createHmac, randomUUID } from 'node:crypto';
import { signedHeaders } from '../../../shared/providers/generic/signature.ts';
import type { Answer } from '../../support/local-client.ts';

/** What must be in the ledger after a delivery: nothing of it, its raw body, or the body and facts. */
export type Kept = 'nothing' | 'ignored' | 'quarantined' | 'facts';

/** One delivery and what it must be answered; signed as its source signs unless `headers` says otherwise. */
export interface Delivery {
  readonly name: string;
  readonly source: string;
  readonly body: string | Buffer;
  readonly status: number;
  /** Matched against the text of the answer. */
  readonly says: RegExp;
  /** Left out where only the answer tells. */
  readonly kept?: Kept;
  readonly tenant?: string;
  readonly method?: string;
  readonly path?: string;
  readonly headers?: (body: Buffer) => Readonly<Record<string, string>>;
}

/** One request of an owner or reader. */
export interface Request {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly body?: string;
  /** The whole header; a token of scope admin where it is left out. */
  readonly authorization?: string;
  readonly status: number;
  readonly says: RegExp;
}

/** A delivery as it went out, and what it was answered. */
export interface Sent {
  readonly delivery: Delivery;
  readonly bytes: Buffer;
  readonly answer: Answer;
  /** What the ledger must hold of it. */
  readonly kept: Kept;
}

export interface Door {
  readonly deliver: (delivery: Delivery) => Promise<Answer>;
  readonly ask: (request: Omit<Request, 'name' | 'status' | 'says'>) => Promise<Answer>;
  /** Every delivery so far, the refused ones too. */
  readonly sent: readonly Sent[];
  /** Every answer to an owner's request that was no refusal. */
  readonly granted: readonly { readonly route: string; readonly answer: Answer }[];
}

/** What an answer promises to have kept. */
const keptBy = ({ status, body }: Answer): Kept => {
  if (status !== 200) return 'nothing';
  if (body.quarantined !== undefined) return 'quarantined';
  return body.status === 'ignored' ? 'ignored' : 'facts';
};

const stripeSignature = (body: Buffer, secret: string, seconds: number): string =>
  createHmac('sha256', secret).update(`${seconds}.`).update(body).digest('hex');

export const nowSeconds = (): number => Math.floor(Date.now() / 1000);

export const stripeHeader = (
  body: Buffer,
  { secret = 'whsec_local', seconds = nowSeconds() }: { secret?: string; seconds?: number } = {},
): Record<string, string> => ({
  'stripe-signature': `t=${seconds},v1=${stripeSignature(body, secret, seconds)}`,
});

export const capstackHeaders = (
  body: Buffer,
  {
    secret = 'local-secret',
    id = randomUUID(),
    nowMs = Date.now(),
  }: { secret?: string; id?: string; nowMs?: number } = {},
): Record<string, string> => signedHeaders(secret, id, body, nowMs);

const sign = (source: string, body: Buffer): Readonly<Record<string, string>> =>
  source === 'stripe' ? stripeHeader(body) : capstackHeaders(body);

const answerOf = async (response: Response): Promise<Answer> => {
  const text = await response.text();
  const isJson = /json/.test(response.headers.get('content-type') ?? '');
  return {
    status: response.status,
    headers: response.headers,
    body: isJson && text !== '' ? JSON.parse(text) : text,
  };
};

/** The front door of a running pipeline. */
export const doorOf = (url: string, adminToken: string): Door => {
  const sent: Sent[] = [];
  const granted: { route: string; answer: Answer }[] = [];
  return {
    sent,
    granted,
    deliver: async (delivery) => {
      const {
        source,
        tenant = 'demo',
        method = 'POST',
        headers = (body: Buffer) => sign(source, body),
      } = delivery;
      const bytes = Buffer.from(delivery.body as string);
      const answer = await answerOf(
        await fetch(`${url}${delivery.path ?? `/v1/webhooks/${tenant}/${source}`}`, {
          method,
          headers: { 'content-type': 'application/json', ...headers(bytes) },
          ...(method === 'GET' ? {} : { body: bytes }),
        }),
      );
      sent.push({ delivery, bytes, answer, kept: delivery.kept ?? keptBy(answer) });
      return answer;
    },
    ask: async ({ method, path, body, authorization = `Bearer ${adminToken}` }) => {
      const answer = await answerOf(
        await fetch(`${url}${path}`, {
          method,
          headers: {
            ...(authorization === '' ? {} : { authorization }),
            ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          },
          ...(body === undefined ? {} : { body }),
        }),
      );
      if (answer.status < 400) granted.push({ route: `${method} ${path}`, answer });
      return answer;
    },
  };
};

/** What is wrong with the form of an answer, whatever was asked; none where it is as it should be. */
export const formFaults = ({ status, headers, body }: Answer): string[] => {
  const faults: string[] = [];
  if (status >= 500) faults.push(`is a ${status}`);
  /** A Lambda's answer holds 6 MB at most. */
  if (JSON.stringify(body ?? '').length > 1_500_000) faults.push('is longer than a Lambda should say');
  if (status < 400) return faults;
  const type = headers.get('content-type') ?? '';
  const isGateway = typeof body?.message === 'string' && type.startsWith('application/json');
  if (isGateway && [401, 403, 404, 413].includes(status)) return faults;
  if (type !== 'application/problem+json' || body?.status !== status || typeof body?.title !== 'string')
    faults.push('is no problem document');
  /** A stranger is told nothing; everybody else, what to do. */
  if (status !== 401 && !(typeof body?.detail === 'string' && body.detail.length > 5))
    faults.push('does not say what is wrong');
  return faults;
};

const AT_ONCE = 6;

/** Sends every case and tells all that were answered otherwise than they should be. */
export const assertAnswers = async <Case extends { name: string; status: number; says: RegExp }>(
  cases: readonly Case[],
  send: (each: Case) => Promise<Answer>,
): Promise<void> => {
  const wrong: string[] = [];
  const queue = [...cases];
  const worker = async (): Promise<void> => {
    for (let each = queue.shift(); each !== undefined; each = queue.shift()) {
      const answer = await send(each);
      const said = JSON.stringify(answer.body) ?? '';
      const faults = formFaults(answer);
      if (answer.status !== each.status) faults.push(`is no ${each.status}`);
      if (!each.says.test(said)) faults.push(`does not match ${each.says}`);
      if (faults.length > 0)
        wrong.push(`${each.name}: ${answer.status} ${said.slice(0, 300)} ${faults.join(', ')}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  assert.deepEqual(wrong, []);
  assert.equal(new Set(cases.map(({ name }) => name)).size, cases.length, 'every case has a name of its own');
};
