import { clusterInterval, type MeanInterval } from './cluster-bootstrap.ts';
import type { Scored } from './run.ts';
import { BRIER_DAYS, type BrierDay, uniformDistance } from './scores.ts';

/** Scores of one method over the cases of one lead, or of all. */
export interface Summary {
  readonly method: string;
  readonly leadDays: number | 'all';
  readonly forecasts: number;
  readonly clusters: number;
  /** Null for a method that names one day. */
  readonly interval: IntervalSummary | null;
  readonly crpsDays: number;
  readonly medianErrorDays: number;
  readonly p90ErrorDays: number;
  readonly within3Days: number;
  readonly within18Days: number;
  /** Mean over the forecasts that could be followed that far; null where none could. */
  readonly brier: Readonly<Record<BrierDay, number | null>>;
}

/** How the 90 % interval did: shares of outcomes, and the median width. */
export interface IntervalSummary {
  readonly coverage: MeanInterval;
  readonly belowP5: number;
  readonly aboveP95: number;
  readonly widthDays: number;
  /** Kolmogorov-Smirnov distance of the outcomes' places in the forecasts from uniform. */
  readonly pitDistance: number;
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

const share = (values: readonly boolean[]): number => values.filter(Boolean).length / values.length;

/** The smallest value that a share q of the values does not exceed. */
const quantile = (values: readonly number[], q: number): number =>
  Float64Array.from(values).sort()[Math.max(0, Math.ceil(q * values.length - 1e-9) - 1)] ?? Number.NaN;

const intervalOf = (scored: readonly Scored[], seed: number): IntervalSummary => {
  const covered = ({ outcomeDays, p5Days, p95Days }: Scored): boolean =>
    outcomeDays >= p5Days && outcomeDays <= p95Days;
  return {
    coverage: clusterInterval(
      scored.map((score) => ({ cluster: score.cluster, value: covered(score) ? 1 : 0 })),
      seed,
    ),
    belowP5: share(scored.map(({ outcomeDays, p5Days }) => outcomeDays < p5Days)),
    aboveP95: share(scored.map(({ outcomeDays, p95Days }) => outcomeDays > p95Days)),
    widthDays: quantile(
      scored.map(({ p5Days, p95Days }) => p95Days - p5Days),
      0.5,
    ),
    pitDistance: uniformDistance(scored.map(({ pit }) => pit)),
  };
};

const brierOf = (scored: readonly Scored[]): Summary['brier'] => {
  const at = (day: BrierDay): number | null => {
    const followed = scored.flatMap(({ brier }) => brier[day] ?? []);
    return followed.length === 0 ? null : mean(followed);
  };
  return { 30: at(30), 60: at(60), 90: at(90), 180: at(180), 365: at(365) };
};

const summaryOf = (scored: readonly Scored[], leadDays: Summary['leadDays'], seed: number): Summary => {
  const errors = scored.map(({ p50Days, outcomeDays }) => Math.abs(p50Days - outcomeDays));
  const method = scored[0]?.method;
  return {
    method: method?.name ?? '',
    leadDays,
    forecasts: scored.length,
    clusters: new Set(scored.map(({ cluster }) => cluster)).size,
    interval: method?.isPoint === false ? intervalOf(scored, seed) : null,
    crpsDays: mean(scored.map(({ crpsDays }) => crpsDays)),
    medianErrorDays: quantile(errors, 0.5),
    p90ErrorDays: quantile(errors, 0.9),
    within3Days: share(errors.map((days) => days <= 3)),
    within18Days: share(errors.map((days) => days <= 18)),
    brier: brierOf(scored),
  };
};

/** One summary for each method and lead that has forecasts, and one over all leads; methods in the order of the run. */
export const summaries = (scored: readonly Scored[], seed: number): readonly Summary[] => {
  const methods = [...new Set(scored.map(({ method }) => method))];
  const leads = [...new Set(scored.map(({ leadDays }) => leadDays))].sort((a, b) => a - b);
  return methods.flatMap((method) => {
    const own = scored.filter((score) => score.method === method);
    const byLead = leads.map((lead) => [lead, own.filter(({ leadDays }) => leadDays === lead)] as const);
    const groups = leads.length > 1 ? [...byLead, ['all', own] as const] : byLead;
    return groups.map(([lead, group]) => summaryOf(group, lead, seed));
  });
};

/** The day on which the question is open: that of the lead itself, where it is one of those scored. */
export const openDay = ({ leadDays }: Pick<Summary, 'leadDays'>): BrierDay | undefined =>
  BRIER_DAYS.find((day) => day === leadDays);
