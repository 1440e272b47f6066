import { importPKCS8, SignJWT } from 'jose';
import * as v from 'valibot';
import type { Answer, Ask } from '../patience.ts';

/** A parameter of a query, always text; the query converts it. */
export type QueryParameters = Readonly<Record<string, string>>;

export interface BillingQuery {
  readonly project: string;
  readonly location?: string | undefined;
  readonly sql: string;
  readonly parameters: QueryParameters;
}

/** `refused`: our key or query is wrong, and repeating it is no use. */
export type GoogleAnswer =
  | { readonly outcome: 'rows'; readonly rows: readonly (readonly (string | null)[])[] }
  | { readonly outcome: 'refused'; readonly reason: string };

export interface GoogleApi {
  /** All rows of a query, in the name of a service account. Throws where a later attempt may do better. */
  readonly rows: (serviceAccount: string, query: BillingQuery, nowMs: number) => Promise<GoogleAnswer>;
}

const TIMEOUT_MS = 30_000;
const WAIT_MS = 20_000;
/** Looks at a query that is not done yet. */
const MAX_LOOKS = 5;
const MAX_PAGES = 100;
const PAGE_ROWS = 1_000;
/** 20 GB, about 12 cents: a query that would read more is not run. */
const MAX_BYTES_BILLED = '21474836480';
/** Whatever address stands in for it, a token is asked of Google. */
const AUDIENCE = 'https://oauth2.googleapis.com/token';
const SCOPE = 'https://www.googleapis.com/auth/bigquery';

const accountSchema = v.object({
  client_email: v.pipe(v.string(), v.email()),
  private_key: v.pipe(v.string(), v.startsWith('-----BEGIN PRIVATE KEY-----')),
});
const tokenSchema = v.object({ access_token: v.string() });
const pageSchema = v.object({
  jobComplete: v.boolean(),
  jobReference: v.object({
    jobId: v.pipe(v.string(), v.regex(/^[\w-]{1,1024}$/)),
    location: v.nullish(v.string()),
  }),
  rows: v.optional(v.array(v.object({ f: v.array(v.object({ v: v.nullable(v.string()) })) })), []),
  pageToken: v.nullish(v.string()),
});
type Page = v.InferOutput<typeof pageSchema>;

/** A statement that the holder of the account's key makes, good for a token. */
const assertionOf = async (serviceAccount: string, nowMs: number): Promise<string | undefined> => {
  try {
    const account = v.parse(accountSchema, JSON.parse(serviceAccount));
    const key = await importPKCS8(account.private_key, 'RS256');
    const seconds = Math.floor(nowMs / 1_000);
    return await new SignJWT({ scope: SCOPE })
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT' })
      .setIssuer(account.client_email)
      .setAudience(AUDIENCE)
      .setIssuedAt(seconds)
      .setExpirationTime(seconds + 3_600)
      .sign(key);
  } catch {
    return undefined;
  }
};

/** @throws where a later attempt may do better. */
const textOf = async (response: Answer): Promise<string> => {
  const text = await response.text();
  const isBusy =
    response.status === 429 || response.status >= 500 || /rateLimitExceeded|backendError/.test(text);
  if (response.status !== 200 && isBusy) throw new Error(`Google answered ${response.status}`);
  return text;
};

const refused = (what: string, status: number, text: string): GoogleAnswer => ({
  outcome: 'refused',
  reason: `${what} was answered ${status}: ${text.slice(0, 300)}`,
});

/** The two things that are asked of Google. @param urlTemplate with `{service}` where `bigquery` or `oauth2` goes. */
export const googleApi = (urlTemplate: string, ask: Ask): GoogleApi => {
  const base = (service: string): string => urlTemplate.replace('{service}', service).replace(/\/+$/, '');

  const send = async (
    url: string,
    headers: Record<string, string>,
    body?: string,
  ): Promise<[number, string]> => {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const response = await ask(url, {
      headers,
      signal,
      ...(body !== undefined && { method: 'POST' as const, body }),
    });
    return [response.status, await textOf(response)];
  };

  const collect = async (
    first: [number, string],
    next: (page: Page) => Promise<[number, string]>,
  ): Promise<GoogleAnswer> => {
    const rows: (string | null)[][] = [];
    let [answer, looks] = [first, 0];
    for (let pages = 0; pages < MAX_PAGES; pages++) {
      const [status, text] = answer;
      if (status !== 200) return refused('the query', status, text);
      const page = v.parse(pageSchema, JSON.parse(text));
      if (page.jobComplete) {
        rows.push(...page.rows.map(({ f }) => f.map((cell) => cell.v)));
        if (!page.pageToken) return { outcome: 'rows', rows };
      } else if (++looks > MAX_LOOKS) throw new Error('the query takes too long');
      answer = await next(page);
    }
    throw new Error('the answer has too many pages');
  };

  return {
    rows: async (serviceAccount, { project, location, sql, parameters }, nowMs) => {
      const assertion = await assertionOf(serviceAccount, nowMs);
      if (assertion === undefined)
        return { outcome: 'refused', reason: 'the key is not that of a service account' };
      const form = { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion };
      const [status, text] = await send(
        `${base('oauth2')}/token`,
        { 'content-type': 'application/x-www-form-urlencoded' },
        new URLSearchParams(form).toString(),
      );
      if (status !== 200) return refused('the key', status, text);
      const headers = {
        authorization: `Bearer ${v.parse(tokenSchema, JSON.parse(text)).access_token}`,
        'content-type': 'application/json',
      };
      const queries = `${base('bigquery')}/bigquery/v2/projects/${encodeURIComponent(project)}/queries`;
      const request = {
        query: sql,
        useLegacySql: false,
        parameterMode: 'NAMED',
        queryParameters: Object.entries(parameters).map(([name, value]) => ({
          name,
          parameterType: { type: 'STRING' },
          parameterValue: { value },
        })),
        timeoutMs: WAIT_MS,
        maxResults: PAGE_ROWS,
        maximumBytesBilled: MAX_BYTES_BILLED,
        ...(location !== undefined && { location }),
      };
      return collect(await send(queries, headers, JSON.stringify(request)), ({ jobReference, pageToken }) => {
        const at = jobReference.location ?? location;
        const search = new URLSearchParams({
          maxResults: String(PAGE_ROWS),
          timeoutMs: String(WAIT_MS),
          ...(at && { location: at }),
          ...(pageToken && { pageToken }),
        });
        return send(`${queries}/${jobReference.jobId}?${search}`, headers);
      });
    },
  };
};
