import type { BucketRow } from '../ledger/row.ts';
import { effectiveFacts, hashRows } from './day.ts';

/** The tenant's plan as it stands: every item's latest revision, withdrawn ones left out. */
export interface PlanAggregate {
  readonly rows: number;
  readonly rowsHash: string;
  readonly items: readonly { readonly id: string; readonly item: string }[];
}

/** Folds the plan bucket; item ids are the fact keys without their `plan:` prefix, in order. */
export const foldPlan = (rows: readonly BucketRow[]): PlanAggregate => ({
  rows: rows.length,
  rowsHash: hashRows(rows),
  items: effectiveFacts(rows).flatMap(({ fact }) =>
    fact.kind === 'plan' && fact.item !== null
      ? [{ id: fact.key.replace(/^plan:/, ''), item: fact.item }]
      : [],
  ),
});

/** What waits for a person: facts told two ways, and authentic payloads that were not understood. */
export interface ReviewAggregate {
  readonly rows: number;
  readonly rowsHash: string;
  readonly conflicts: number;
  readonly quarantined: number;
}

/** Folds the review bucket. */
export const foldReview = (rows: readonly BucketRow[]): ReviewAggregate => ({
  rows: rows.length,
  rowsHash: hashRows(rows),
  conflicts: rows.filter((row) => row.kind === 'conflict').length,
  quarantined: rows.filter((row) => row.kind === 'delivery').length,
});
