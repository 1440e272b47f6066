import { type Alert, FIRST_ALERT } from '../../shared/alert/telling.ts';
import type { AlertStore } from '../../shared/aws/alert-store.ts';

/** Alerts in memory. */
export const memoryAlertStore = (): AlertStore => {
  const stored = new Map<string, { version: number; document: string }>();
  return {
    alert: async (tenant, rule) => {
      const found = stored.get(`${tenant}|${rule}`);
      if (found === undefined) return { version: 0, alert: FIRST_ALERT };
      return { version: found.version, alert: JSON.parse(found.document) as Alert };
    },
    rules: async (tenant) =>
      [...stored.keys()]
        .filter((key) => key.startsWith(`${tenant}|`))
        .map((key) => key.slice(tenant.length + 1))
        .sort(),
    put: async (tenant, rule, version, alert) => {
      const key = `${tenant}|${rule}`;
      if ((stored.get(key)?.version ?? 0) !== version) return false;
      stored.set(key, { version: version + 1, document: JSON.stringify(alert) });
      return true;
    },
  };
};
