import { writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { LINEAR_30, LINEAR_90, NORMAL_90 } from '../../shared/backtest/methods.ts';
import { adapted, CALIBRATED, RAW } from '../../shared/backtest/model-methods.ts';
import { type Mode, type Origins, originsOf, type Subject } from '../../shared/backtest/origins.ts';
import { reliabilityPlot } from '../../shared/backtest/reliability-plot.ts';
import { runCases } from '../../shared/backtest/run.ts';
import { summaries } from '../../shared/backtest/summary.ts';
import { categoryOf, FUNDING, OPENING_BALANCE } from '../../shared/event/category.ts';
import type { ColumnNames } from '../../shared/ledger-file/columns.ts';
import { MODEL_VERSION } from '../../shared/model/runway.ts';
import type { Currency } from '../../shared/money/currency.ts';
import { progressOf } from '../demo/progress.ts';
import { categoriesArgument, columnsArgument, currencyArgument, wholeNumber } from './argument.ts';
import { type BacktestReport, printBacktest } from './backtest-report.ts';
import { Failure, reasonOf } from './failure.ts';
import { readLedger } from './forecast-ledger.ts';

interface BacktestOptions {
  readonly balanceDays: readonly number[];
  readonly mode: Mode | 'each' | 'auto';
  readonly funding: readonly string[];
  readonly columns?: ColumnNames;
  readonly currency?: Currency;
  readonly paths: number;
  readonly seed: number;
  readonly json?: true;
  readonly svg?: string;
}

const LEAD_DAYS = [30, 60, 90, 180];
const LEAD_DAYS_MAX = 223;

/** A lead beyond 223 days could not be followed to its end within a year. */
const leadsArgument = (text: string): readonly number[] => {
  const lead = wholeNumber(1, LEAD_DAYS_MAX);
  const leads = text.split(',').map((part) => lead(part.trim()));
  if (new Set(leads).size !== leads.length) throw new InvalidArgumentError('name each number of days once');
  return leads.sort((a, b) => a - b);
};

/** The movements of a file that are earned or spent. */
const subjectOf = (path: string, options: BacktestOptions): Subject => {
  const { currency, lines } = readLedger(path, options);
  const raised = new Set([FUNDING, OPENING_BALANCE, ...options.funding]);
  return {
    name: basename(path),
    currency,
    lines: lines.filter(({ category = '' }) => !raised.has(categoryOf(category))),
  };
};

const MODES: Readonly<Record<BacktestOptions['mode'], { readonly modes?: readonly Mode[] }>> = {
  auto: {},
  each: { modes: ['spend', 'thin'] },
  net: { modes: ['net'] },
  spend: { modes: ['spend'] },
  thin: { modes: ['thin'] },
};

const countOf = (all: readonly Origins[], mode: Mode): number =>
  all.reduce((sum, { played }) => sum + played[mode], 0);

const totalSkips = (all: readonly Origins[], declined: number): Readonly<Record<string, number>> => {
  const total: Record<string, number> = {};
  for (const { skipped } of all)
    for (const [reason, count] of Object.entries(skipped)) total[reason] = (total[reason] ?? 0) + count;
  if (declined > 0) total['the model asks for more history'] = declined;
  return total;
};

const writePlot = (path: string, svg: string): void => {
  try {
    writeFileSync(path, svg);
  } catch (error) {
    throw new Failure(`cannot write ${path}: ${reasonOf(error)}`);
  }
};

const backtest = (paths: readonly string[], options: BacktestOptions): void => {
  const subjects = paths.map((path) => subjectOf(path, options));
  // Two files may have one name; their years are clusters of their own all the same.
  const all = subjects.map((subject, k) =>
    originsOf(
      { ...subject, name: `${k + 1} ${subject.name}` },
      {
        leadDays: options.balanceDays,
        paths: options.paths,
        seed: options.seed,
        ...MODES[options.mode],
      },
    ),
  );
  const cases = all.flatMap((origins) => origins.cases);
  const progress = progressOf('backtest', cases.length, process.stderr);
  // What the ledger has taught so far comes first: that is what its owner would have been told.
  const methods = [adapted(), CALIBRATED, RAW, NORMAL_90, LINEAR_30, LINEAR_90];
  const { scored, declined } = runCases(cases, methods, progress.advance);
  progress.end();
  const report: BacktestReport = {
    model: MODEL_VERSION,
    origins: all.reduce((sum, { origins }) => sum + origins, 0),
    cases: cases.length - declined,
    played: {
      net: countOf(all, 'net'),
      spend: countOf(all, 'spend'),
      thin: countOf(all, 'thin'),
    },
    skipped: totalSkips(all, declined),
    summaries: summaries(scored, options.seed),
    paths: options.paths,
    seed: options.seed,
  };
  if (options.svg !== undefined) writePlot(options.svg, reliabilityPlot(scored));
  if (options.json) process.stdout.write(`${JSON.stringify(report)}\n`);
  else printBacktest(report);
};

export const addBacktest = (program: Command): void => {
  program
    .command('backtest')
    .description("how the model's intervals would have done on ledger files; offline")
    .argument('<file...>', 'movements of cash as CSV with date and amount, one currency a file')
    .option(
      '--balance-days <days>',
      'days of recent burn that the balance is set to',
      leadsArgument,
      LEAD_DAYS,
    )
    .addOption(
      new Option(
        '--mode <mode>',
        'net: as it is; spend: money out alone; thin: money in cut to half of money out; each: spend and thin; auto: net where it burns, else each',
      )
        .choices(Object.keys(MODES))
        .default('auto'),
    )
    .option(
      '--funding <categories>',
      'money raised, beside the category funding: left out',
      categoriesArgument,
      [],
    )
    .option('--columns <names>', "the ledger's own names: date=Posted,amount=Value", columnsArgument)
    .option('--currency <code>', 'currency (default: the currency column, else USD)', currencyArgument)
    .option('--paths <n>', 'how many futures to draw for each forecast', wholeNumber(100, 200_000), 2_000)
    .option('--seed <n>', 'which futures to draw', wholeNumber(0, 1_000_000_000), 0)
    .option('--json', 'the scores as JSON')
    .option('--svg <file>', 'write the reliability plot there')
    .action(backtest);
};
