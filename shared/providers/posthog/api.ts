import * as v from 'valibot';
import type { PosthogMetric, PosthogProject } from '../../contract/tenant.ts';
import type { Ask } from '../patience.ts';
import { type CountsAnswer, countsOf, type DaysAsked } from '../usage.ts';

const TIMEOUT_MS = 60_000;
/** PostHog gives a hundred rows where a query names no limit; a metric has one row a day. */
const MAX_ROWS = 1_000;

/** An event that was sent twice has one `uuid`: it counts once, whether PostHog has merged the two by then or not. */
const EVENT_QUERY = `SELECT toString(toDate(toTimeZone(timestamp, {zone}))) AS day, count(DISTINCT uuid) AS value
FROM events
WHERE event = {event}
  AND timestamp >= toDateTime({from}, {zone}) AND timestamp < toDateTime({before}, {zone})
GROUP BY day ORDER BY day LIMIT ${MAX_ROWS}`;

export interface PosthogApi {
  /** A metric by days. Throws where a later attempt may do better. */
  readonly counts: (
    { host, project }: PosthogProject,
    apiKey: string,
    metric: PosthogMetric,
    days: DaysAsked,
  ) => Promise<CountsAnswer>;
}

const answerSchema = v.object({
  results: v.array(v.tuple([v.string(), v.union([v.number(), v.string()])])),
});

/**
 * Asks PostHog's queries in HogQL. What a query depends on goes beside it as values, never into its text.
 * @param baseUrl address with `{host}` where the host's name goes.
 */
export const posthogApi = (baseUrl: string, ask: Ask): PosthogApi => ({
  counts: async ({ host, project }, apiKey, { event, query }, { from, before, zone }) => {
    const values = { from, before, zone, ...(event !== undefined && { event }) };
    const response = await ask(`${baseUrl.replace('{host}', host)}/api/projects/${project}/query/`, {
      method: 'POST',
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      // A repeated query would else be answered from a cache for hours.
      body: JSON.stringify({
        query: { kind: 'HogQLQuery', query: query ?? EVENT_QUERY, values },
        refresh: 'force_blocking',
      }),
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await response.text();
    if (response.status === 429) return { outcome: 'busy' };
    if (response.status >= 500) throw new Error(`PostHog answered ${response.status}`);
    if (response.status !== 200) return { outcome: 'refused', reason: `PostHog answered ${response.status}` };
    const parsed = v.safeParse(answerSchema, JSON.parse(text));
    if (!parsed.success)
      return { outcome: 'refused', reason: 'the query gives no rows of a day and a number' };
    return countsOf(parsed.output.results, from, before);
  },
});
