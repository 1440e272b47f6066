import type { Ask } from '../providers/patience.ts';
import type { Notice } from './notice.ts';
import { post } from './post.ts';
import type { Sent } from './telling.ts';

/** What PagerDuty takes. */
const SUMMARY_LENGTH = 1024;
const KEY_LENGTH = 255;
const ROUTING_KEY = /^[A-Za-z0-9]{32}$/;

/** Begins or ends an incident; begun again under the same key it is the same one. */
export const pagerDutyEvent = (notice: Notice, routingKey: string): Readonly<Record<string, unknown>> => {
  const { over, key, severity, origin, rule, summary, details, todo, since } = notice;
  const head = { routing_key: routingKey, dedup_key: key.slice(0, KEY_LENGTH) };
  if (over) return { ...head, event_action: 'resolve' };
  return {
    ...head,
    event_action: 'trigger',
    payload: {
      summary: `${origin.tenant} (${origin.stage}): ${summary}`.slice(0, SUMMARY_LENGTH),
      source: `capstack-${origin.stage}`,
      severity,
      ...(since !== null && { timestamp: since }),
      component: origin.tenant,
      class: rule,
      custom_details: { ...Object.fromEntries(details), 'what to do': todo },
    },
    links: [{ href: origin.pageUrl, text: 'Runway page' }],
    client: 'Capstack',
    client_url: origin.pageUrl,
  };
};

/** Tells PagerDuty; it answers 202 before it has looked any further. */
export const tellPagerDuty = async (
  ask: Ask,
  baseUrl: string,
  notice: Notice,
  routingKey: string,
): Promise<Sent> => {
  if (!ROUTING_KEY.test(routingKey))
    return { outcome: 'refused', reason: 'the stored routing_key is not 32 letters and digits' };
  return post(ask, `${baseUrl}/v2/enqueue`, pagerDutyEvent(notice, routingKey), routingKey);
};
