import { revision } from '../../shared/event/fact.ts';
import { type FetchedFor, type KeepDeps, noteProgress, recordFetched } from '../../shared/fetch/fetched.ts';
import { takeRequest } from '../../shared/fetch/request-budget.ts';
import { snapshotOf } from '../../shared/fetch/snapshot.ts';
import { monthsOf } from '../../shared/ledger/range.ts';
import {
  type CountsAnswer,
  type DaysAsked,
  usageKeyPrefix,
  usageStatement,
} from '../../shared/providers/usage.ts';
import { addDays, type CivilDate, civilDateIn, daysBetween, weekday } from '../../shared/time/civil-date.ts';

/** A little early, because the clock strikes by the hour. */
const READ_EVERY_MS = 5.5 * 3_600_000;
/** Events come late: a day is read until it has been over for 48 hours. */
const LATE_DAYS = 3;
/** From devices that were offline they come later still: once a week so far back. */
const WEEKLY_DAYS = 35;
const HISTORY_DAYS = 365;
/** An answer that took no longer may be twice as long. */
const QUICK_MS = 30_000;

/** A provider's project, and how it may be asked. */
export interface CountedProject extends FetchedFor {
  /** The provider's name, as logs say it. */
  readonly name: string;
  readonly project: string;
  readonly requestsPerHour: number;
  /** Of one request: at first, and where answers are quick. */
  readonly days: { readonly first: number; readonly most: number };
  /** Whether this run has time for another request. */
  readonly hasTime: () => boolean;
}

export interface Metric {
  readonly name: string;
  /** One request. */
  readonly counts: (days: DaysAsked) => Promise<CountsAnswer>;
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
  const readOn = civilDateIn(zone, readMs);
  // A reading that was cut short goes on at once.
  if (nowMs - readMs < READ_EVERY_MS && last.cursor >= readOn) return undefined;
  const isWeekly = weekday(before) === 1 && readOn !== before;
  const late = addDays(before, -(isWeekly ? WEEKLY_DAYS : LATE_DAYS));
  // Days that nobody read while the pipeline or the provider was down are made up for.
  const next = last.cursor as CivilDate;
  return { from: next < late ? next : late, before, zone };
};

/** Replaces what is told of these days: one without events is taken back. */
const tell = async (
  deps: KeepDeps,
  of: CountedProject,
  metric: string,
  { from, before, zone }: DaysAsked,
  { counts, document }: Extract<CountsAnswer, { outcome: 'counts' }>,
) => {
  const { settings, source, context, project } = of;
  const prefix = usageKeyPrefix(source, project, metric);
  const months = monthsOf({ from, to: addDays(before, -1) });
  const snapshot = await snapshotOf(deps, settings, 'usage', months);
  const news = snapshot.newsIn(
    counts.map((count) => usageStatement(source, prefix, metric, count, context.nowMs)),
  );
  const gone = snapshot.withdrawn(
    ({ key, date }) => key.startsWith(prefix) && date >= from && date < before,
    revision('final', context.nowMs),
  );
  const value = { metric, from, before, zone, rows: document };
  return recordFetched(deps, of, 'counts', value, { facts: [...news, ...gone], unreadable: [] });
};

const ask = async (
  deps: KeepDeps,
  of: CountedProject,
  metric: Metric,
  days: DaysAsked,
): Promise<CountsAnswer> => {
  const hour = new Date(of.context.nowMs).toISOString().slice(0, 'yyyy-mm-ddThh'.length);
  const budget = `${of.source}:${of.project}:requests:${hour}`;
  if (!of.hasTime() || !(await takeRequest(deps, of, budget, of.requestsPerHour))) return { outcome: 'busy' };
  return metric.counts(days);
};

/** @returns whether the provider may be asked further in this hour. */
const readMetric = async (deps: KeepDeps, of: CountedProject, metric: Metric): Promise<boolean> => {
  const { settings, source, context, name, project } = of;
  const where = { tenant: settings.tenant, project, metric: metric.name };
  const feed = `${source}:${project}:${metric.name}`;
  const last = await deps.ledger.lastProgress(settings.tenant, feed);
  const due = dueDays(settings.accountingZone, context.nowMs, last);
  let [ordinal, from, span] = [last?.ordinal ?? 0, due?.from, of.days.first];
  while (due !== undefined && from !== undefined && from < due.before) {
    const end = addDays(from, span);
    const days = { ...due, from, before: end < due.before ? end : due.before };
    const beganMs = context.remainingMs();
    const answer = await ask(deps, of, metric, days);
    if (answer.outcome === 'busy') {
      const { retryAfter } = answer;
      context.log.warn(`${name} is not asked further in this hour: the rest is read in the next`, {
        ...where,
        ...(retryAfter !== undefined && { retryAfter }),
      });
      return false;
    }
    const asked = daysBetween(from, days.before);
    if (answer.outcome === 'too_much' && asked > 1) {
      span = Math.floor(asked / 2);
      continue;
    }
    if (answer.outcome !== 'counts') {
      context.log.error(`${name} gave no counts`, {
        ...where,
        from,
        before: days.before,
        reason: answer.reason,
      });
      return true;
    }
    const delivery = await tell(deps, of, metric.name, days, answer);
    ordinal += 1;
    await noteProgress(deps, of, feed, ordinal, days.before, delivery);
    from = days.before;
    if (beganMs - context.remainingMs() < QUICK_MS) span = Math.min(2 * span, of.days.most);
  }
  return true;
};

/**
 * Reads how often things happened in a product, metric by metric and by days of the tenant's accounting zone. Nothing of it
 * is cash.
 */
export const sweepCounts = async (
  deps: KeepDeps,
  of: CountedProject,
  metrics: readonly Metric[],
): Promise<void> => {
  for (const metric of metrics) if (!(await readMetric(deps, of, metric))) return;
};
