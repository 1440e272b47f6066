import type { RunwayNumbers } from '../model/body.ts';
import type { Decision } from '../policy/decision.ts';
import type { PolicyState } from '../policy/state.ts';
import type { BesideNumbers } from '../runway/beside-body.ts';
import { type CivilDate, civilDateIn, epochDay, fromEpochDay } from '../time/civil-date.ts';
import type { MovedPeriod } from './moved.ts';

/** Absent from documents of older deployments. */
type Later = 'without_unsigned' | 'required_cash' | 'breaking' | 'lowest_cash';

/** `GET /v1/runway`, parsed. */
export interface RunwayDocument
  extends Omit<RunwayNumbers, 'status' | 'inputs' | 'cash_band' | 'survival_curve' | Later>,
    Partial<Pick<RunwayNumbers, Later>>,
    Partial<BesideNumbers> {
  readonly tenant: string;
  readonly status: RunwayNumbers['status'] | 'paused';
  readonly computed_at: string;
  /** Absent from documents of older deployments. */
  readonly cash_band?: RunwayNumbers['cash_band'];
  /** Share of the futures that never ran out by the end of a day, by days from `as_of`, ascending; days may be left out. */
  readonly survival_curve?: readonly (readonly [day: number, probability: number])[];
  readonly inputs: {
    readonly hash: string;
    readonly events_through: string | null;
    readonly estimated_events?: number;
    readonly sources: readonly { readonly source: string; readonly as_of: string }[];
  };
  readonly trust: {
    readonly partial: boolean;
    readonly paused: boolean;
    readonly conflicts?: number;
    readonly reasons: readonly string[];
  };
}

/** One day of `GET /v1/runway/history`. */
export type ToldDay = Pick<RunwayDocument, 'as_of' | 'p5_days' | 'p50_days' | 'p95_days' | 'censored'>;

export interface PageInput {
  readonly tenant: { readonly tenant: string; readonly accountingZone: string };
  readonly runway: RunwayDocument;
  /** Plan items as `GET /v1/plan` lists them. */
  readonly plan: readonly unknown[];
  /** Newest first, as `GET /v1/policy/decisions` lists them. */
  readonly decisions: readonly Decision[];
  /** Left out where the policy never ran or is not known. */
  readonly policy?: Pick<PolicyState, 'stance' | 'since' | 'hold'>;
  /** What was told on the days before, ascending. */
  readonly told?: readonly ToldDay[];
  /** Why the number is another than on earlier days, the latest of them first. */
  readonly moved?: readonly MovedPeriod[];
  readonly nowMs: number;
  /** Where the document was read. */
  readonly source: 'cache' | 'table';
  readonly ageSeconds: number;
  /** Sources that we ask on a schedule, so that silence means trouble; of others, silence says nothing. */
  readonly pullSources?: readonly string[];
}

/** A forecast is renewed at midnight and on every event; older than this, something is broken. */
const COMPUTED_HOURS_MAX = 26;

export interface Staleness {
  readonly today: CivilDate;
  /** Whole days between the forecast's day and today, never negative. */
  readonly daysBehind: number;
  readonly stale: boolean;
}

/** How far the forecast lags behind the clock. */
export const stalenessOf = ({ tenant, runway, nowMs }: PageInput): Staleness => {
  const today = civilDateIn(tenant.accountingZone, nowMs);
  const daysBehind = Math.max(0, epochDay(today) - epochDay(runway.as_of as CivilDate));
  const hours = (nowMs - Date.parse(runway.computed_at)) / 3_600_000;
  return { today, daysBehind, stale: daysBehind > 0 || hours > COMPUTED_HOURS_MAX };
};

/** The date so many days after the forecast's; part of a day counts as the day. */
export const dateAfter = ({ as_of }: Pick<RunwayDocument, 'as_of'>, days: number): CivilDate =>
  fromEpochDay(epochDay(as_of as CivilDate) + Math.ceil(days));

export const QUANTILES = ['p5', 'p50', 'p95'] as const;
export type Quantile = (typeof QUANTILES)[number];

export const daysOf = (runway: RunwayDocument, quantile: Quantile): number | null =>
  ({ p5: runway.p5_days, p50: runway.p50_days, p95: runway.p95_days })[quantile];

/** Whether the document carries any forecast at all: days, or the knowledge that they lie beyond the horizon. */
export const hasForecast = (runway: RunwayDocument): boolean =>
  QUANTILES.some((quantile) => daysOf(runway, quantile) !== null || runway.censored[quantile]);

export const isPaused = ({ status, trust }: RunwayDocument): boolean => status === 'paused' || trust.paused;
