import * as v from 'valibot';
import { isReservedAccount } from '../../event/account.ts';
import { type ColumnNames, LEDGER_COLUMNS } from '../../ledger-file/columns.ts';
import type { LedgerLine } from '../../ledger-file/line.ts';
import { readLedgerFile } from '../../ledger-file/read.ts';
import { type Currency, currency } from '../../money/currency.ts';
import { type Minor, minorOf } from '../../money/money.ts';
import { addDays, type CivilDate, civilDate, daysBetween } from '../../time/civil-date.ts';
import { jsonIn, problemOf, text } from '../text.ts';

/** What one request may hold: all of it is stored, one write a row, before it is answered. */
export const MAX_ROWS = 5_000;
export const MAX_COVERAGE_DAYS = 366;
/** No company's money is older, and a year mistyped as 0026 must not begin its history. */
const FIRST_DAY = '1970-01-01';

/** The days for which a file is complete, both ends included. */
export interface Coverage {
  readonly from: CivilDate;
  readonly to: CivilDate;
  /** Days of it that may lack rows, because the export was made while they lasted. */
  readonly partialDays: readonly CivilDate[];
}

/** The rows of one account of the tenant's over some days. */
export interface Statement {
  readonly account: string;
  readonly currency: Currency;
  readonly coverage: Coverage;
  readonly lines: readonly LedgerLine[];
  /** Lines that repeat the id of an earlier one. */
  readonly repeatedLines: number;
  /** What the account held at the end of the day before `coverage.from`. */
  readonly openingBalanceMinor?: Minor;
  /** What it held at the end of `coverage.to`: opening and rows must add up to it. */
  readonly closingBalanceMinor?: Minor;
}

export type ReadStatement =
  | { readonly kind: 'statement'; readonly statement: Statement }
  | { readonly kind: 'problems'; readonly problems: readonly string[]; readonly problemCount: number }
  | { readonly kind: 'too_long'; readonly rows: number };

const NO_DAY = 'is no calendar day like 2026-01-31';
const day: v.GenericSchema<string, CivilDate> = v.pipe(
  v.string(NO_DAY),
  v.check((value) => civilDate(value) !== undefined, NO_DAY),
  v.transform((value) => value as CivilDate),
);

const requestSchema = v.strictObject({
  account: v.pipe(
    text(100),
    v.check((account) => account.trim() === account, 'begins or ends with a blank'),
    v.check(
      (account) => !isReservedAccount(account),
      'is not for an import: another source counts its money',
    ),
  ),
  currency: v.pipe(
    v.string('is no ISO 4217 code'),
    v.check((code) => currency(code) !== undefined, 'is no ISO 4217 code'),
    v.transform((code) => currency(code) as Currency),
  ),
  coverage: v.strictObject({ from: day, to: day, partial_days: v.optional(v.array(day, 'is no list')) }),
  columns: v.optional(
    v.strictObject(Object.fromEntries(LEDGER_COLUMNS.map((column) => [column, v.optional(text(200))]))),
  ),
  /** Left out, the request only says where the account begins. */
  csv: v.optional(v.pipe(v.string('is no text'), v.minLength(1, 'is empty'))),
  file_name: v.optional(text(200)),
  opening_balance: v.optional(v.string('is no decimal string')),
  closing_balance: v.optional(v.string('is no decimal string')),
});
type ImportRequest = v.InferOutput<typeof requestSchema>;

const refused = (problems: readonly string[], problemCount: number = problems.length): ReadStatement => ({
  kind: 'problems',
  problems: problems.slice(0, 20),
  problemCount,
});

/** A file cannot be complete for a day that has not begun anywhere. */
const coverageProblems = ({ from, to }: Coverage, today: CivilDate): readonly string[] => {
  if (from < FIRST_DAY) return [`coverage: begins on ${from}, before ${FIRST_DAY}`];
  if (to < from) return [`coverage: ends on ${to}, before it begins on ${from}`];
  if (to > addDays(today, 1))
    return [`coverage: ends on ${to}, but today is ${today}: no file is complete for days to come`];
  const days = daysBetween(from, to) + 1;
  return days > MAX_COVERAGE_DAYS
    ? [
        `coverage: ${days} days, at most ${MAX_COVERAGE_DAYS} fit into one request: split the file by date, as capstack import does`,
      ]
    : [];
};

const LONGEST = { id: 200, category: 100, description: 1_000 } as const;

/** Cells that no ledger row could hold. */
const cellProblems = (line: LedgerLine): readonly string[] => [
  ...(['id', 'category', 'description'] as const).flatMap((column) =>
    (line[column]?.length ?? 0) > LONGEST[column]
      ? [`line ${line.line}: the ${column} is longer than ${LONGEST[column]} characters`]
      : [],
  ),
  ...(/\p{Cc}/u.test(line.id ?? '') ? [`line ${line.line}: the id holds control characters`] : []),
];

/** What the lines of one account must have in common. */
const lineProblems = (lines: readonly LedgerLine[], { from, to }: Coverage): readonly string[] => {
  const [first] = lines;
  return lines.flatMap(({ line, date, account }) => [
    ...(date < from || date > to
      ? [`line ${line}: ${date} is outside the coverage ${from}..${to}: widen it, or leave the line out`]
      : []),
    ...(account !== first?.account
      ? [
          `line ${line}: account "${account ?? ''}", but line ${first?.line} has "${first?.account ?? ''}": make one file for each account`,
        ]
      : []),
  ]);
};

const NO_ROWS = { kind: 'ledger', lines: [], repeatedLines: 0 } as const;

const statementOf = (request: ImportRequest, today: CivilDate): ReadStatement => {
  const {
    account,
    currency: unit,
    csv,
    columns = {},
    opening_balance: opening,
    closing_balance: closing,
  } = request;
  const { from, to, partial_days: partialDays = [from, to] } = request.coverage;
  const coverage: Coverage = { from, to, partialDays };
  const openingBalanceMinor = opening === undefined ? undefined : minorOf(opening, unit);
  const closingBalanceMinor = closing === undefined ? undefined : minorOf(closing, unit);
  const problems = [
    ...coverageProblems(coverage, today),
    ...(opening !== undefined && openingBalanceMinor === undefined
      ? [`opening_balance: is no decimal number that ${unit} can hold`]
      : []),
    ...(closing !== undefined && closingBalanceMinor === undefined
      ? [`closing_balance: is no decimal number that ${unit} can hold`]
      : []),
  ];
  if (csv === undefined && opening === undefined)
    problems.push('csv: is missing: give the rows, an opening_balance, or both');
  if (problems.length > 0) return refused(problems);
  const file =
    csv === undefined
      ? NO_ROWS
      : readLedgerFile(Buffer.from(csv), { columns: columns as ColumnNames, currency: unit });
  if (file.kind === 'problems') return refused(file.problems, file.problemCount);
  const { lines, repeatedLines } = file;
  if (lines.length > MAX_ROWS) return { kind: 'too_long', rows: lines.length };
  const unfit = [...lines.flatMap(cellProblems), ...lineProblems(lines, coverage)];
  if (unfit.length > 0) return refused(unfit);
  return {
    kind: 'statement',
    statement: {
      account,
      currency: unit,
      coverage,
      lines,
      repeatedLines,
      ...(openingBalanceMinor === undefined ? {} : { openingBalanceMinor }),
      ...(closingBalanceMinor === undefined ? {} : { closingBalanceMinor }),
    },
  };
};

/**
 * Reads the body of an import. One bad line refuses it all: a balance without that line would be wrong in silence.
 * @param today the tenant's accounting day.
 */
export const readStatement = (body: Uint8Array, today: CivilDate): ReadStatement => {
  const value = jsonIn(body);
  if (value === undefined) return refused(['body: is no JSON in UTF-8']);
  const parsed = v.safeParse(requestSchema, value);
  return parsed.success ? statementOf(parsed.output, today) : refused(parsed.issues.map(problemOf));
};
