/** Whether a tenant's figures may be shown to others and acted upon. */
export interface ReconciliationStatus {
  /** Books and sources differ by more than is tolerated. */
  readonly paused: boolean;
  /** Why it is paused, as sentences; empty where it is not. */
  readonly reasons: readonly string[];
  /** RFC 3339 UTC instant at which the present pause began; null where there is none. */
  readonly since: string | null;
  /** What somebody should look at though it stops nothing: a silent source, a stale rate. */
  readonly attention: readonly string[];
  /** RFC 3339 UTC. */
  readonly checkedAt: string;
}

/** The status that follows from a run; a pause that goes on keeps its beginning. */
export const nextStatus = (
  before: ReconciliationStatus | undefined,
  found: { readonly reasons: readonly string[]; readonly attention: readonly string[] },
  autoPause: boolean,
  now: string,
): ReconciliationStatus => {
  const paused = autoPause && found.reasons.length > 0;
  return {
    paused,
    reasons: paused ? found.reasons : [],
    since: paused ? (before?.since ?? now) : null,
    attention: autoPause ? found.attention : [...found.reasons, ...found.attention],
    checkedAt: now,
  };
};
