import type { CachedForecast, ForecastCache } from '../../shared/aws/forecast-cache.ts';

export interface MemoryCache extends ForecastCache {
  readonly lose: () => void;
}

/** The forecast cache in memory, with its fence. Unlike the client of the real one, it may throw what `around` throws. */
export const memoryForecastCache = (options: {
  readonly around?: <Result>(run: () => Result) => Promise<Result>;
  /** False takes older forecasts too: a broken build. */
  readonly fenced?: boolean;
  readonly onWrite?: (tenant: string, entry: CachedForecast) => void;
}): MemoryCache => {
  const { around = async (run) => run(), fenced = true, onWrite } = options;
  const entries = new Map<string, CachedForecast>();
  return {
    get: (tenant) => around(() => entries.get(tenant)),
    put: (tenant, { fence, document }, nowMs) =>
      around(() => {
        const cached = entries.get(tenant);
        if (fenced && cached !== undefined && cached.fence > fence) return;
        const entry = { fence, document, cachedAtMs: nowMs };
        entries.set(tenant, entry);
        onWrite?.(tenant, entry);
      }),
    lose: () => entries.clear(),
  };
};
