import type { ForecastCache } from '../../shared/aws/forecast-cache.ts';
import type { ReconciliationStore } from '../../shared/aws/reconciliation-store.ts';
import type { StateStore } from '../../shared/aws/state-store.ts';
import type { TenantSettings } from '../../shared/contract/tenant.ts';
import type { HttpResponse } from '../../shared/lambda/http.ts';
import { pausedDocument } from '../../shared/reconciliation/paused-document.ts';
import type { ReconciliationStatus } from '../../shared/reconciliation/status.ts';
import { expiresEarly } from '../../shared/runway/early-expiration.ts';
import { emptyRunway } from '../../shared/runway/runway.ts';

export interface RunwayDeps {
  readonly state: Pick<StateStore, 'forecast'>;
  readonly cache: ForecastCache;
  readonly reconciliation: Pick<ReconciliationStore, 'status'>;
  /** Uniform in (0, 1]. */
  readonly uniform: () => number;
}

/** A runway document with where it came from and how old it is. */
export interface RunwayReading {
  readonly document: string;
  readonly source: 'cache' | 'table';
  readonly ageSeconds: number;
}

/** An entry is re-read from the table after this long, so a write that the cache missed is hidden no longer. */
const CACHE_TTL_MS = 30_000;
/** What a re-read costs, about; it sets how early readers begin to spread their refreshes. */
const REFRESH_COST_MS = 20;

const reading = (document: string, source: RunwayReading['source'], nowMs: number): RunwayReading => {
  const { computed_at: computedAt } = JSON.parse(document) as { computed_at: string };
  return { document, source, ageSeconds: Math.max(0, Math.floor((nowMs - Date.parse(computedAt)) / 1000)) };
};

/** From the cache while it is fresh, else from the table, which then refills the cache. */
const readStored = async (
  deps: RunwayDeps,
  tenant: TenantSettings,
  nowMs: number,
): Promise<RunwayReading> => {
  const cached = await deps.cache.get(tenant.tenant);
  if (
    cached !== undefined &&
    !expiresEarly(
      { cachedAtMs: cached.cachedAtMs, ttlMs: CACHE_TTL_MS, refreshCostMs: REFRESH_COST_MS },
      nowMs,
      deps.uniform(),
    )
  )
    return reading(cached.document, 'cache', nowMs);
  const stored = await deps.state.forecast(tenant.tenant);
  if (stored === undefined) return reading(emptyRunway(tenant, nowMs), 'table', nowMs);
  await deps.cache.put(tenant.tenant, stored, nowMs);
  return reading(stored.document, 'table', nowMs);
};

/** The tenant's runway, marked where reconciliation has paused it; and that pause, for who may see it at all. */
export const readRunway = async (
  deps: RunwayDeps,
  tenant: TenantSettings,
  nowMs: number,
): Promise<RunwayReading & { readonly pause: ReconciliationStatus | undefined }> => {
  const [stored, pause] = await Promise.all([
    readStored(deps, tenant, nowMs),
    deps.reconciliation.status(tenant.tenant),
  ]);
  return pause?.paused
    ? { ...stored, document: pausedDocument(stored.document, pause), pause }
    : { ...stored, pause };
};

/** The response of a reading: the stored bytes, with their origin and age beside them. */
export const runwayResponse = ({ document, source, ageSeconds }: RunwayReading): HttpResponse => ({
  status: 200,
  headers: { 'content-type': 'application/json', 'x-source': source, age: ageSeconds.toString() },
  body: document,
});
