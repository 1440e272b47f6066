import { parseDocument } from '../canonical/document.ts';
import type { Statement, Subject } from '../event/statement.ts';
import type { BucketRow } from '../ledger/row.ts';
import { effectiveFacts, hashRows } from './day.ts';

/** What was stated of one subject in one month: the latest telling of each statement, withdrawn ones left out. */
export interface StatementsAggregate<Of extends Subject = Subject> {
  readonly subject: Of;
  /** `YYYY-MM` of the statements' dates. */
  readonly month: string;
  readonly rows: number;
  readonly rowsHash: string;
  readonly statements: readonly Statement<Of>[];
}

/** Folds one bucket of statements, in the order of their keys. */
export const foldStatements = (
  subject: Subject,
  month: string,
  rows: readonly BucketRow[],
): StatementsAggregate => ({
  subject,
  month,
  rows: rows.length,
  rowsHash: hashRows(rows),
  statements: effectiveFacts(rows).flatMap(({ fact }) =>
    fact.kind === 'statement' && fact.body !== null
      ? [{ key: fact.key, date: fact.date, source: fact.source, body: parseDocument(fact.body) }]
      : [],
  ),
});
