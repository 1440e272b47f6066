/** Who asks, as the verified token says. */
export interface Caller {
  readonly sub: string;
  readonly scopes: readonly string[];
}

export interface RateLimitRules {
  readonly requestsPerMinute: number;
  /** False only where a token with scope `admin` may ask without limit, as polling tests do locally. */
  readonly adminLimited: boolean;
}

/** The rules as infra writes them into the environment. */
export const rateLimitRules = (environment: {
  readonly RATE_LIMIT_PER_MINUTE: string;
  readonly ADMIN_RATE_LIMITED: string;
}): RateLimitRules => ({
  requestsPerMinute: Number.parseInt(environment.RATE_LIMIT_PER_MINUTE, 10),
  adminLimited: environment.ADMIN_RATE_LIMITED !== 'false',
});

const MINUTE_MS = 60_000;
/** Counters are worthless after their minute; ten minutes tolerate the table's lazy deletion. */
const RETENTION_SECONDS = 600;

/**
 * A limiter over counters kept by `countRequest`: counts a request in its caller's current clock minute.
 * @returns undefined where the request may go on, else the seconds after which to try again.
 */
export const rateLimiter =
  (
    countRequest: (subject: string, minute: string, expiresAtSeconds: number) => Promise<number>,
    rules: RateLimitRules,
  ) =>
  async (caller: Caller, nowMs: number): Promise<number | undefined> => {
    if (!rules.adminLimited && caller.scopes.includes('admin')) return undefined;
    const minute = Math.floor(nowMs / MINUTE_MS);
    const counted = await countRequest(
      caller.sub,
      minute.toString(),
      Math.ceil(nowMs / 1000) + RETENTION_SECONDS,
    );
    return counted <= rules.requestsPerMinute
      ? undefined
      : Math.ceil(((minute + 1) * MINUTE_MS - nowMs) / 1000);
  };
