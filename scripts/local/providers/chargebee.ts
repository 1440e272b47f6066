import { randomUUID } from 'node:crypto';
import { basicAuthorization } from '../../../shared/providers/basic-auth.ts';
import type { ServiceRequest, ServiceResponse } from '../service.ts';
import { type TurnedAway, turnedAway } from './turned-away.ts';

export interface ChargebeeStubOptions {
  /** Where webhooks go: `{url}/v1/webhooks/{tenant}/chargebee`. */
  readonly apiUrl: string;
  /** Most rows on a page, so that a small story has several. */
  readonly pageSize?: number;
  readonly now?: () => number;
}

export type ChargebeeStub = (request: ServiceRequest) => Promise<ServiceResponse>;

interface Fields {
  readonly [name: string]: unknown;
}

/** A resource of a site, as its API and its events show it. */
interface Resource extends Fields {
  readonly id: string;
  readonly updated_at: number;
  readonly deleted: boolean;
}

interface Site {
  /** By list, then by id. */
  readonly lists: Map<string, Map<string, Resource>>;
  readonly away: TurnedAway;
}

const LISTS: Readonly<Record<string, string>> = {
  transactions: 'transaction',
  invoices: 'invoice',
  subscriptions: 'subscription',
  credit_notes: 'credit_note',
};
const MAX_LIMIT = 100;

const answer = (status: number, body: unknown): ServiceResponse => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

const failure = (status: number, code: string, message: string): ServiceResponse =>
  answer(status, { message, api_error_code: code, http_status_code: status });

/** By the time of the last change; equal times by id. A place in the list stays one however rows move. */
const before = (a: Resource, b: Resource): number =>
  a.updated_at - b.updated_at || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

const placeOf = ({ updated_at, id }: Resource): string =>
  Buffer.from(JSON.stringify([updated_at, id])).toString('base64url');

const list = (site: Site, path: string, query: URLSearchParams, pageSize: number): ServiceResponse => {
  const name = LISTS[path];
  if (name === undefined) return failure(404, 'resource_not_found', `no such list: ${path}`);
  const limit = Number(query.get('limit') ?? 10);
  if (!(limit >= 1 && limit <= MAX_LIMIT))
    return failure(400, 'param_wrong_value', `limit : must be between 1 and ${MAX_LIMIT}`);
  const after = Number(query.get('updated_at[after]') ?? -1);
  const offset = query.get('offset');
  const [second, id] = offset === null ? [-1, ''] : JSON.parse(Buffer.from(offset, 'base64url').toString());
  const place = { updated_at: second, id, deleted: false };
  const matching = [...(site.lists.get(name)?.values() ?? [])]
    .filter((row) => row.updated_at > after && (!row.deleted || query.get('include_deleted') === 'true'))
    .filter((row) => before(row, place) > 0)
    .sort(before);
  const shown = matching.slice(0, Math.min(limit, pageSize));
  const last = shown.at(-1);
  return answer(200, {
    list: shown.map((row) => ({ [name]: row })),
    ...(last !== undefined && matching.length > shown.length && { next_offset: placeOf(last) }),
  });
};

/** Puts resources as they are from now on, stamped with the time of the change where they bear none. */
const put = (site: Site, asked: Fields, nowMs: number): ServiceResponse => {
  for (const [name, given] of Object.entries(asked)) {
    const kept = site.lists.get(name) ?? new Map<string, Resource>();
    for (const resource of given as Fields[]) {
      const id = String(resource['id']);
      const stamped = { updated_at: Math.floor(nowMs / 1_000), resource_version: nowMs, deleted: false };
      kept.set(id, { ...kept.get(id), ...stamped, ...resource, id, object: name });
    }
    site.lists.set(name, kept);
  }
  return answer(200, {});
};

/** Sends an event with these resources as they are, and answers with what it was answered. */
const send = async (site: Site, apiUrl: string, asked: Fields, nowMs: number): Promise<ServiceResponse> => {
  const { tenant = 'demo', event_type = 'invoice_updated', id, content = {}, credentials, ...more } = asked;
  const [user = '', password = ''] = String(credentials ?? 'local:local').split(':');
  const resources = Object.entries(content as Record<string, string | Fields>).map(([name, given]) => [
    name,
    typeof given === 'string' ? site.lists.get(name)?.get(given) : given,
  ]);
  const response = await fetch(`${apiUrl}/v1/webhooks/${tenant}/chargebee`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json;charset=UTF-8',
      authorization: basicAuthorization(user, password),
    },
    body: JSON.stringify({
      id: id ?? `ev_${randomUUID().replaceAll('-', '')}`,
      occurred_at: Math.floor(nowMs / 1_000),
      source: 'api',
      object: 'event',
      api_version: 'v2',
      event_type,
      webhook_status: 'scheduled',
      content: Object.fromEntries(resources),
      ...more,
    }),
  });
  return answer(response.status, await response.json());
};

const fieldsIn = (body: Buffer): Fields => JSON.parse(body.toString('utf8') || '{}') as Fields;

/**
 * The part of Chargebee's API that the pipeline uses, for the local run: `/{site}/api/v2/...` lists what was put to
 * `/{site}/_control/resources`, in pages, `/{site}/_control/webhooks` sends an event about it, and
 * `/{site}/_control/limits` turns the next requests away (`{ "status": 429, "times": 1 }`), as Chargebee does when it is asked too often.
 */
export const chargebeeStub = ({
  apiUrl,
  pageSize = 3,
  now = Date.now,
}: ChargebeeStubOptions): ChargebeeStub => {
  const sites = new Map<string, Site>();
  const siteOf = (name: string): Site => {
    const known = sites.get(name) ?? { lists: new Map(), away: turnedAway({ status: 429, retry_after: 0 }) };
    sites.set(name, known);
    return known;
  };

  const control = async (site: Site, what: string, request: ServiceRequest): Promise<ServiceResponse> => {
    if (what === 'limits') return site.away.order(request);
    const asked = fieldsIn(request.body);
    if (what === 'resources') return put(site, asked, now());
    if (what === 'webhooks') return send(site, apiUrl, asked, now());
    return failure(404, 'resource_not_found', `no such control: ${what}`);
  };

  return async (request) => {
    const url = new URL(request.path, 'http://chargebee.local');
    const [, name = '', rest = ''] = /^\/([a-z0-9-]+)\/(.*)$/.exec(url.pathname) ?? [];
    const site = siteOf(name);
    if (request.method === 'POST' && rest.startsWith('_control/'))
      return control(site, rest.slice('_control/'.length), request);
    if (!/^Basic ./.test(request.headers['authorization'] ?? ''))
      return failure(401, 'api_authentication_failed', 'Sorry, authentication failed. Invalid api key');
    const turned = site.away.next();
    if (turned !== undefined) return turned;
    const [, path = ''] = /^api\/v2\/([a-z_]+)$/.exec(rest) ?? [];
    return request.method === 'GET'
      ? list(site, path, url.searchParams, pageSize)
      : failure(404, 'resource_not_found', `no such endpoint: ${url.pathname}`);
  };
};
