import { gzipSync } from 'node:zlib';
import type { ServiceRequest, ServiceResponse } from '../service.ts';

export type MixpanelStub = (request: ServiceRequest) => ServiceResponse;

interface ExportedEvent {
  readonly event: string;
  readonly properties: { readonly time: number };
}

const MS_PER_DAY = 86_400_000;
/** Shorter answers are not compressed. */
const GZIP_FROM_BYTES = 1_400;

const plain = (status: number, body: string, headers: Record<string, string> = {}): ServiceResponse => ({
  status,
  headers: { 'content-type': 'text/plain', ...headers },
  body,
});

const isServiceAccount = (authorization = ''): boolean =>
  /^[^:]+:.+$/.test(Buffer.from(authorization.replace(/^Basic /, ''), 'base64').toString());

/**
 * Mixpanel's export, for the local run: `/{host}/_control/events` takes rows (`[{"event","properties":{"time","distinct_id",
 * "$insert_id"}}]`, late, twice or with other properties like the real ones), and `/{host}/api/2.0/export` gives them back as
 * often as they came. `/{host}/_control/limits` `{"times":1}` turns the next requests away, and `/{host}/_control/cuts`
 * `{"times":1}` ends the next answers in the middle of a row, with `"says"` after it.
 */
export const mixpanelStub = (): MixpanelStub => {
  const sent: ExportedEvent[] = [];
  let turnedAway = 0;
  let cut = { times: 0, says: '' };

  const control = (what: string, body: string): ServiceResponse => {
    const told: unknown = JSON.parse(body);
    if (what === 'events') sent.push(...(told as ExportedEvent[]));
    else if (what === 'limits') turnedAway = (told as { readonly times: number }).times;
    else cut = { says: '', ...(told as { readonly times: number; readonly says?: string }) };
    return plain(200, '{}');
  };

  const exported = (query: URLSearchParams): string => {
    const events = JSON.parse(query.get('event') ?? 'null') as string[] | null;
    const startMs = Date.parse(query.get('from_date') ?? '');
    const endMs = Date.parse(query.get('to_date') ?? '') + MS_PER_DAY;
    const rows = sent.filter(({ event, properties: { time } }) => {
      const ms = time * 1_000;
      return (events === null || events.includes(event)) && ms >= startMs && ms < endMs;
    });
    return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
  };

  const answer = (query: URLSearchParams, takesGzip: boolean): ServiceResponse => {
    let text = exported(query);
    if (cut.times > 0 && text !== '') {
      cut = { ...cut, times: cut.times - 1 };
      text = cut.says === '' ? text.slice(0, text.length - 9) : `${text}${cut.says}`;
    }
    if (!takesGzip || text.length < GZIP_FROM_BYTES) return plain(200, text);
    return { ...plain(200, '', { 'content-encoding': 'gzip' }), body: gzipSync(text) };
  };

  return ({ method, path, headers, body }) => {
    const { pathname, searchParams } = new URL(path, 'http://mixpanel');
    const [, controlled] = /^\/[^/]+\/_control\/(events|limits|cuts)$/.exec(pathname) ?? [];
    if (method === 'POST' && controlled !== undefined) return control(controlled, body.toString());
    if (method !== 'GET' || !/^\/data(-eu|-in)?\.mixpanel\.com\/api\/2\.0\/export$/.test(pathname))
      return plain(404, 'Not found');
    if (!isServiceAccount(headers['authorization'])) return plain(401, '{"error":"Invalid credentials"}');
    if (!searchParams.has('project_id')) return plain(400, '{"error":"project_id is a required parameter"}');
    if (turnedAway > 0) {
      turnedAway -= 1;
      return plain(429, '{"error":"Too many requests"}', { 'retry-after': '1800' });
    }
    return answer(searchParams, (headers['accept-encoding'] ?? '').includes('gzip'));
  };
};
