import type { ReconciliationStore, StoredResult } from '../../shared/aws/reconciliation-store.ts';
import type { ReconciliationStatus } from '../../shared/reconciliation/status.ts';

/** The results of reconciliation in memory. */
export const memoryReconciliationStore = (): ReconciliationStore => {
  const statuses = new Map<string, string>();
  const results = new Map<string, string>();
  return {
    status: async (tenant) => {
      const text = statuses.get(tenant);
      return text === undefined ? undefined : (JSON.parse(text) as ReconciliationStatus);
    },
    putStatus: async (tenant, status) => {
      statuses.set(tenant, JSON.stringify(status));
    },
    putResult: async (tenant, { date, source, document }) => {
      results.set(`${tenant}|${date}#${source}`, document);
    },
    results: async (tenant, limit = 20) =>
      [...results]
        .filter(([key]) => key.startsWith(`${tenant}|`))
        .sort(([a], [b]) => (a < b ? 1 : -1))
        .slice(0, limit)
        .map(([key, document]): StoredResult => {
          const [date = '', source = ''] = key.slice(tenant.length + 1).split('#');
          return { date, source, document };
        }),
  };
};
