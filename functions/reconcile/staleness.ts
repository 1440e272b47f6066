import type { StateStore } from '../../shared/aws/state-store.ts';
import type { TenantSettings } from '../../shared/contract/tenant.ts';

/** How old one tenant's forecast is; undefined where there is none yet. */
export interface Staleness {
  readonly tenant: string;
  readonly forecastAgeSeconds: number | undefined;
}

/** Measures how long ago each tenant's forecast was computed. */
export const staleness = (
  deps: { readonly state: Pick<StateStore, 'forecast'>; readonly tenants: readonly TenantSettings[] },
  nowMs: number,
): Promise<readonly Staleness[]> =>
  Promise.all(
    deps.tenants.map(async ({ tenant }) => {
      const stored = await deps.state.forecast(tenant);
      if (stored === undefined) return { tenant, forecastAgeSeconds: undefined };
      const { computed_at: computedAt } = JSON.parse(stored.document) as { computed_at: string };
      return { tenant, forecastAgeSeconds: Math.max(0, (nowMs - Date.parse(computedAt)) / 1000) };
    }),
  );
