/** Who asks, as the verified token says. */
export interface Caller {
  readonly subject: string;
  readonly scopes: readonly string[];
}

export interface RateLimitRules {
  readonly requestsPerMinute: number;
  /** False only where a token with scope `admin` may ask without limit, as polling tests do locally. */
  readonly adminLimited: boolean;
}

const MINUTE_MS = 60_000;
/** Counters are worthless after their minute; ten minutes tolerate the table's lazy deletion. */
const RETENTION_SECONDS = 600;

/**
 * Counts the request in the caller's current clock minute.
 * @returns undefined where it may go on, else the seconds after which to try again.
 */
export const retryAfterSeconds = async (
  countRequest: (subject: string, minute: string, expiresAtSeconds: number) => Promise<number>,
  rules: RateLimitRules,
  caller: Caller,
  nowMs: number,
): Promise<number | undefined> => {
  if (!rules.adminLimited && caller.scopes.includes('admin')) return undefined;
  const minute = Math.floor(nowMs / MINUTE_MS);
  const counted = await countRequest(
    caller.subject,
    minute.toString(),
    Math.ceil(nowMs / 1000) + RETENTION_SECONDS,
  );
  return counted <= rules.requestsPerMinute
    ? undefined
    : Math.ceil(((minute + 1) * MINUTE_MS - nowMs) / 1000);
};
