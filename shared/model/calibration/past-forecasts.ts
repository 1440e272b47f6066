/**
 * The forecasts that a tenant could have been given: at rolling origins of its own ledger, from balances that would have lasted
 * so many days, judged by what the ledger then did. A company has one balance and seldom runs out; its ledger tells nonetheless
 * how far its forecasts are off. What was planned in those days is not known any more, so nothing is.
 */
import { canonicalJson, sha256Of } from '../../canonical/canonical.ts';
import type { Currency } from '../../money/currency.ts';
import type { Minor } from '../../money/money.ts';
import { addDays, type CivilDate, daysBetween } from '../../time/civil-date.ts';
import type { HistoryDay } from '../history.ts';
import { NO_PLAN } from '../plan.ts';
import { MODEL_VERSION, type RunwayInput, simulateRunway } from '../runway.ts';
import { type ResolvedForecast, resolvedForecast } from './adaptation.ts';
import { calibrated } from './warp.ts';

/** A tenant's ledger up to its last closed day. */
export interface Past {
  readonly currency: Currency;
  /** First day of the ledger. */
  readonly from: CivilDate;
  readonly through: CivilDate;
  /** In any order; days left out moved nothing. */
  readonly days: readonly HistoryDay[];
}

/** What was learnt on one origin, and a hash of all that it was learnt from. */
export interface PastOrigin {
  readonly origin: CivilDate;
  readonly madeFrom: string;
  readonly resolved: readonly ResolvedForecast[];
}

/** No multiple of a week or a month, so that origins fall on every weekday and every day of the month. */
const STEP_DAYS = 29;
const FIRST_ORIGIN_DAYS = 185;
/** Two years: what is older tells little of the company that there is now. */
const ORIGINS_MAX = 25;
const WINDOW_DAYS = 364;
const BURN_WINDOW_DAYS = 182;
const HORIZON_DAYS = 365;
/** Days that the balances would last. */
const LEAD_DAYS = [30, 60, 90, 180] as const;
/** Enough to tell a miss from a hit; the rest would be noise of a noisy lesson. */
const PATHS = 500;
const SEED = 42;
/** A ledger burns where 15 % of its money out is not covered by money in. */
const BURNS_ABOVE_PERCENT = 15n;

/** Days before which nothing that is learnt depends on the ledger. */
export const PAST_DAYS: number = ORIGINS_MAX * STEP_DAYS + WINDOW_DAYS;

/** The latest origins on the ledger's own grid, ascending. */
const originsIn = ({ from, through }: Past): readonly CivilDate[] => {
  const count = Math.floor((daysBetween(from, through) - FIRST_ORIGIN_DAYS) / STEP_DAYS) + 1;
  return Array.from({ length: Math.max(0, count) }, (_, k) =>
    addDays(from, FIRST_ORIGIN_DAYS - 1 + k * STEP_DAYS),
  ).slice(-ORIGINS_MAX);
};

interface Lead {
  readonly leadDays: number;
  readonly balanceMinor: Minor;
  readonly outcomeDays: number;
}

/** First day on which the balance is used up; the day after the horizon where it is not, null while that is open. */
const outcomeOf = (balanceMinor: Minor, ahead: readonly Minor[]): number | null => {
  let cashMinor = balanceMinor;
  const day = ahead.slice(0, HORIZON_DAYS).findIndex((netMinor) => {
    cashMinor += netMinor;
    return cashMinor <= 0n;
  });
  if (day !== -1) return day + 1;
  return ahead.length < HORIZON_DAYS ? null : HORIZON_DAYS + 1;
};

/** Balances from the recent burn; none where the ledger did not burn, or the outcome is open. */
const leadsAt = ({ from, through, days }: Past, origin: CivilDate): readonly Lead[] => {
  const burnDays = Math.min(BURN_WINDOW_DAYS, daysBetween(from, origin) + 1);
  const first = addDays(origin, 1 - burnDays);
  const recent = days.filter(({ date }) => date >= first && date <= origin);
  const burnMinor = recent.reduce((sum, { netMinor }) => sum - netMinor, 0n);
  const outflowMinor = recent.reduce((sum, day) => sum + day.outflowMinor, 0n);
  if (burnMinor <= 0n || 100n * burnMinor < BURNS_ABOVE_PERCENT * outflowMinor) return [];
  const ahead = Array.from({ length: Math.min(HORIZON_DAYS, daysBetween(origin, through)) }, () => 0n);
  for (const { date, netMinor } of days) {
    const index = daysBetween(origin, date) - 1;
    if (index >= 0 && index < ahead.length) ahead[index] = (ahead[index] ?? 0n) + netMinor;
  }
  return LEAD_DAYS.flatMap((leadDays) => {
    const balanceMinor = (burnMinor * BigInt(leadDays)) / BigInt(burnDays);
    const outcomeDays = balanceMinor > 0n ? outcomeOf(balanceMinor, ahead) : null;
    return outcomeDays === null ? [] : [{ leadDays, balanceMinor, outcomeDays }];
  });
};

const inputAt = ({ currency, from, days }: Past, origin: CivilDate): Omit<RunwayInput, 'balanceMinor'> => ({
  asOf: origin,
  horizonDays: HORIZON_DAYS,
  paths: PATHS,
  seed: SEED,
  currency,
  minimumCashMinor: 0n,
  days: days
    .filter(({ date }) => date <= origin && daysBetween(date, origin) < WINDOW_DAYS)
    .toSorted((a, b) => (a.date < b.date ? -1 : 1)),
  historyFrom: from,
  plan: NO_PLAN,
});

const learntAt = (
  input: Omit<RunwayInput, 'balanceMinor'>,
  leads: readonly Lead[],
): readonly ResolvedForecast[] =>
  leads.flatMap(({ leadDays, balanceMinor, outcomeDays }) => {
    const simulation = simulateRunway({ ...input, balanceMinor })?.paths.simulation;
    return simulation === undefined
      ? []
      : [resolvedForecast(calibrated(simulation), outcomeDays, { origin: input.asOf, leadDays })];
  });

/**
 * Every origin of which something is known by now, ascending. A pure function of the ledger.
 * @param known of earlier calls: an origin whose ledger and outcomes are the same is taken from there
 */
export const pastOrigins = (past: Past, known: readonly PastOrigin[] = []): readonly PastOrigin[] =>
  originsIn(past).flatMap((origin) => {
    const leads = leadsAt(past, origin);
    if (leads.length === 0) return [];
    const input = inputAt(past, origin);
    const madeFrom = sha256Of(canonicalJson({ model: MODEL_VERSION, input, leads }));
    const before = known.find((one) => one.origin === origin && one.madeFrom === madeFrom);
    return [before ?? { origin, madeFrom, resolved: learntAt(input, leads) }];
  });
