import type { CivilDate } from '../time/civil-date.ts';

/**
 * Orders the forecasts of one tenant as text: by accounting day, then by how many ledger rows they were made from. The
 * ledger only grows, so a greater fence saw at least as much; equal fences saw the same.
 */
export const fenceOf = (asOf: CivilDate, ledgerRows: number): string =>
  `${asOf}#${ledgerRows.toString().padStart(12, '0')}`;
