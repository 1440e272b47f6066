import type { StatementFact } from '../../shared/event/statement.ts';
import type { LedgerRow } from '../../shared/ledger/row.ts';

// biome-ignore lint/suspicious/noExplicitAny: tests read what they assert
type Body = any;

/** The greatest revision of each statement, but for those taken back. */
export const statedIn = (
  rows: readonly LedgerRow[],
): readonly (readonly [key: string, body: Body, subject: string])[] => {
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
