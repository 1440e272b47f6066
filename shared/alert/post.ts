import type { Answer, Ask } from '../providers/patience.ts';
import type { Sent } from './telling.ts';

const TIMEOUT_MS = 8_000;
const REASON_LENGTH = 300;

/** What went wrong before a byte of the request can have arrived. */
const NEVER_LEFT: ReadonlySet<unknown> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

const codeOf = (error: unknown): unknown => {
  const { code, cause } = error as { readonly code?: unknown; readonly cause?: { readonly code?: unknown } };
  return cause?.code ?? code;
};

const retryAfterSeconds = ({ headers }: Answer): number | undefined => {
  const told = Number(headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(told) && told >= 0 ? told : undefined;
};

/** What a service said in answer, without what must not be in a log. */
const said = (status: number, text: string, secret: string): string =>
  `${status} ${text.replaceAll(secret, '***').replace(/\s+/g, ' ').trim()}`.slice(0, REASON_LENGTH);

/**
 * Posts a message once. Whoever asked too often, or met a service in trouble, may come again; every other answer but a good one
 * is for good.
 * @param secret part of address or body that no log may show.
 */
export const post = async (ask: Ask, url: string, body: unknown, secret: string): Promise<Sent> => {
  let answer: Answer;
  let text: string;
  try {
    answer = await ask(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    text = await answer.text();
  } catch (error) {
    const code = codeOf(error);
    /** The error's own words may name the address. */
    const reason = `no answer (${String(code ?? (error as Error).name)})`;
    return { outcome: NEVER_LEFT.has(code) ? 'later' : 'unknown', reason };
  }
  if (answer.status >= 200 && answer.status < 300) return { outcome: 'accepted' };
  const reason = said(answer.status, text, secret);
  if (answer.status !== 429 && answer.status < 500) return { outcome: 'refused', reason };
  const seconds = retryAfterSeconds(answer);
  return { outcome: 'later', reason, ...(seconds !== undefined && { retryAfterSeconds: seconds }) };
};
