import type { Summary } from './summary.ts';

/** Something a calibrated model has to reach on the panel, and what was reached. */
export interface Gate {
  readonly what: string;
  readonly wanted: string;
  readonly reached: string;
  readonly passed: boolean;
}

/** Fewer companies than this leave the gates to chance. */
export const COMPANIES_MIN = 300;

const COVERAGE = { low: 0.89, high: 0.96, everyLead: 0.86 } as const;
const ORACLE_COVERAGE = { low: 0.88, high: 0.98 } as const;
const CRPS_RATIO_MAX = 0.9;
const PIT_DISTANCE_MAX = 0.13;
const MEDIAN_ERROR_MAX: Readonly<Record<number, number>> = { 30: 5, 60: 10, 90: 16, 180: 32 };

const gate = (what: string, value: number, low: number, high: number, digits: number = 3): Gate => ({
  what,
  wanted: [
    ...(low > Number.NEGATIVE_INFINITY ? [`at least ${low}`] : []),
    ...(high < Number.POSITIVE_INFINITY ? [`at most ${high}`] : []),
  ].join(', '),
  reached: value.toFixed(digits),
  passed: value >= low && value <= high,
});

const atLeast = (what: string, value: number, low: number): Gate =>
  gate(what, value, low, Number.POSITIVE_INFINITY);

const atMost = (what: string, value: number, high: number, digits?: number): Gate =>
  gate(what, value, Number.NEGATIVE_INFINITY, high, digits);

const leadGates = (own: Summary, other: Summary | undefined): readonly Gate[] => {
  const errorMax = typeof own.leadDays === 'number' ? MEDIAN_ERROR_MAX[own.leadDays] : undefined;
  const at = `at ${own.leadDays} days`;
  return [
    ...(own.interval === null
      ? []
      : [atLeast(`coverage ${at}`, own.interval.coverage.mean, COVERAGE.everyLead)]),
    ...(other === undefined
      ? []
      : [atMost(`CRPS beside ${other.method} ${at}`, own.crpsDays / other.crpsDays, CRPS_RATIO_MAX)]),
    ...(errorMax === undefined ? [] : [atMost(`median error ${at}`, own.medianErrorDays, errorMax, 0)]),
  ];
};

/** The gates of `model`, judged against `baseline` and, where it ran, the oracle: a harness it fails in is wrong itself. */
export const gatesOf = (
  all: readonly Summary[],
  { model, baseline, oracle }: { readonly model: string; readonly baseline: string; readonly oracle: string },
): readonly Gate[] => {
  const of = (method: string, lead: Summary['leadDays']): Summary | undefined =>
    all.find((summary) => summary.method === method && summary.leadDays === lead);
  const own = all.filter(({ method }) => method === model);
  const overall = of(model, 'all')?.interval;
  const best = of(oracle, 'all')?.interval;
  return [
    ...(overall == null
      ? []
      : [
          gate('coverage', overall.coverage.mean, COVERAGE.low, COVERAGE.high),
          atMost('distance of the outcomes from uniform', overall.pitDistance, PIT_DISTANCE_MAX),
        ]),
    ...own
      .filter(({ leadDays }) => leadDays !== 'all')
      .flatMap((summary) => leadGates(summary, of(baseline, summary.leadDays))),
    ...(best == null
      ? []
      : [gate('coverage of the oracle', best.coverage.mean, ORACLE_COVERAGE.low, ORACLE_COVERAGE.high)]),
  ];
};
