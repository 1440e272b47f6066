import type { ReconciliationStore } from '../../shared/aws/reconciliation-store.ts';

export interface ReconciliationBody {
  /** Null where nothing was ever compared. */
  readonly checked_at: string | null;
  readonly paused: boolean;
  readonly paused_since: string | null;
  readonly reasons: readonly string[];
  /** What stops nothing, and yet wants to be looked at. */
  readonly attention: readonly string[];
  /** Newest first, one a day and source. */
  readonly results: readonly unknown[];
}

/** What books and sources say of each other, as the last runs found it. */
export const readReconciliation = async (
  store: Pick<ReconciliationStore, 'status' | 'results'>,
  tenant: string,
): Promise<ReconciliationBody> => {
  const [status, results] = await Promise.all([store.status(tenant), store.results(tenant)]);
  return {
    checked_at: status?.checkedAt ?? null,
    paused: status?.paused ?? false,
    paused_since: status?.since ?? null,
    reasons: status?.reasons ?? [],
    attention: status?.attention ?? [],
    results: results.map(({ document }) => JSON.parse(document) as unknown),
  };
};
