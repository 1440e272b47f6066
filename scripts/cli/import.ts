import { basename } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import type { ColumnNames } from '../../shared/ledger-file/columns.ts';
import { readLedgerFile } from '../../shared/ledger-file/read.ts';
import { type Currency, exponentOf } from '../../shared/money/currency.ts';
import { minorOf } from '../../shared/money/money.ts';
import { type CivilDate, civilDate } from '../../shared/time/civil-date.ts';
import { progressOf } from '../demo/progress.ts';
import { type ApiOptions, callApi, withToken } from './api.ts';
import { columnsArgument, currencyArgument } from './argument.ts';
import { Failure } from './failure.ts';
import { readInput } from './input.ts';
import { type StatementPart, statementParts } from './statement-parts.ts';
import { printTable } from './table.ts';

interface Period {
  readonly from: CivilDate;
  readonly to: CivilDate;
}

interface ImportOptions extends ApiOptions {
  readonly account: string;
  readonly currency: Currency;
  readonly coverage: Period;
  readonly columns?: ColumnNames;
  readonly openingBalance?: string;
  readonly closingBalance?: string;
  readonly json?: true;
}

interface Discrepancy {
  readonly date: string;
  readonly amount: string;
  readonly description?: string;
}

/** Rows that are kept and do not count, because another source tells the account on their days. */
interface NotCounted {
  readonly rows: number;
  readonly from: string;
  readonly to: string;
}

/** What the pipeline answers to one part; lines are the part's own. */
interface PartAnswer {
  readonly status: string;
  readonly rows: number;
  readonly accepted: number;
  readonly duplicates: number;
  readonly conflicts: number;
  readonly conflicting_lines: readonly number[];
  readonly discrepancies: readonly Discrepancy[];
  readonly discrepancy_count: number;
  readonly opening_balance?: { readonly amount: string; readonly date: string; readonly status: string };
  readonly not_counted?: NotCounted;
}

const periodArgument = (text: string): Period => {
  const [from, to, more] = text.split('..').map((part) => civilDate(part.trim()));
  if (from === undefined || to === undefined || more !== undefined || to < from)
    throw new InvalidArgumentError(
      'write the first and the last day the file is complete for: 2026-01-01..2026-03-31',
    );
  return { from, to };
};

/** The file is read here first, so that what is wrong with it is said by the lines of the file. */
const partsOf = (path: string, options: ImportOptions): readonly StatementPart[] => {
  const { currency, columns = {}, coverage, openingBalance, closingBalance } = options;
  const bytes = readInput(path);
  const read = readLedgerFile(bytes, { columns, currency });
  if (read.kind === 'problems') {
    const more = read.problemCount - 1;
    throw new Failure(`${path}: ${read.problems[0]}${more > 0 ? ` (and ${more} more like this)` : ''}`);
  }
  const outside = read.lines.find(({ date }) => date < coverage.from || date > coverage.to);
  if (outside !== undefined)
    throw new Failure(
      `${path}: line ${outside.line}: ${outside.date} is outside --coverage ${coverage.from}..${coverage.to}`,
    );
  if (openingBalance !== undefined && minorOf(openingBalance, currency) === undefined)
    throw new Failure(
      `--opening-balance "${openingBalance}" is no amount in ${currency}: write digits with at most ${exponentOf(currency)} decimals`,
    );
  if (closingBalance !== undefined && minorOf(closingBalance, currency) === undefined)
    throw new Failure(
      `--closing-balance "${closingBalance}" is no amount in ${currency}: write digits with at most ${exponentOf(currency)} decimals`,
    );
  return statementParts(bytes, columns, coverage.from, coverage.to);
};

const postPart = async (
  file: string,
  part: StatementPart,
  place: { readonly first: boolean; readonly last: boolean },
  options: ImportOptions,
): Promise<PartAnswer> => {
  const { account, currency, columns, openingBalance, closingBalance } = options;
  const body = {
    account,
    currency,
    coverage: { from: part.from, to: part.to, partial_days: part.partialDays },
    csv: part.csv,
    file_name: file,
    ...(columns === undefined ? {} : { columns }),
    ...(place.first && openingBalance !== undefined ? { opening_balance: openingBalance } : {}),
    ...(place.last && closingBalance !== undefined ? { closing_balance: closingBalance } : {}),
  };
  const answer = await callApi(options, { method: 'POST', path: '/v1/imports', body }, ['import:write']);
  return answer as PartAnswer;
};

const sum = (
  answers: readonly PartAnswer[],
  member: 'rows' | 'accepted' | 'duplicates' | 'conflicts',
): number => answers.reduce((total, answer) => total + answer[member], 0);

const notCountedIn = (answers: readonly PartAnswer[]): NotCounted | undefined => {
  const all = answers.flatMap(({ not_counted }) => not_counted ?? []);
  const [first] = all;
  const last = all.at(-1);
  return (
    first && last && { rows: all.reduce((sum, { rows }) => sum + rows, 0), from: first.from, to: last.to }
  );
};

/** The answers to all parts as one, with the lines of the file. */
const summaryOf = (
  { account, currency, coverage }: ImportOptions,
  parts: readonly StatementPart[],
  answers: readonly PartAnswer[],
) => {
  const [first] = answers;
  const uncounted = notCountedIn(answers);
  return {
    status: ['accepted', 'conflict', 'duplicate'].find((status) =>
      answers.some((answer) => answer.status === status),
    ),
    account,
    currency,
    coverage,
    requests: answers.length,
    rows: sum(answers, 'rows'),
    accepted: sum(answers, 'accepted'),
    duplicates: sum(answers, 'duplicates'),
    conflicts: sum(answers, 'conflicts'),
    conflicting_lines: answers.flatMap((answer, index) =>
      answer.conflicting_lines.map((line) => parts[index]?.lineInFile(line) ?? line),
    ),
    discrepancies: answers.flatMap(({ discrepancies }) => discrepancies),
    discrepancy_count: answers.reduce((total, answer) => total + answer.discrepancy_count, 0),
    ...(first?.opening_balance && { opening_balance: first.opening_balance }),
    ...(uncounted && { not_counted: uncounted }),
  };
};
type Summary = ReturnType<typeof summaryOf>;

const print = (path: string, summary: Summary): void => {
  const { account, currency, coverage, rows, accepted, duplicates, conflicts } = summary;
  process.stdout.write(`${path} into ${account}, ${coverage.from} to ${coverage.to}\n`);
  printTable(
    ['rows', 'new', 'known', 'in conflict'],
    [[rows, accepted, duplicates, conflicts].map(String)],
    0,
  );
  const { opening_balance: opening, discrepancies, discrepancy_count: missing } = summary;
  if (summary.not_counted !== undefined) {
    const { rows: kept, from, to } = summary.not_counted;
    process.stdout.write(
      `Kept and not counted: ${kept} ${kept === 1 ? 'row' : 'rows'} from ${from} to ${to}, days on which another source tells ${account}, as Plaid does from its first line on.\n`,
    );
  }
  if (opening)
    process.stdout.write(
      `Opening balance ${opening.amount} ${currency} at the end of ${opening.date}: ${opening.status}.\n`,
    );
  if (conflicts > 0)
    process.stdout.write(
      `Lines told in another way before, which stands until someone looks: ${summary.conflicting_lines.join(', ')}.\n`,
    );
  if (missing > 0) {
    process.stdout.write(
      `The ledger holds ${missing} rows of these days that this file lacks; they still count:\n`,
    );
    printTable(
      ['date', 'amount', 'description'],
      discrepancies.map(({ date, amount, description = '' }) => [date, amount, description]),
    );
  }
};

const importFile = async (path: string, options: ImportOptions): Promise<void> => {
  const parts = partsOf(path, options);
  const file = path === '-' ? 'standard input' : basename(path);
  const progress = progressOf(`importing ${file}`, parts.length, process.stderr);
  const answers: PartAnswer[] = [];
  try {
    for (const part of parts) {
      const place = { first: answers.length === 0, last: answers.length === parts.length - 1 };
      answers.push(await postPart(file, part, place, options));
      if (parts.length > 1) progress.advance();
    }
  } catch (error) {
    if (answers.length === 0 || !(error instanceof Error)) throw error;
    const done = parts[answers.length - 1]?.to;
    throw new Failure(
      `${error.message}; the days up to ${done} are stored, run the same command again to go on`,
    );
  } finally {
    if (parts.length > 1) progress.end();
  }
  const summary = summaryOf(options, parts, answers);
  if (options.json) process.stdout.write(`${JSON.stringify(summary)}\n`);
  else print(path, summary);
};

export const addImport = (program: Command): void => {
  withToken(program.command('import'))
    .description("an account's rows into the ledger, as its bank exported them; each row counts once")
    .argument('<file>', 'CSV with a header, - for standard input')
    .requiredOption('--account <name>', 'the account the rows are of; the same name in every file of it')
    .requiredOption('--currency <code>', 'currency of the account', currencyArgument)
    .requiredOption('--coverage <from..to>', 'first and last day the file is complete for', periodArgument)
    .option('--columns <names>', "the file's own names: date=Posted,amount=Value", columnsArgument)
    .option('--opening-balance <amount>', 'what the account held at the end of the day before')
    .option(
      '--closing-balance <amount>',
      'what it held at the end of the last day; held against the rows every night',
    )
    .option('--json', 'the answer as JSON')
    .addHelpText(
      'after',
      '\nFiles may overlap and be sent again. A long file goes in parts of whole days.\nRows of category funding are money raised: in the balance, not in the pattern of income.\n\nExample:\n  capstack import january.csv --account checking --currency USD --coverage 2026-01-01..2026-01-31 --opening-balance 250000',
    )
    .action(importFile);
};
