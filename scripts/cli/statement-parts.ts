/** Cuts an export into parts that a request can hold: whole days each, so that equal rows of a day stay together. */
import { type ColumnNames, locateColumns } from '../../shared/ledger-file/columns.ts';
import { eachRecord } from '../../shared/ledger-file/csv.ts';
import { addDays, type CivilDate, civilDate, daysBetween } from '../../shared/time/civil-date.ts';

/** Below what the pipeline takes at once, so that a request is short and its progress is seen. */
const ROWS_PER_PART = 2_000;
const CHARACTERS_PER_PART = 1_000_000;
const DAYS_PER_PART = 366;

export interface StatementPart {
  readonly from: CivilDate;
  readonly to: CivilDate;
  /** Days of the part that may lack rows: the first and the last of the whole file. */
  readonly partialDays: readonly CivilDate[];
  readonly csv: string;
  readonly rows: number;
  /** Line of the file for each line of the part, both counted from 1. */
  readonly lineInFile: (line: number) => number;
}

interface FileRow {
  readonly cells: readonly string[];
  readonly line: number;
}

const quoted = (cell: string): string => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
const written = (cells: readonly string[]): string => cells.map(quoted).join(',');

interface Span {
  readonly from: CivilDate;
  readonly to: CivilDate;
  readonly rows: readonly FileRow[];
}

const lengthOf = (rows: readonly FileRow[]): number =>
  rows.reduce((sum, { cells }) => sum + written(cells).length + 1, 0);

/** Days in order, gathered as long as they fit; the first span begins and the last one ends with the coverage. */
const spansOf = (
  days: ReadonlyMap<CivilDate, readonly FileRow[]>,
  from: CivilDate,
  to: CivilDate,
): readonly Span[] => {
  const spans: Span[] = [];
  let rows: FileRow[] = [];
  let first = from;
  const close = (last: CivilDate): void => {
    spans.push({ from: first, to: last, rows });
    rows = [];
    first = addDays(last, 1);
  };
  for (const [date, ofDay] of [...days].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const full =
      rows.length + ofDay.length > ROWS_PER_PART || lengthOf(rows) + lengthOf(ofDay) > CHARACTERS_PER_PART;
    if (rows.length > 0 && full) close(addDays(date, -1));
    while (daysBetween(first, date) >= DAYS_PER_PART) close(addDays(first, DAYS_PER_PART - 1));
    rows.push(...ofDay);
  }
  while (daysBetween(first, to) >= DAYS_PER_PART) close(addDays(first, DAYS_PER_PART - 1));
  close(to);
  /** Days without any row need no request of their own. */
  return spans.filter((span) => span.rows.length > 0);
};

const partOf = (header: readonly string[], span: Span, partialDays: readonly CivilDate[]): StatementPart => {
  const lines: number[] = [1];
  const texts = [written(header)];
  for (const { cells, line } of span.rows) {
    const text = written(cells);
    lines.push(...Array.from({ length: text.split(/\r\n|\r|\n/).length }, () => line));
    texts.push(text);
  }
  return {
    from: span.from,
    to: span.to,
    partialDays: partialDays.filter((day) => day >= span.from && day <= span.to),
    csv: `${texts.join('\n')}\n`,
    rows: span.rows.length,
    lineInFile: (line) => lines[line - 1] ?? line,
  };
};

/** @param bytes a ledger file that was read without a problem, all of it within the coverage. */
export const statementParts = (
  bytes: Uint8Array,
  columns: ColumnNames,
  from: CivilDate,
  to: CivilDate,
): readonly StatementPart[] => {
  let header: readonly string[] = [];
  let dateAt = 0;
  const days = new Map<CivilDate, FileRow[]>();
  eachRecord(bytes, (cells, line) => {
    if (header.length === 0) {
      header = cells;
      const located = locateColumns(cells, columns);
      dateAt = 'problem' in located ? 0 : located.date;
      return;
    }
    const date = civilDate(cells[dateAt]?.trim() ?? '');
    if (date === undefined) return;
    const ofDay = days.get(date);
    if (ofDay === undefined) days.set(date, [{ cells, line }]);
    else ofDay.push({ cells, line });
  });
  return spansOf(days, from, to).map((span) => partOf(header, span, [from, to]));
};
