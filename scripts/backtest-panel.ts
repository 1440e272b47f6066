/**
 * `npm run backtest:panel`: the model, before and after calibration, on made-up companies whose future is known, beside what
 * people use without one and what a calibrated model has to reach. `--write` writes docs/calibration.md; `--fit` fits the
 * constants of the calibration anew, on other companies.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import {
  CREDITS_UNTOLD,
  FIRM_CONTRACTS,
  LEVEL_CLOUDS,
  NET_ALONE,
  STREAMS_ALONE,
  SURE_OF_THE_LEVEL,
} from '../shared/backtest/ablations.ts';
import { COMPANIES_MIN, type Gate, gatesOf } from '../shared/backtest/gates.ts';
import { LINEAR_30, LINEAR_90, NORMAL_90 } from '../shared/backtest/methods.ts';
import { adapted, RAW } from '../shared/backtest/model-methods.ts';
import { oracle } from '../shared/backtest/panel.ts';
import { type Summary, summaries } from '../shared/backtest/summary.ts';
import { CALIBRATION } from '../shared/model/calibration/constants.ts';
import { MODEL_VERSION } from '../shared/model/runway.ts';
import { categoriesArgument, wholeNumber } from './cli/argument.ts';
import { printSummaries } from './cli/backtest-report.ts';
import { printTable } from './cli/table.ts';
import { calibrationPage, type PanelResult } from './panel/calibration-page.ts';
import { scoreCompanies } from './panel/companies.ts';
import { ledgerArgument, type NamedLedger, scoreLedger } from './panel/ledgers.ts';
import { refit } from './panel/write-constants.ts';

interface PanelArguments {
  readonly companies: number;
  readonly firstSeed: number;
  readonly paths: number;
  readonly oracle: number;
  readonly oracleCompanies: number;
  readonly ledger: readonly NamedLedger[];
  readonly funding: readonly string[];
  readonly fit?: true;
  readonly write?: true;
  readonly json?: true;
}

/** A company that is asked once has no past to learn from. */
const CAPSTACK = adapted();
const MODELS = [CAPSTACK, RAW] as const;
const BASELINES = [NORMAL_90, LINEAR_30, LINEAR_90] as const;
const ABLATIONS = [STREAMS_ALONE, NET_ALONE, SURE_OF_THE_LEVEL] as const;
const TOLD_OTHERWISE = [FIRM_CONTRACTS, LEVEL_CLOUDS, CREDITS_UNTOLD] as const;
const PAGE = join(import.meta.dirname, '../docs/calibration.md');

const program = new Command('backtest:panel')
  .description('the model on made-up companies whose future is known, and what it has to reach')
  .option('--companies <n>', 'how many that burn', wholeNumber(1, 10_000), COMPANIES_MIN)
  .option('--first-seed <n>', 'the first company', wholeNumber(0, 1_000_000), 1_000)
  .option('--paths <n>', 'how many futures to draw for each forecast', wholeNumber(100, 200_000), 2_000)
  .option('--oracle <n>', 'draw futures so many times: the best possible forecast', wholeNumber(0, 1_000), 0)
  .option('--oracle-companies <n>', 'for so many companies', wholeNumber(1, 10_000), 100)
  .option('--ledger <name=file>', 'a ledger file beside the companies; may be repeated', ledgerArgument, [])
  .option('--funding <categories>', 'categories of those files that are money raised', categoriesArgument, [])
  .option('--fit', 'fit the constants of the calibration anew, and write them')
  .option('--write', 'write docs/calibration.md')
  .option('--json', 'the scores and the gates as JSON')
  .parse();

const oracleOf = ({
  oracle: redraws,
  oracleCompanies,
  firstSeed,
  paths,
}: PanelArguments): PanelResult['oracle'] => {
  if (redraws === 0) return null;
  const { scored } = scoreCompanies([...MODELS, oracle(redraws), NORMAL_90, LINEAR_90], {
    firstSeed,
    companies: oracleCompanies,
    paths,
  });
  return { redraws, summaries: summaries(scored, firstSeed) };
};

const gatesFor = (found: readonly Summary[], best: PanelResult['oracle']): PanelResult['gates'] =>
  MODELS.map(({ name }) => ({
    method: name,
    gates: gatesOf([...found, ...(best?.summaries.filter(({ method }) => method === 'oracle') ?? [])], {
      model: name,
      baseline: NORMAL_90.name,
      oracle: 'oracle',
    }),
  }));

const run = (options: PanelArguments): PanelResult => {
  const { scored, companies, notBurning, declined } = scoreCompanies(
    [...MODELS, ...BASELINES, ...ABLATIONS],
    options,
    TOLD_OTHERWISE,
  );
  const found = summaries(scored, options.firstSeed);
  const best = oracleOf(options);
  return {
    companies,
    firstSeed: options.firstSeed,
    paths: options.paths,
    notBurning,
    declined,
    summaries: found,
    gates: gatesFor(found, best),
    oracle: best,
    ledgers: options.ledger.map((ledger) => scoreLedger(ledger, options.funding, options.paths)),
    model: MODEL_VERSION,
    constants: CALIBRATION,
    command: `npm run backtest:panel -- --companies ${options.companies}${options.oracle > 0 ? ` --oracle ${options.oracle}` : ''} --write`,
  };
};

const printGates = (gates: readonly Gate[]): void =>
  printTable(
    ['gate', 'wanted', 'reached', 'verdict'],
    gates.map(({ what, wanted, reached, passed }) => [what, wanted, reached, passed ? 'passed' : 'missed']),
  );

const print = (result: PanelResult): void => {
  process.stdout.write(
    `${result.companies} companies; ${result.notBurning} that do not burn were passed over\n`,
  );
  printSummaries(result.summaries);
  if (result.oracle !== null) printSummaries(result.oracle.summaries);
  for (const { method, gates } of result.gates) {
    process.stdout.write(`${method}\n`);
    printGates(gates);
  }
  for (const { name, summaries: own } of result.ledgers) {
    process.stdout.write(`${name}\n`);
    printSummaries(own);
  }
  if (result.companies < COMPANIES_MIN)
    process.stdout.write(`Fewer than ${COMPANIES_MIN} companies: chance decides some of the gates.\n`);
  if (result.declined > 0)
    process.stdout.write(`Not scored: ${result.declined} cases, the model asks for more history.\n`);
};

// A reader that has seen enough (`| head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});
const options = program.opts<PanelArguments>();
if (options.fit) process.stdout.write(`${JSON.stringify(refit(options.paths, Date.now()))}\n`);
else {
  const result = run(options);
  if (options.write) writeFileSync(PAGE, calibrationPage(result));
  if (options.json) process.stdout.write(`${JSON.stringify(result)}\n`);
  else print(result);
  // What a tenant is told has to reach the gates; what the paths alone say need not.
  const missed = result.gates
    .find(({ method }) => method === CAPSTACK.name)
    ?.gates.some(({ passed }) => !passed);
  if (missed === true && result.companies >= COMPANIES_MIN) process.exitCode = 1;
}
