import type { WebhookSecrets } from '../../shared/aws/webhook-secrets.ts';
import type { PosthogMetric, PosthogProject, TenantSettings } from '../../shared/contract/tenant.ts';
import { revision } from '../../shared/event/fact.ts';
import { type FetchedFor, type KeepDeps, noteProgress, recordFetched } from '../../shared/fetch/fetched.ts';
import { takeRequest } from '../../shared/fetch/request-budget.ts';
import { snapshotOf } from '../../shared/fetch/snapshot.ts';
import type { Invocation } from '../../shared/lambda/invocation.ts';
import { monthsOf } from '../../shared/ledger/range.ts';
import type { DaysAsked, PosthogApi } from '../../shared/providers/posthog/api.ts';
import { type CountsAnswer, usageKeyPrefix, usageStatement } from '../../shared/providers/usage.ts';
import { addDays, type CivilDate, civilDateIn, weekday } from '../../shared/time/civil-date.ts';

export interface PosthogDeps extends KeepDeps {
  readonly secrets: WebhookSecrets;
  readonly posthog: PosthogApi;
}

const POSTHOG = 'posthog';
/** Changes with any change in what is made of an answer of PostHog's. */
const POSTHOG_NORMALISER = 'posthog/1';
/** Half of what PostHog allows a team at least, for others ask it too. */
const REQUESTS_PER_HOUR = 60;
/** A little early, because the clock strikes by the hour. */
const READ_EVERY_MS = 5.5 * 3_600_000;
/** Events come late: a day is read until it has been over for 48 hours. */
const LATE_DAYS = 3;
/** From devices that were offline they come later still: once a week so far back. */
const WEEKLY_DAYS = 35;
const HISTORY_DAYS = 365;

interface Project extends FetchedFor {
  readonly posthog: PosthogProject;
  readonly apiKey: string;
}

/** Days that are due to be read of a metric; the current one is not over and is left to the next readings. */
const dueDays = (
  zone: string,
  nowMs: number,
  last: { readonly cursor: string; readonly recordedAt: string } | undefined,
): DaysAsked | undefined => {
  const before = civilDateIn(zone, nowMs);
  if (last === undefined) return { from: addDays(before, -HISTORY_DAYS), before, zone };
  const readMs = Date.parse(last.recordedAt);
  if (nowMs - readMs < READ_EVERY_MS) return undefined;
  const isWeekly = weekday(before) === 1 && civilDateIn(zone, readMs) !== before;
  const late = addDays(before, -(isWeekly ? WEEKLY_DAYS : LATE_DAYS));
  // Days that nobody read while the pipeline or PostHog was down are made up for.
  const next = last.cursor as CivilDate;
  return { from: next < late ? next : late, before, zone };
};

/** Replaces what is told of these days: one without events is taken back. */
const tell = async (
  deps: PosthogDeps,
  of: Project,
  { name }: PosthogMetric,
  { from, before, zone }: DaysAsked,
  { counts, document }: Extract<CountsAnswer, { outcome: 'counts' }>,
) => {
  const { settings, context, posthog } = of;
  const prefix = usageKeyPrefix(POSTHOG, `${posthog.host}:${posthog.project}`, name);
  const months = monthsOf({ from, to: addDays(before, -1) });
  const snapshot = await snapshotOf(deps, settings, 'usage', months);
  const news = snapshot.newsIn(
    counts.map((count) => usageStatement(POSTHOG, prefix, name, count, context.nowMs)),
  );
  const gone = snapshot.withdrawn(
    ({ key, date }) => key.startsWith(prefix) && date >= from && date < before,
    revision('final', context.nowMs),
  );
  const facts = [...news, ...gone];
  return recordFetched(
    deps,
    of,
    'counts',
    { metric: name, from, before, zone, rows: document },
    { facts, unreadable: [] },
  );
};

/** @returns whether PostHog may be asked further in this hour. */
const readMetric = async (deps: PosthogDeps, of: Project, metric: PosthogMetric): Promise<boolean> => {
  const { settings, context, posthog, apiKey } = of;
  const where = { tenant: settings.tenant, project: posthog.project, metric: metric.name };
  const project = `${POSTHOG}:${posthog.host}:${posthog.project}`;
  const hour = new Date(context.nowMs).toISOString().slice(0, 'yyyy-mm-ddThh'.length);
  const feed = `${project}:${metric.name}`;
  const last = await deps.ledger.lastProgress(settings.tenant, feed);
  const days = dueDays(settings.accountingZone, context.nowMs, last);
  if (days === undefined) return true;
  const answer = (await takeRequest(deps, of, `${project}:requests:${hour}`, REQUESTS_PER_HOUR))
    ? await deps.posthog.counts(posthog, apiKey, metric, days)
    : ({ outcome: 'busy' } as const);
  if (answer.outcome === 'busy') {
    context.log.warn('PostHog is not asked further in this hour: the rest is read in the next', where);
    return false;
  }
  if (answer.outcome !== 'counts') {
    context.log.error('PostHog gave no counts', { ...where, reason: answer.reason });
    return true;
  }
  const delivery = await tell(deps, of, metric, days, answer);
  await noteProgress(deps, of, feed, (last?.ordinal ?? 0) + 1, days.before, delivery);
  return true;
};

/**
 * Reads what happened in the product, metric by metric and day by day in the tenant's accounting zone. Nothing of it is cash.
 * A tenant without a project or its key has none.
 */
export const sweepPosthog = async (
  deps: PosthogDeps,
  settings: TenantSettings,
  context: Invocation,
): Promise<void> => {
  const { posthog, tenant } = settings;
  const apiKey = posthog && (await deps.secrets.apiKey(tenant, POSTHOG, context.nowMs));
  if (posthog === undefined || apiKey === undefined) return;
  const of: Project = { settings, source: POSTHOG, normaliser: POSTHOG_NORMALISER, context, posthog, apiKey };
  for (const metric of posthog.metrics) if (!(await readMetric(deps, of, metric))) return;
};
