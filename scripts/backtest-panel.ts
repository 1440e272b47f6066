/**
 * `npm run backtest:panel -- --companies N`: the model and i.i.d. normal days on N made-up companies whose future is known,
 * and what a calibrated model would have to reach. The gates inform; they do not fail the command.
 */
import { Command } from 'commander';
import { COMPANIES_MIN, type Gate, gatesOf } from '../shared/backtest/gates.ts';
import { NET_BOOTSTRAP, NORMAL_90 } from '../shared/backtest/methods.ts';
import { casesOf, oracle } from '../shared/backtest/panel.ts';
import { runCases, type Scored } from '../shared/backtest/run.ts';
import { summaries } from '../shared/backtest/summary.ts';
import { MODEL_VERSION } from '../shared/model/runway.ts';
import { wholeNumber } from './cli/argument.ts';
import { printSummaries } from './cli/backtest-report.ts';
import { printTable } from './cli/table.ts';
import { progressOf } from './demo/progress.ts';

const LEAD_DAYS = [30, 60, 90, 180];

interface PanelArguments {
  readonly companies: number;
  readonly firstSeed: number;
  readonly paths: number;
  readonly oracle: number;
  readonly json?: true;
}

interface Panel {
  readonly scored: readonly Scored[];
  readonly notBurning: number;
  readonly declined: number;
}

/** Takes companies by seed until enough of them burn. */
const panel = ({ companies, firstSeed, paths, oracle: redraws }: PanelArguments): Panel => {
  const methods = [NET_BOOTSTRAP, NORMAL_90, ...(redraws > 0 ? [oracle(redraws)] : [])];
  const progress = progressOf('companies', companies, process.stderr);
  const scored: Scored[] = [];
  let declined = 0;
  let notBurning = 0;
  for (let seed = firstSeed, found = 0; found < companies; seed += 1) {
    const cases = casesOf(seed, { leadDays: LEAD_DAYS, paths });
    if (cases.length === 0) {
      notBurning += 1;
      continue;
    }
    found += 1;
    const run = runCases(cases, methods);
    scored.push(...run.scored);
    declined += run.declined;
    progress.advance();
  }
  progress.end();
  return { scored, notBurning, declined };
};

const printGates = (gates: readonly Gate[]): void =>
  printTable(
    ['gate', 'wanted', 'reached', 'verdict'],
    gates.map(({ what, wanted, reached, passed }) => [what, wanted, reached, passed ? 'passed' : 'missed']),
  );

const program = new Command('backtest:panel')
  .description('the model on made-up companies whose future is known, and what it would have to reach')
  .option('--companies <n>', 'how many that burn', wholeNumber(1, 10_000), COMPANIES_MIN)
  .option('--first-seed <n>', 'the first company', wholeNumber(0, 1_000_000), 1_000)
  .option('--paths <n>', 'how many futures to draw for each forecast', wholeNumber(100, 200_000), 2_000)
  .option(
    '--oracle <n>',
    'draw each future so many times: the best possible forecast',
    wholeNumber(0, 1_000),
    0,
  )
  .option('--json', 'the scores and the gates as JSON')
  .parse();

const options = program.opts<PanelArguments>();
const { scored, notBurning, declined } = panel(options);
const found = summaries(scored, options.firstSeed);
const gates = gatesOf(found, { model: NET_BOOTSTRAP.name, baseline: NORMAL_90.name, oracle: oracle(1).name });
// A reader that has seen enough (`| head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});
if (options.json)
  process.stdout.write(
    `${JSON.stringify({ model: MODEL_VERSION, ...options, notBurning, declined, summaries: found, gates })}\n`,
  );
else {
  process.stdout.write(`${options.companies} companies; ${notBurning} that do not burn were passed over\n`);
  printSummaries(found);
  printGates(gates);
  const missed = gates.filter(({ passed }) => !passed).length;
  process.stdout.write(
    `${missed === 0 ? 'Every gate is passed' : `${missed} of ${gates.length} gates are missed`}. They are what a calibrated model reaches; ${MODEL_VERSION} is a plain one, so they inform and fail nothing.\n`,
  );
  if (options.companies < COMPANIES_MIN)
    process.stdout.write(`Fewer than ${COMPANIES_MIN} companies: chance decides some of them.\n`);
  if (declined > 0) process.stdout.write(`Not scored: ${declined} cases, the model asks for more history.\n`);
}
