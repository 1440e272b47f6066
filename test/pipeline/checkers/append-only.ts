/** Append-only: the ledger is, row by row and in order, what was written. */
import type { Checker } from '../simulation/evidence.ts';

export const appendOnly: Checker = ({ written, ledger }) => [
  ...(written.length === ledger.length
    ? []
    : [`${written.length} rows were written, ${ledger.length} are there`]),
  ...written.flatMap(({ key, digest }, index) => {
    const now = ledger[index];
    if (now?.key !== key) return [`${key} is not where it was written`];
    return now.digest === digest ? [] : [`${key} has changed since it was written`];
  }),
];
