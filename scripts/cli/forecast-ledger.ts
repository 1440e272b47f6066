import type { Command } from 'commander';
import type { ColumnNames } from '../../shared/ledger-file/columns.ts';
import { dailyFlows } from '../../shared/ledger-file/daily-flow.ts';
import { type LedgerFile, readLedgerFile } from '../../shared/ledger-file/read.ts';
import { runwayNumbers } from '../../shared/model/body.ts';
import { NO_PLAN } from '../../shared/model/plan.ts';
import { forecastRunway, type RunwayForecast } from '../../shared/model/runway.ts';
import { type Currency, exponentOf } from '../../shared/money/currency.ts';
import { decimalOf, type Minor, minorOf } from '../../shared/money/money.ts';
import { type CivilDate, daysBetween } from '../../shared/time/civil-date.ts';
import { columnsArgument, currencyArgument, dateArgument, wholeNumber } from './argument.ts';
import { Failure } from './failure.ts';
import { printForecast } from './forecast-report.ts';
import { readInput } from './input.ts';

export interface LedgerOptions {
  readonly balance?: string;
  readonly minimumCash: string;
  readonly currency?: Currency;
  readonly asOf?: CivilDate;
  readonly columns?: ColumnNames;
  readonly horizon: number;
  readonly paths: number;
  readonly seed: number;
  readonly json?: true;
}

/** Names of the options that mean nothing beside a scenario. */
export const LEDGER_ONLY = [
  'balance',
  'minimumCash',
  'currency',
  'asOf',
  'columns',
  'horizon',
  'paths',
  'seed',
] as const;

export const addLedgerOptions = (command: Command): void => {
  command
    .option('--balance <amount>', 'cash at the end of the as-of day (with --ledger)')
    .option('--minimum-cash <amount>', 'cash that must not be touched', '0')
    .option(
      '--currency <code>',
      'currency of the ledger (default: its currency column, else USD)',
      currencyArgument,
    )
    .option('--as-of <date>', 'last closed day (default: the last date of the ledger)', dateArgument)
    .option('--columns <names>', "the ledger's own names: date=Posted,amount=Value", columnsArgument)
    .option('--horizon <days>', 'how far to look', wholeNumber(1, 1_825), 730)
    .option('--paths <n>', 'how many futures to draw', wholeNumber(1, 200_000), 10_000)
    .option('--seed <n>', 'which futures to draw', wholeNumber(0, Number.MAX_SAFE_INTEGER), 0);
};

const amountOf = (flag: string, text: string, currency: Currency): Minor => {
  const amount = minorOf(text, currency);
  if (amount === undefined)
    throw new Failure(
      `${flag} "${text}" is no amount in ${currency}: write digits with at most ${exponentOf(currency)} decimals, such as 12000.50`,
    );
  return amount;
};

/** Reads a ledger file; the first of its problems ends the command. */
export const readLedger = (
  path: string,
  options: Pick<LedgerOptions, 'columns' | 'currency'>,
): LedgerFile => {
  const { columns, currency } = options;
  const read = readLedgerFile(readInput(path), {
    ...(columns === undefined ? {} : { columns }),
    ...(currency === undefined ? {} : { currency }),
  });
  if (read.kind === 'ledger') return read;
  const more = read.problemCount - 1;
  throw new Failure(`${path}: ${read.problems[0]}${more > 0 ? ` (and ${more} more like this)` : ''}`);
};

/** What the choice of the as-of day leaves out or adds, as sentences. */
const asOfReasons = (ledger: LedgerFile, asOf: CivilDate, lastDate: CivilDate): readonly string[] => {
  const later = ledger.lines.filter(({ date }) => date > asOf).length;
  const silentDays = daysBetween(lastDate, asOf);
  return [
    ...(later > 0 ? [`${later} lines after ${asOf} are left out`] : []),
    ...(silentDays > 0
      ? [`no line in the ${silentDays} days before ${asOf}: they count as days without movement`]
      : []),
    ...(ledger.repeatedLines > 0
      ? [`${ledger.repeatedLines} lines repeat an earlier id and count once`]
      : []),
  ];
};

const print = (path: string, forecast: RunwayForecast, reasons: readonly string[]): void => {
  const { currency, burn, asOf } = forecast;
  const notes =
    burn === null
      ? []
      : [
          `An average day of the history ${burn.netDailyMean.startsWith('-') ? 'brings' : 'burns'} ${burn.netDailyMean.replace('-', '')} ${currency} net (standard deviation ${burn.netDailyStd}) and pays out ${burn.grossDailyMean}.`,
        ];
  const balance = `${decimalOf(forecast.balanceMinor, currency)} ${currency}`;
  printForecast({ ...forecast, title: `${path}: ${balance} at the end of ${asOf}`, notes, reasons });
};

/** Fits the model to a ledger file and prints the forecast. */
export const forecastLedger = (path: string, options: LedgerOptions): void => {
  if (options.balance === undefined)
    throw new Failure('--ledger needs --balance AMOUNT: the file has movements, not what they left');
  const ledger = readLedger(path, options);
  const days = dailyFlows(ledger.lines);
  const lastDate = days.at(-1)?.date;
  if (lastDate === undefined) throw new Error('a ledger file was read without lines');
  const asOf = options.asOf ?? lastDate;
  const forecast = forecastRunway({
    asOf,
    horizonDays: options.horizon,
    paths: options.paths,
    seed: options.seed,
    currency: ledger.currency,
    balanceMinor: amountOf('--balance', options.balance, ledger.currency),
    minimumCashMinor: amountOf('--minimum-cash', options.minimumCash, ledger.currency),
    days,
    plan: NO_PLAN,
  });
  const reasons = [...forecast.reasons, ...asOfReasons(ledger, asOf, lastDate)];
  if (options.json) process.stdout.write(`${JSON.stringify({ ...runwayNumbers(forecast), reasons })}\n`);
  else print(path, forecast, reasons);
};
