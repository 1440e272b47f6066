import type { Mode } from '../../shared/backtest/origins.ts';
import { openDay, type Summary } from '../../shared/backtest/summary.ts';
import { printTable } from './table.ts';

export interface BacktestReport {
  readonly model: string;
  readonly origins: number;
  readonly cases: number;
  /** How the ledgers were played, in how many cases. */
  readonly played: Readonly<Record<Mode, number>>;
  /** Cases that were not scored, by reason. */
  readonly skipped: Readonly<Record<string, number>>;
  readonly summaries: readonly Summary[];
  readonly paths: number;
  readonly seed: number;
}

/** Below this many ledger-years a coverage says little about the next ledger. */
const CLUSTERS_MIN = 10;
/** Below this many the range itself is a guess, and is not shown. */
const RANGE_CLUSTERS_MIN = 5;

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

const HEAD = [
  'method',
  'days of cash',
  'forecasts',
  'in p5-p95',
  '95 % range',
  'below p5',
  'above p95',
  'width',
  'CRPS',
  'Brier',
  'median error',
  'p90 error',
] as const;

const row = (summary: Summary): string[] => {
  const { interval, brier } = summary;
  const day = openDay(summary);
  const open = day === undefined ? null : brier[day];
  return [
    summary.method,
    String(summary.leadDays),
    String(summary.forecasts),
    ...(interval === null
      ? ['-', '-', '-', '-', '-']
      : [
          percent(interval.coverage.mean),
          summary.clusters < RANGE_CLUSTERS_MIN
            ? '-'
            : `${percent(interval.coverage.low)} - ${percent(interval.coverage.high)}`,
          percent(interval.belowP5),
          percent(interval.aboveP95),
          String(interval.widthDays),
        ]),
    summary.crpsDays.toFixed(1),
    open === null ? '-' : open.toFixed(3),
    String(summary.medianErrorDays),
    String(summary.p90ErrorDays),
  ];
};

/** One row for each method and lead. */
export const printSummaries = (summaries: readonly Summary[]): void =>
  printTable(HEAD, summaries.map(row), 1);

/** What the coverage of the model allows to be said, and no more. */
const verdict = ({ summaries }: BacktestReport): string => {
  const [model] = summaries.filter(({ method }) => method === summaries[0]?.method).slice(-1);
  if (model?.interval == null) return 'Nothing could be scored.';
  const { coverage } = model.interval;
  const found = `The 90 % interval of ${model.method} held ${percent(coverage.mean)} of ${model.forecasts} outcomes.`;
  if (model.clusters < CLUSTERS_MIN)
    return `${found} They overlap and come from ${model.clusters} ${model.clusters === 1 ? 'year of one ledger' : 'ledger-years'}: too few to judge by.`;
  const range = `over ${model.clusters} ledger-years the range is ${percent(coverage.low)} to ${percent(coverage.high)}`;
  if (coverage.high < 0.9) return `${found} It is too narrow for these ledgers: ${range}.`;
  if (coverage.low > 0.9) return `${found} It is wider than it claims on these ledgers: ${range}.`;
  return `${found} That does not contradict 90 %: ${range}.`;
};

/** Whether every stated probability, not only the interval's, came true as often as stated. */
const uniformity = ({ summaries }: BacktestReport): readonly string[] => {
  const [model] = summaries.filter(({ method }) => method === summaries[0]?.method).slice(-1);
  if (model?.interval == null) return [];
  return [
    `Its outcomes fell ${(model.interval.pitDistance * 100).toFixed(1)} % from evenly over its stated probabilities (PIT, Kolmogorov-Smirnov distance).`,
  ];
};

const better = (model: Summary, other: Summary): string => {
  const change = Math.round((model.crpsDays / other.crpsDays - 1) * 100);
  if (change === 0) return `as ${other.method}`;
  return `${Math.abs(change)} % ${change < 0 ? 'less' : 'more'} than ${other.method}`;
};

const comparison = ({ summaries }: BacktestReport): readonly string[] => {
  const overall = summaries.filter(
    ({ method, leadDays }) => leadDays === summaries.findLast((one) => one.method === method)?.leadDays,
  );
  const [model, ...others] = overall;
  if (model === undefined || others.length === 0) return [];
  return [
    `Its distance from the outcomes (CRPS) is ${others.map((other) => better(model, other)).join(', ')}.`,
  ];
};

const PLAYED: Readonly<Record<Mode, string>> = {
  net: 'as they are',
  spend: 'money out alone',
  thin: 'money in cut to at most half of money out',
};

/** That the starts are made up: few ledgers run out by themselves. */
const setting = ({ played }: BacktestReport): readonly string[] => {
  const ways = (['net', 'spend', 'thin'] as const)
    .filter((mode) => played[mode] > 0)
    .map((mode) => `${PLAYED[mode]} (${played[mode]} cases)`);
  return ways.length === 0
    ? []
    : [`The balance is set to so many days of recent burn; the ledgers are played ${ways.join(', ')}.`];
};

const skips = ({ skipped }: BacktestReport): readonly string[] =>
  Object.entries(skipped).map(([reason, count]) => `Not scored: ${count} cases, ${reason}.`);

/** Prints the backtest for people: every method and lead, then what follows from it. */
export const printBacktest = (report: BacktestReport): void => {
  process.stdout.write(
    `${report.origins} origins, ${report.cases} forecasts of each method; all figures in days of runway unless a share\n`,
  );
  if (report.summaries.length > 0) printSummaries(report.summaries);
  for (const line of [
    verdict(report),
    ...uniformity(report),
    ...comparison(report),
    ...setting(report),
    ...skips(report),
  ])
    process.stdout.write(`${line}\n`);
};
