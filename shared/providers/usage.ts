/** What analytics of a product tell: how often something happened, day by day. It explains the money and is none. */
import { revision } from '../event/fact.ts';
import { type StatementFact, statementFact } from '../event/statement.ts';
import { type CivilDate, civilDate } from '../time/civil-date.ts';
import { plainDecimal } from './decimal.ts';

export interface DayCount {
  readonly date: CivilDate;
  /** Decimal. */
  readonly value: string;
}

/** Whole days in a zone. */
export interface DaysAsked {
  readonly from: CivilDate;
  readonly before: CivilDate;
  readonly zone: string;
}

/**
 * `busy`: asked too often; the next hour is the better time. `refused`: our key or request is wrong, and repeating it is no
 * use. `too_much`: more than one answer holds or time allows; fewer days may do. `broken`: not all of it came, and so nothing of
 * it counts; the next run asks again.
 */
export type CountsAnswer =
  | { readonly outcome: 'counts'; readonly counts: readonly DayCount[]; readonly document: unknown }
  | { readonly outcome: 'busy'; readonly retryAfter?: string }
  | { readonly outcome: 'refused' | 'too_much' | 'broken'; readonly reason: string };

/** Rows of a day and a number, each day once and asked for. */
export const countsOf = (
  rows: readonly (readonly [day: string, value: number | string])[],
  from: CivilDate,
  before: CivilDate,
): CountsAnswer => {
  const counts = new Map<CivilDate, string>();
  for (const [text, number] of rows) {
    const date = civilDate(text);
    const value = plainDecimal(String(number));
    if (date === undefined || date < from || date >= before || value === undefined || counts.has(date))
      return {
        outcome: 'refused',
        reason: `${text.slice(0, 40)}: no day that was asked for, or twice, or without a number`,
      };
    counts.set(date, value);
  }
  return {
    outcome: 'counts',
    counts: [...counts].map(([date, value]) => ({ date, value })),
    document: rows,
  };
};

/** Where a metric's days are told, as far as its keys go: `usage:posthog:us.posthog.com:1:signups:`. */
export const usageKeyPrefix = (source: string, project: string, metric: string): string =>
  `usage:${source}:${project}:${metric}:`;

/** Each reading replaces the one before. */
export const usageStatement = (
  source: string,
  prefix: string,
  metric: string,
  { date, value }: DayCount,
  readMs: number,
): StatementFact =>
  statementFact(
    { key: `${prefix}${date}`, revision: revision('final', readMs), source, date, description: metric },
    'usage',
    { metric, value },
  );
