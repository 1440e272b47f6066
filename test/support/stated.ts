import type { StatementFact } from '../../shared/event/statement.ts';
import type { LedgerRow } from '../../shared/ledger/row.ts';

/** What is stated: the greatest revision of each statement, as key, subject and body, but for those taken back. */
// biome-ignore lint/suspicious/noExplicitAny: tests read what they assert
export const statedIn = (
  rows: readonly LedgerRow[],
): readonly [key: string, body: any, subject: string][] => {
  const latest = new Map<string, StatementFact>();
  for (const row of rows) {
    if (row.kind !== 'fact' || row.fact.kind !== 'statement') continue;
    const before = latest.get(row.fact.key);
    if (before === undefined || row.fact.revision > before.revision) latest.set(row.fact.key, row.fact);
  }
  return [...latest].flatMap(([key, { body, subject }]) =>
    body === null ? [] : [[key, JSON.parse(body), subject]],
  );
};
