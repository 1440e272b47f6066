import { type CivilDate, civilDateIn } from '../../../shared/time/civil-date.ts';
import type { ServiceRequest, ServiceResponse } from '../service.ts';

export type PosthogStub = (request: ServiceRequest) => ServiceResponse;

interface CapturedEvent {
  readonly uuid: string;
  readonly event: string;
  readonly timestamp: string;
}

/** What a query of one's own gives. */
interface Answered {
  readonly query: string;
  readonly rows: readonly (readonly [day: CivilDate, value: number])[];
}

interface Asked {
  readonly query: {
    readonly query: string;
    readonly values: {
      readonly event?: string;
      readonly from: CivilDate;
      readonly before: CivilDate;
      readonly zone: string;
    };
  };
}

const answer = (status: number, body: unknown): ServiceResponse => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

/**
 * PostHog's queries, for the local run: `/{host}/_control/events` takes events (`[{"uuid","event","timestamp"}]`, late or twice
 * like the real ones), `/{host}/api/projects/{id}/query/` counts distinct ones by day, and `/{host}/_control/limits`
 * `{"times":1}` turns the next requests away, as PostHog does when it is asked too often. It understands no HogQL: what a query
 * of one's own answers is told to `/{host}/_control/answers` (`{"query","rows":[["2026-01-15",3]]}`), else it counts all events.
 */
export const posthogStub = (): PosthogStub => {
  const captured: CapturedEvent[] = [];
  const answers = new Map<string, Answered['rows']>();
  let turnedAway = 0;

  const control = (what: string, body: string): ServiceResponse => {
    if (what === 'events') captured.push(...(JSON.parse(body) as CapturedEvent[]));
    else if (what === 'answers') {
      const { query, rows } = JSON.parse(body) as Answered;
      answers.set(query, rows);
    } else turnedAway = (JSON.parse(body) as { readonly times: number }).times;
    return answer(200, {});
  };

  const count = (asked: Asked): ServiceResponse => {
    const { event, from, before, zone } = asked.query.values;
    const told = answers.get(asked.query.query);
    if (told !== undefined) {
      const results = told.filter(([day]) => day >= from && day < before);
      return answer(200, { columns: ['day', 'value'], results, hasMore: false });
    }
    const days = new Map<CivilDate, Set<string>>();
    for (const each of captured) {
      const day = civilDateIn(zone, Date.parse(each.timestamp));
      if ((event !== undefined && each.event !== event) || day < from || day >= before) continue;
      days.set(day, (days.get(day) ?? new Set()).add(each.uuid));
    }
    const results = [...days].map(([day, uuids]) => [day, uuids.size]).sort();
    return answer(200, { columns: ['day', 'value'], results, hasMore: false });
  };

  return ({ method, path, headers, body }) => {
    const [, controlled] = /^\/[^/]+\/_control\/(events|answers|limits)$/.exec(path) ?? [];
    if (method !== 'POST') return answer(405, { detail: 'Method not allowed.' });
    if (controlled !== undefined) return control(controlled, body.toString());
    if (!/^\/[^/]+\/api\/projects\/\d+\/query\/$/.test(path)) return answer(404, { detail: 'Not found.' });
    if (!/^Bearer phx_/.test(headers['authorization'] ?? ''))
      return answer(401, { type: 'authentication_error', code: 'not_authenticated' });
    if (turnedAway > 0) {
      turnedAway -= 1;
      return answer(429, { type: 'throttled_error', code: 'throttled' });
    }
    return count(JSON.parse(body.toString()) as Asked);
  };
};
