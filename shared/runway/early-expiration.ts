/**
 * Probabilistic early expiration (XFetch; Vattani, Chierichetti, Lowenstein, "Optimal Probabilistic Cache Stampede
 * Prevention", PVLDB 8(8), 2015): each reader refreshes a little early, by an exponential draw scaled with what a refresh
 * costs, so that readers do not all find the entry expired at once.
 * @param uniform in (0, 1].
 */
export const expiresEarly = (
  entry: { readonly cachedAtMs: number; readonly ttlMs: number; readonly refreshCostMs: number },
  nowMs: number,
  uniform: number,
): boolean => nowMs - entry.refreshCostMs * Math.log(uniform) >= entry.cachedAtMs + entry.ttlMs;
