/** `docs/calibration.md`, written by the program that ran the panel: no figure in it is typed by hand. */
import type { Gate } from '../../shared/backtest/gates.ts';
import { type IntervalSummary, openDay, type Summary } from '../../shared/backtest/summary.ts';
import type { CalibrationConstants } from '../../shared/model/calibration/constants.ts';

export interface LedgerResult {
  /** Name and licence. */
  readonly name: string;
  readonly origins: number;
  readonly cases: number;
  readonly summaries: readonly Summary[];
}

export interface PanelResult {
  readonly companies: number;
  readonly firstSeed: number;
  readonly paths: number;
  readonly notBurning: number;
  readonly declined: number;
  readonly summaries: readonly Summary[];
  readonly gates: readonly { readonly method: string; readonly gates: readonly Gate[] }[];
  /** The same methods on the companies whose future was drawn again. */
  readonly oracle: { readonly redraws: number; readonly summaries: readonly Summary[] } | null;
  readonly ledgers: readonly LedgerResult[];
  readonly model: string;
  readonly constants: CalibrationConstants;
  readonly command: string;
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

const baselineOf = (all: readonly Summary[], lead: Summary['leadDays']): Summary | undefined =>
  all.find(({ method, leadDays }) => method.startsWith('i.i.d.') && leadDays === lead);

const HEAD = [
  'method',
  'days of cash',
  'forecasts',
  'in p5-p95 (95 % range)',
  'before p5',
  'after p95',
  'width',
  'median error',
  'p90 error',
  'within 3 days',
  'CRPS',
  'CRPS / i.i.d. normal',
  'Brier',
  'PIT distance',
] as const;

/** Below this many ledger-years the range itself is a guess, and is not shown. */
const RANGE_CLUSTERS_MIN = 5;

const coverageText = ({ mean, low, high }: IntervalSummary['coverage'], clusters: number): string =>
  clusters < RANGE_CLUSTERS_MIN ? percent(mean) : `${percent(mean)} (${percent(low)} - ${percent(high)})`;

const row = (all: readonly Summary[], one: Summary): readonly string[] => {
  const { interval, leadDays } = one;
  const baseline = baselineOf(all, leadDays);
  const day = openDay(one);
  const brier = day === undefined ? null : one.brier[day];
  return [
    one.method,
    String(leadDays),
    String(one.forecasts),
    interval === null ? '-' : coverageText(interval.coverage, one.clusters),
    interval === null ? '-' : percent(interval.belowP5),
    interval === null ? '-' : percent(interval.aboveP95),
    interval === null ? '-' : String(interval.widthDays),
    String(one.medianErrorDays),
    String(one.p90ErrorDays),
    percent(one.within3Days),
    one.crpsDays.toFixed(1),
    baseline === undefined ? '-' : (one.crpsDays / baseline.crpsDays).toFixed(2),
    brier === null ? '-' : brier.toFixed(3),
    interval === null ? '-' : interval.pitDistance.toFixed(3),
  ];
};

const scores = (all: readonly Summary[]): string =>
  table(
    HEAD,
    all.map((one) => row(all, one)),
  );

const overall = (all: readonly Summary[], method: string): Summary | undefined =>
  all.find((one) => one.method === method && one.leadDays === 'all');

const headline = ({ summaries, companies }: PanelResult): string => {
  const interval = overall(summaries, 'capstack')?.interval;
  if (interval == null) return 'Nothing could be scored.';
  const { mean, low, high } = interval.coverage;
  return `Of 100 runway intervals issued on ${companies} made-up companies, about ${Math.round(mean * 100)} contained the outcome (${percent(mean)}; drawing companies anew, 95 % of the time between ${percent(low)} and ${percent(high)}). That is what is shown, and no more: it is a share over many companies and says nothing of any one of them; the companies are made up, by people who also wrote the model.`;
};

const gatesTable = ({ gates }: PanelResult): string =>
  table(
    ['method', 'gate', 'wanted', 'reached', 'verdict'],
    gates.flatMap(({ method, gates: own }) =>
      own.map(({ what, wanted, reached, passed }) => [
        method,
        what,
        wanted,
        reached,
        passed ? 'passed' : '**missed**',
      ]),
    ),
  );

const constantsTable = ({ constants: { low, high } }: PanelResult): string =>
  table(
    ['days', '0-44', '45-89', '90-179', '180 and later'],
    [
      ['p5 comes earlier by', ...low.map((shift) => percent(1 - Math.exp(-shift)))],
      ['p95 comes later by', ...high.map((shift) => percent(Math.exp(shift) - 1))],
    ],
  );

const oracleSection = ({ oracle }: PanelResult): string =>
  oracle === null
    ? ''
    : `## The best possible forecast

The oracle knows the process that makes the companies and the state each is in, and draws its future ${oracle.redraws} times anew. No
forecast can be better; where it misses by weeks, weeks is what chance decides. The other methods are shown on the same companies.

${scores(oracle.summaries)}

`;

const ledgersSection = ({ ledgers }: PanelResult): string =>
  ledgers.length === 0
    ? ''
    : `## Ledgers

Rolling origins, every 29 days from day 185 on; the balance is set to so many days of recent burn. "Capstack" is what
the owner of that ledger would have been told, with what its earlier forecasts had taught by then; "before adaptation" is without
that, "before calibration" without the constants too. Forecasts of one
ledger overlap, so a single one proves little; its range is left out below five ledger-years.

${ledgers
  .map(
    ({ name, origins, cases, summaries }) =>
      `### ${name}

${origins} origins, ${cases} forecasts of each method.

${scores(summaries)}
`,
  )
  .join('\n')}
`;

/** The whole page. */
export const calibrationPage = (result: PanelResult): string => {
  const { companies, firstSeed, paths, notBurning, declined, model, constants } = result;
  return `# Calibration

*Written by \`${result.command}\`; model \`${model}\`. Your own ledger: \`npx capstack backtest FILE.csv\`.*

${headline(result)}

A forecast is a distribution over days; the interval is its p5 to p95. Each company is asked once for each number of days of cash
(30, 60, 90, 180 at its burn of the last 90 days), on day 400 of its life, with 91, 182 or 364 days of its ledger in turn; its next
365 days are then played. Its plan tells four of five yearly contracts, its rounds, and what is left of its cloud credits with what
the cloud has cost. Outcomes after day 365 count as "later", for forecast and outcome alike.

${companies} companies from seed ${firstSeed} on, ${paths} paths each; ${notBurning} that do not burn were passed over, ${declined} forecasts were declined.

${scores(result.summaries)}

"Before calibration" is what the paths say. "Capstack" is what a tenant without a past of its own is told. The rows below the
baselines leave a part of the model out: both halves are made of the same paths, each half of them; "contracts taken for firm"
renews every yearly contract at what is declared, "clouds at today’s cost" knows the day on which credits are used up, and "credits not
told of" takes a cloud that credits pay for one that costs nothing. *Width* is the median distance from p5 to p95. *CRPS* is the
distance of the whole distribution from the outcome, in days; for a method that names one day it is the error. *Brier* is the
squared error of the probability of outliving so many days. *PIT distance* is how far the outcomes' places in the forecasts are from
uniform (Kolmogorov-Smirnov).

An interval of 90 % that holds more often is wider than it claims. Three things make it so: days are whole, and an outcome on the very
day of p5 or p95 is inside; a p95 beyond the last day that is looked at cannot be missed; and calibration only widens.

## What has to be reached

${gatesTable(result)}

## What the calibration layer does

${constants.fittedOn}: of these, none is in the tables above. On ${constants.date} the model \`${constants.model}\` was found to need:

${constantsTable(result)}

The constants (\`${constants.version}\`) only ever widen, because the companies they come from are not yours. A path of a given rank moves
by a factor that depends on its rank and its day alone, full from p5 and p95 outwards and none at the median; so the median stays, all
probabilities agree with all quantiles, and more cash still never shortens a runway. Upon that, each tenant's intervals are narrowed or
widened by exponents learnt from its own forecasts whose outcomes are known (\`shared/model/calibration/adaptation.ts\`). Only days and
their probabilities are calibrated: \`cash_band\` and \`lowest_cash\` are what the paths say.

${oracleSection(result)}${ledgersSection(result)}## How the measure itself is tested

Forecasts known to be right have to pass and forecasts known to be wrong have to fail: the true distribution of a simulated runway
covers 90 % and places outcomes evenly; one that is too sure of itself does neither; independent normal days hold under 80 % on ledgers
with few large payments and a wandering level; the net flow without an uncertain level holds under 80 % at 180 days; the oracle lies
within its gate (\`test/shared/backtest/\`).

## What this does not show

- Nothing about a single company: one in ten intervals misses, and yours may be that one.
- Nothing about lay-offs, failed rounds or an owner who reacts; nothing about a ledger that lacks an account.
- The made-up companies know the true probability of their rounds and the law of their delays. A company that overstates them is told too much.
- No promise of a few days: the table has a column for how few outcomes fall within 3 days of the middle, the oracle's included.
`;
};
