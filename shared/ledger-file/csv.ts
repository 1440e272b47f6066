import { isUtf8 } from 'node:buffer';
import { CsvError, parse } from 'csv-parse/sync';

/** A longer record is a quote that was never closed, not a line of a ledger. */
const RECORD_CHARACTERS_MAX = 1_048_576;

/** What to tell the writer of the file about a fault that ends the reading. */
const REMEDIES: Readonly<Record<string, string>> = {
  CSV_MAX_RECORD_SIZE: 'the record is longer than 1 MiB: close its quotes or shorten it',
  CSV_QUOTE_NOT_CLOSED: 'a quote is opened in this record and never closed: close it',
  CSV_INVALID_CLOSING_QUOTE:
    'a quoted field goes on after its closing quote: double the quotes inside it ("")',
  INVALID_OPENING_QUOTE: 'a quote stands inside an unquoted field: quote the field and double the quote ("")',
};

/**
 * Calls `visit` with each record (RFC 4180, any line ending, byte order mark or none, empty lines left out) and the line it
 * starts on, counted from 1.
 * @returns the fault that ended the reading early, as a sentence with its line.
 */
export const eachRecord = (
  bytes: Uint8Array,
  visit: (record: readonly string[], line: number) => void,
): string | undefined => {
  if (!isUtf8(bytes)) return 'the file is not UTF-8: save it as "CSV UTF-8"';
  let linesRead = 0;
  let emptyLinesRead = 0;
  /** The parser counts a CRLF inside quotes as two lines. */
  let countedTwice = 0;
  try {
    parse(bytes, {
      bom: true,
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      skip_empty_lines: true,
      max_record_size: RECORD_CHARACTERS_MAX,
      on_record: (record: string[], { lines, empty_lines }) => {
        const text = record.join();
        const start = lines - countedTwice - occurrences(text, /[\r\n]/g);
        countedTwice += occurrences(text, /\r\n/g);
        linesRead = lines - countedTwice;
        emptyLinesRead = empty_lines;
        visit(record, start);
        return undefined;
      },
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const emptyLines = Number(error['empty_lines']) - emptyLinesRead;
    return `line ${linesRead + emptyLines + 1}: ${REMEDIES[error.code] ?? error.message}`;
  }
  return undefined;
};

const occurrences = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;
