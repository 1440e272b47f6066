/** Ledger files: CSV with a header, one movement of cash a line, one currency a file. */
import type { Currency } from '../money/currency.ts';
import { type ColumnNames, type ColumnPositions, locateColumns } from './columns.ts';
import { eachRecord } from './csv.ts';
import { amountCell, type Cell, currencyCell, dateCell, type LedgerLine } from './line.ts';

export interface LedgerFileOptions {
  readonly columns?: ColumnNames;
  /** The currency the file must be in; without it the file's currency column decides, and without that, USD. */
  readonly currency?: Currency;
}

export interface LedgerFile {
  readonly kind: 'ledger';
  readonly currency: Currency;
  /** In the order of the file. */
  readonly lines: readonly LedgerLine[];
  /** Lines that repeat an earlier one, id included: counted once. */
  readonly repeatedLines: number;
}

export interface LedgerFileProblems {
  readonly kind: 'problems';
  /** Sentences with line, fault and remedy: the first few of `problemCount`. */
  readonly problems: readonly string[];
  readonly problemCount: number;
}

const PROBLEMS_KEPT = 20;
const DEFAULT_CURRENCY = 'USD' as Currency;

/** Reads a whole ledger file; a file with one bad line is refused, because a sum without it would be wrong in silence. */
export const readLedgerFile = (
  bytes: Uint8Array,
  options: LedgerFileOptions = {},
): LedgerFile | LedgerFileProblems => {
  const problems: string[] = [];
  let problemCount = 0;
  const complain = (problem: string): void => {
    if (problems.length < PROBLEMS_KEPT) problems.push(problem);
    problemCount += 1;
  };

  let header: { readonly width: number; readonly positions: ColumnPositions | undefined } | undefined;
  const body = ledgerBody(options.currency, complain);
  const fault = eachRecord(bytes, (record, line) => {
    if (header === undefined) {
      const located = locateColumns(record, options.columns ?? {});
      if ('problem' in located) complain(`line ${line}: ${located.problem}`);
      header = { width: record.length, positions: 'problem' in located ? undefined : located };
    } else if (header.positions !== undefined) {
      if (record.length === header.width) body.add(record, line, header.positions);
      else
        complain(
          `line ${line}: ${record.length} fields where the header has ${header.width}: quote fields that contain commas`,
        );
    }
  });
  if (fault !== undefined) complain(fault);
  if (header === undefined && fault === undefined)
    complain('the file is empty: it needs a header line with date and amount, then a line for each movement');
  else if (body.lines.length === 0 && problemCount === 0)
    complain('the file has a header and no lines: add a line for each movement');

  return problemCount > 0
    ? { kind: 'problems', problems, problemCount }
    : {
        kind: 'ledger',
        currency: body.currency(),
        lines: body.lines,
        repeatedLines: body.repeatedLines(),
      };
};

interface LedgerBody {
  readonly lines: readonly LedgerLine[];
  add(record: readonly string[], line: number, positions: ColumnPositions): void;
  currency(): Currency;
  repeatedLines(): number;
}

/** The lines below the header, checked one by one and against each other. */
const ledgerBody = (asked: Currency | undefined, complain: (problem: string) => void): LedgerBody => {
  const lines: LedgerLine[] = [];
  const byId = new Map<string, LedgerLine>();
  let repeatedLines = 0;
  let seen: { readonly code: Currency; readonly line: number } | undefined;

  /** Value of the cell; a complaint and undefined where it has none. */
  const accept = <Value>(line: number, cell: Cell<Value>): Value | undefined => {
    if ('value' in cell) return cell.value;
    complain(`line ${line}: ${cell.problem}`);
    return undefined;
  };

  const unitOf = (text: string | undefined, line: number): Currency | undefined => {
    if (text === undefined) return asked ?? DEFAULT_CURRENCY;
    const code = accept(line, currencyCell(text));
    if (code === undefined) return undefined;
    seen ??= { code, line };
    const wanted = asked ?? seen.code;
    if (code === wanted) return code;
    const told =
      asked === undefined
        ? `but line ${seen.line} has ${wanted}: make one file for each currency`
        : `but ${wanted} was asked for: leave other currencies out`;
    complain(`line ${line}: currency ${code}, ${told}`);
    return undefined;
  };

  /** Two lines under one id are one movement told twice, or a mistake. */
  const keep = (entry: LedgerLine): void => {
    const key = entry.id === undefined ? undefined : `${entry.account ?? ''}|${entry.id}`;
    const earlier = key === undefined ? undefined : byId.get(key);
    if (earlier === undefined) {
      lines.push(entry);
      if (key !== undefined) byId.set(key, entry);
    } else if (sameMovement(earlier, entry)) repeatedLines += 1;
    else
      complain(
        `line ${entry.line}: id "${entry.id}" is on line ${earlier.line} with another date or amount: give each movement its own id`,
      );
  };

  return {
    lines,
    add: (record, line, positions) => {
      const cell = (at: number | undefined): string | undefined =>
        at === undefined ? undefined : record[at]?.trim();
      const unit = unitOf(cell(positions.currency), line);
      const date = accept(line, dateCell(cell(positions.date) ?? ''));
      const amountMinor = unit && accept(line, amountCell(cell(positions.amount) ?? '', unit));
      if (date === undefined || amountMinor === undefined) return;
      keep({
        line,
        date,
        amountMinor,
        ...text('category', cell(positions.category)),
        ...text('description', cell(positions.description)),
        ...text('id', cell(positions.id)),
        ...text('account', cell(positions.account)),
      });
    },
    currency: () => seen?.code ?? asked ?? DEFAULT_CURRENCY,
    repeatedLines: () => repeatedLines,
  };
};

const text = (name: string, value: string | undefined): Record<string, string> =>
  value === undefined || value === '' ? {} : { [name]: value };

const sameMovement = (a: LedgerLine, b: LedgerLine): boolean =>
  a.date === b.date && a.amountMinor === b.amountMinor && a.category === b.category;
