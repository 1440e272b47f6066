import type { AlertSettings } from '../contract/alert.ts';
import { isWorse, type Level, type Reading } from './standing.ts';

export const RULES = ['p5', 'burn_rate_std', 'trust'] as const;
export type Rule = (typeof RULES)[number];

/** What is stored of a tenant's runway, as far as alerts look at it. */
export interface Stored {
  readonly fence: string;
  readonly document: string;
}

export interface Pause {
  readonly paused: boolean;
  readonly reasons: readonly string[];
}

/** Nothing of it is believed before it was looked at. */
interface Runway {
  readonly status?: unknown;
  readonly as_of?: unknown;
  readonly computed_at?: unknown;
  readonly p5_days?: unknown;
  readonly p50_days?: unknown;
  readonly standard_error_days?: { readonly p5?: unknown };
  readonly censored?: { readonly p5?: unknown };
  readonly cash?: { readonly currency?: unknown };
  readonly burn?: { readonly long_run_daily_std?: unknown };
  readonly trust?: { readonly partial?: unknown; readonly reasons?: unknown };
}

/** An alert ends that far beyond the threshold that began it: p5 above 69 where it began below 60. */
const EXIT_DAYS_RATIO = 1.15;
const EXIT_BURN_RATIO = 0.9;
const REASONS_SHOWN = 3;

const parsed = (document: string): Runway | undefined => {
  try {
    const runway: unknown = JSON.parse(document);
    return typeof runway === 'object' && runway !== null ? runway : undefined;
  } catch {
    return undefined;
  }
};

const figure = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;

/** p5 with two standard errors; Infinity beyond the horizon, undefined where the document says neither. */
const p5Of = ({ status, p5_days, standard_error_days, censored, burn }: Runway) => {
  if (status === 'out_of_cash')
    /** A ledger too young for a burn lacks its opening balances more often than its company lacks cash. */
    return typeof burn?.long_run_daily_std === 'string' ? { days: 0, band: 0 } : undefined;
  if (p5_days === null && censored?.p5 === true) return { days: Number.POSITIVE_INFINITY, band: 0 };
  const days = figure(p5_days);
  const error = figure(standard_error_days?.p5);
  return days === undefined || error === undefined ? undefined : { days, band: 2 * error };
};

/** The worst level of which this holds, from the loudest down. */
const worstOf = (levels: readonly (readonly [Level, boolean])[]): Level =>
  levels.find(([, holds]) => holds)?.[0] ?? 'none';

const daysText = (days: number): string =>
  Number.isFinite(days) ? `${Math.round(days * 10) / 10} days` : 'beyond the horizon';

type Base = Pick<Reading, 'order' | 'at'> & { readonly details: Reading['details'] };

/** As for the policy, a threshold is crossed only when the whole error band of p5 is beyond it. */
const p5Reading = (base: Base, runway: Runway, settings: AlertSettings): Reading | undefined => {
  const p5 = p5Of(runway);
  if (p5 === undefined) return undefined;
  const { p5CriticalDays, p5PageDays, p5WarningDays } = settings;
  const thresholds = [
    ['critical', p5CriticalDays],
    ['page', p5PageDays],
    ['warning', p5WarningDays],
  ] as const;
  const calls = worstOf(thresholds.map(([level, days]) => [level, p5.days + p5.band < days]));
  const keeps = worstOf(
    thresholds.map(([level, days]) => [level, p5.days - p5.band <= days * EXIT_DAYS_RATIO]),
  );
  const crossed = thresholds.find(([level]) => level === calls)?.[1];
  const summary =
    runway.status === 'out_of_cash'
      ? 'The cash is gone: it is at or below the minimum today'
      : crossed === undefined
        ? `p5 is ${daysText(p5.days)}`
        : `In 5 of 100 futures the cash is gone within ${daysText(p5.days)}: p5 is below ${crossed}`;
  const median = figure(runway.p50_days);
  const details: Reading['details'] = [
    ['p5', `${daysText(p5.days)}${p5.band > 0 ? `, give or take ${Math.round(p5.band * 10) / 10}` : ''}`],
    ['thresholds', `${p5WarningDays}, ${p5PageDays}, ${p5CriticalDays} days`],
    ...(median === undefined ? [] : ([['p50', daysText(median)]] as const)),
    ...base.details,
  ];
  /** What is not in the number may be what made it look better. */
  const isPartial = runway.trust?.partial === true;
  return { ...base, calls, keeps: isPartial ? 'critical' : keeps, summary, details };
};

const burnReading = (base: Base, runway: Runway, { burnRateStd }: AlertSettings): Reading | undefined => {
  const stated = runway.burn?.long_run_daily_std;
  const deviation = typeof stated === 'string' ? figure(Number.parseFloat(stated)) : undefined;
  if (deviation === undefined) return undefined;
  const currency = String(runway.cash?.currency ?? '');
  const calls: Level = deviation > burnRateStd ? 'page' : 'none';
  const isOver = deviation < burnRateStd * EXIT_BURN_RATIO && runway.trust?.partial !== true;
  return {
    ...base,
    calls,
    keeps: isOver ? 'none' : 'page',
    summary: `A day of burn varies by ${stated} ${currency}; ${burnRateStd} is the limit`,
    details: [['limit', `${burnRateStd} ${currency}`], ...base.details],
  };
};

/** Whether the number can be believed at all; whoever is awake for it should know why not. */
const trustReading = (
  base: Base,
  runway: Runway | undefined,
  pause: Pause | undefined,
  isStale: boolean,
): Reading => {
  const isPartial = runway?.trust?.partial === true;
  const why: readonly string[] = [
    ...(runway === undefined ? ['the stored forecast cannot be read'] : []),
    ...(isStale ? ['the forecast is no longer renewed'] : []),
    ...(pause?.paused ? ['books and sources differ, so readers see no figures', ...pause.reasons] : []),
    ...(isPartial ? ['some of the money is not in it'] : []),
  ];
  const isBad = runway === undefined || isStale || pause?.paused === true;
  const calls: Level = isBad ? 'page' : isPartial ? 'warning' : 'none';
  return {
    ...base,
    calls,
    keeps: calls,
    summary:
      calls === 'none'
        ? 'The runway can be trusted'
        : `The runway cannot be trusted${isBad ? '' : ' fully'}: ${why.slice(0, REASONS_SHOWN).join('; ')}`,
  };
};

const reasonsOf = ({ trust }: Runway): Reading['details'] =>
  Array.isArray(trust?.reasons) && trust.reasons.length > 0
    ? [['know first', trust.reasons.slice(0, REASONS_SHOWN).map(String).join('; ')]]
    : [];

/**
 * What the stored forecast says of each rule. A rule of which it says nothing stays as it is: so do the figures' own while the
 * forecast is stale or paused (that it is, is told instead), and where it is too early for any.
 */
export const readingsOf = (
  stored: Stored | undefined,
  pause: Pause | undefined,
  settings: AlertSettings,
  nowMs: number,
): Partial<Record<Rule, Reading>> => {
  if (stored === undefined) return {};
  const runway = parsed(stored.document);
  const computedMs = typeof runway?.computed_at === 'string' ? Date.parse(runway.computed_at) : Number.NaN;
  const isReadable = runway !== undefined && !Number.isNaN(computedMs);
  const at = new Date(isReadable ? computedMs : nowMs).toISOString();
  const base: Base = {
    order: `${stored.fence} ${at}`,
    at,
    details: isReadable ? [['as of', `${runway.as_of}, computed ${at}`], ...reasonsOf(runway)] : [],
  };
  const isStale = isReadable && nowMs - computedMs > settings.forecastAgeSeconds * 1_000;
  const trust = trustReading(base, isReadable ? runway : undefined, pause, isStale);
  if (!isReadable || isWorse(trust.calls, 'warning') || runway.status === 'insufficient_data')
    return { trust };
  const p5 = p5Reading(base, runway, settings);
  const burn = burnReading(base, runway, settings);
  return { trust, ...(p5 && { p5 }), ...(burn && { burn_rate_std: burn }) };
};
