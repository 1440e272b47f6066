import type { Command } from 'commander';
import { SCOPES, type Scope } from '../../shared/contract/names.ts';
import { Failure, reasonOf } from './failure.ts';

/** Where the local pipeline listens unless told otherwise. */
const LOCAL_API = 'http://127.0.0.1:8080';
const REPLY_TIMEOUT_MS = 30_000;

/** What the command line needs by default: every read, and the plan. */
export const DEFAULT_SCOPES: readonly Scope[] = SCOPES.filter(
  (scope) => scope.endsWith(':read') || scope === 'plan:write',
);

export interface ApiOptions {
  readonly api: string;
  readonly token?: string;
}

export const withApi = (command: Command): Command =>
  command.option('--api <url>', 'the pipeline to talk to', LOCAL_API);

export const withToken = (command: Command): Command =>
  withApi(command).option(
    '--token <jwt>',
    'bearer token; a local pipeline issues one by itself (or set CAPSTACK_TOKEN)',
    process.env['CAPSTACK_TOKEN'],
  );

export const urlOf = (api: string, path: string): URL => {
  try {
    return new URL(`${api.replace(/\/+$/, '')}${path}`);
  } catch {
    throw new Failure(`--api "${api}" is no URL: write http://127.0.0.1:8080 or https://...`);
  }
};

export const isLoopback = (url: URL): boolean =>
  url.hostname === 'localhost' || url.hostname === '[::1]' || /^127(\.\d+){3}$/.test(url.hostname);

/** The problem's own words where the answer is problem+json, else its first line. */
const reasonIn = (body: string): string => {
  try {
    const problem: unknown = JSON.parse(body);
    if (problem !== null && typeof problem === 'object') {
      const { detail, title, message } = problem as Record<string, unknown>;
      const said = [detail, title, message].find((text) => typeof text === 'string');
      if (typeof said === 'string') return said;
    }
  } catch {
    // Not JSON: a proxy's page, say.
  }
  return body.trim().split('\n', 1)[0]?.slice(0, 200) || 'no reason given';
};

const unreachable = (url: URL, error: unknown): Failure => {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  const remedy = isLoopback(url) ? 'start the local pipeline with npm start, or give --api' : 'check --api';
  return new Failure(`nothing answers at ${url.origin} (${reasonOf(cause)}): ${remedy}`);
};

interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly token?: string;
  readonly body?: unknown;
}

const send = async (api: string, call: Call): Promise<unknown> => {
  const url = urlOf(api, call.path);
  const response = await fetch(url, {
    method: call.method,
    headers: {
      ...(call.token === undefined ? {} : { authorization: `Bearer ${call.token}` }),
      ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    body: call.body === undefined ? null : JSON.stringify(call.body),
    redirect: 'error',
    signal: AbortSignal.timeout(REPLY_TIMEOUT_MS),
  }).catch((error: unknown) => {
    throw unreachable(url, error);
  });
  const body = await response.text();
  if (!response.ok)
    throw new Failure(
      `${call.method} ${url.pathname} was answered ${response.status}: ${reasonIn(body)
        .replace(/(?<=[^:\s])\s*\n\s*/g, '; ')
        .replace(/\s+/g, ' ')}`,
    );
  try {
    return body === '' ? {} : JSON.parse(body);
  } catch {
    throw new Failure(`${call.method} ${url.pathname} was answered with something that is no JSON`);
  }
};

/** One delivery, as a provider sends it: no token, bytes as they are, whatever the answer. */
export const post = (
  api: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  body: string,
): Promise<Response> => {
  const url = urlOf(api, path);
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
    redirect: 'error',
    signal: AbortSignal.timeout(REPLY_TIMEOUT_MS),
  }).catch((error: unknown) => {
    throw unreachable(url, error);
  });
};

/** How to act as the administrator of a local pipeline's account. */
export interface LocalAccount {
  readonly stage: string;
  readonly endpoint: string;
  readonly region: string;
  readonly operator: { readonly id: string; readonly secret: string };
}

export const localAccount = async (api: string): Promise<LocalAccount> => {
  if (!isLoopback(urlOf(api, '/')))
    throw new Failure(`${api} is a deployment: name its --stage, and your AWS credentials are used`);
  return (await send(api, { method: 'GET', path: '/_local/run' })) as LocalAccount;
};

export interface TokenRequest {
  readonly tenant: string;
  readonly scopes: readonly string[];
  readonly ttlSeconds: number;
}

/** A token of the local pipeline's own issuer. */
export const issueToken = async (api: string, request: TokenRequest): Promise<string> => {
  const reply = await send(api, {
    method: 'POST',
    path: '/_local/token',
    body: { tenant: request.tenant, scopes: request.scopes, ttl_seconds: request.ttlSeconds },
  });
  const token = (reply as { readonly token?: unknown } | null)?.token;
  if (typeof token !== 'string') throw new Failure(`${api} issued no token: is it a local pipeline?`);
  return token;
};

/** One authorised request; on a loopback API without a token, one with these scopes is fetched first. */
export const callApi = async (
  options: ApiOptions,
  call: Omit<Call, 'token'>,
  scopes: readonly Scope[] = DEFAULT_SCOPES,
): Promise<unknown> => {
  const url = urlOf(options.api, '/');
  if (options.token === undefined && !isLoopback(url))
    throw new Failure(`${url.origin} needs a token: give --token or set CAPSTACK_TOKEN`);
  const token = options.token ?? (await issueToken(options.api, { tenant: 'demo', scopes, ttlSeconds: 60 }));
  return send(options.api, { ...call, token });
};
