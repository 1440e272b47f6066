import type { ProviderStub } from '../local-paths.ts';
import type { ServiceResponse } from '../service.ts';
import { turnedAway } from './turned-away.ts';

/** What the local run stores as the tenant's routing key: 32 letters and digits. */
export const localRoutingKey = (tenant: string): string =>
  tenant
    .replace(/[^a-z0-9]/g, 'x')
    .padEnd(32, '0')
    .slice(0, 32);

interface PagerDutyEvent {
  readonly routing_key?: unknown;
  readonly event_action?: unknown;
  readonly dedup_key?: unknown;
  readonly payload?: { readonly summary?: unknown; readonly source?: unknown; readonly severity?: unknown };
}

const answer = (status: number, body: unknown): ServiceResponse => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

const SEVERITIES: readonly unknown[] = ['critical', 'error', 'warning', 'info'];

/** What PagerDuty would say is wrong with an event. */
const errorsOf = ({
  routing_key: key,
  event_action: action,
  dedup_key: dedup,
  payload,
}: PagerDutyEvent): string[] => [
  ...(typeof key === 'string' && key.length === 32
    ? []
    : ["Length of 'routing_key' is incorrect (should be 32 characters)"]),
  ...(action === 'trigger' || action === 'resolve' ? [] : ["'event_action' is invalid"]),
  ...(typeof dedup === 'string' && dedup.length <= 255 ? [] : ["'dedup_key' is missing or too long"]),
  ...(action !== 'trigger' ||
  (typeof payload?.summary === 'string' &&
    payload.summary.length <= 1024 &&
    typeof payload.source === 'string' &&
    SEVERITIES.includes(payload.severity))
    ? []
    : ["'payload' is incomplete"]),
];

/**
 * PagerDuty's events, for the local run: `GET /_control/events` lists what came and which incidents are open, and
 * `POST /_control/answers` `{"status":429,"times":1}` orders other answers.
 * @param heard is told of each event that was taken, as one line.
 */
export const pagerDutyStub = (heard: (line: string) => void): ProviderStub => {
  const events: PagerDutyEvent[] = [];
  const open = new Map<string, PagerDutyEvent>();
  const away = turnedAway();

  const take = (event: PagerDutyEvent): ServiceResponse => {
    const errors = errorsOf(event);
    if (errors.length > 0)
      return answer(400, { status: 'invalid event', message: 'Event object is invalid', errors });
    events.push(event);
    const incident = `${event.routing_key} ${event.dedup_key}`;
    if (event.event_action === 'resolve') open.delete(incident);
    else open.set(incident, event);
    heard(`PagerDuty: ${event.event_action} ${event.dedup_key} ${String(event.payload?.summary ?? '')}`);
    return answer(202, { status: 'success', message: 'Event processed', dedup_key: event.dedup_key });
  };

  return (request) => {
    switch (`${request.method} ${request.path}`) {
      case 'POST /v2/enqueue':
        return away.next() ?? take(JSON.parse(request.body.toString()) as PagerDutyEvent);
      case 'POST /_control/answers':
        return away.order(request);
      case 'GET /_control/events':
        return answer(200, { events, open: [...open.values()] });
      default:
        return answer(404, {});
    }
  };
};
