import { Redis } from 'iovalkey';
import { cacheToken } from './cache-token.ts';
import type { SigningEnvironment } from './signing.ts';
import type { StoredForecast } from './state-store.ts';

/** A forecast as the cache holds it, with the instant at which it was put there. */
export interface CachedForecast extends StoredForecast {
  readonly cachedAtMs: number;
}

export interface ForecastCache {
  /** The cached forecast; undefined on a miss and whenever the cache cannot be asked. */
  readonly get: (tenant: string) => Promise<CachedForecast | undefined>;
  /** Stores it unless a newer one is there; never throws, because the table is the truth. */
  readonly put: (tenant: string, forecast: StoredForecast, nowMs: number) => Promise<void>;
}

/** Long enough to survive a quiet day; readers refresh far earlier. */
const EXPIRY_SECONDS = 24 * 3600;
const CONNECT_TIMEOUT_MS = 300;
const COMMAND_TIMEOUT_MS = 100;
/** After a failure the cache is left alone for this long: an outage costs a reader one time-out in a while, not each time. */
const PAUSE_MS = 2_000;

/** One round trip decides and writes: an older forecast never overwrites a newer one. Fences order as bytes. */
const PUT_IF_NEWER = `
local fence = redis.call('HGET', KEYS[1], 'fence')
if fence and fence > ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'fence', ARGV[1], 'document', ARGV[2], 'cachedAtMs', ARGV[3])
redis.call('EXPIRE', KEYS[1], ARGV[4])
return 1`;

const keyOf = (tenant: string): string => `runway:${tenant}`;

const connect = async (url: URL, environment: SigningEnvironment, nowMs: number): Promise<Redis> => {
  const tls = url.protocol === 'rediss:';
  const client = new Redis({
    host: url.hostname,
    port: Number.parseInt(url.port, 10),
    lazyConnect: true,
    connectTimeout: CONNECT_TIMEOUT_MS,
    commandTimeout: COMMAND_TIMEOUT_MS,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    /** A new connection needs a new credential, so a broken one is not retried but replaced. */
    retryStrategy: () => null,
    ...(tls && {
      tls: {},
      username: url.username,
      password: await cacheToken(url.username, url.username, environment, nowMs),
    }),
  });
  client.on('error', () => undefined);
  await client.connect();
  return client;
};

/** What the product does without a cache. */
const noCache: ForecastCache = { get: async () => undefined, put: async () => undefined };

/**
 * The forecast cache at `url`: `redis://host:port`; `rediss://name@host:port` for TLS and a fresh IAM token per
 * connection, where the cache, its user's id and its user's name are all `name`; empty for no cache.
 *
 * One plain connection and single-key commands: ElastiCache Serverless is a proxy that routes by itself, and cluster
 * clients that discover its replica port get MOVED answers (github.com/valkey-io/iovalkey/issues/29).
 */
export const forecastCache = (
  url: string,
  now: () => number,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): ForecastCache => {
  if (url === '') return noCache;
  let connection: Promise<Redis> | undefined;
  let pausedUntilMs = 0;
  /** What was cached before the last outage ended may have missed writes; it is not served. */
  let distrustBeforeMs = 0;

  const attempt = async <Answer>(
    command: (client: Redis) => Promise<Answer>,
  ): Promise<Answer | undefined> => {
    if (now() < pausedUntilMs) return undefined;
    try {
      connection ??= connect(new URL(url), environment as unknown as SigningEnvironment, now());
      return await command(await connection);
    } catch {
      const broken = connection;
      connection = undefined;
      pausedUntilMs = now() + PAUSE_MS;
      distrustBeforeMs = pausedUntilMs;
      (await broken?.catch(() => undefined))?.disconnect();
      return undefined;
    }
  };

  return {
    get: async (tenant) => {
      const fields = await attempt((client) => client.hgetall(keyOf(tenant)));
      if (fields?.['fence'] === undefined || fields['document'] === undefined) return undefined;
      const cachedAtMs = Number(fields['cachedAtMs']);
      if (cachedAtMs < distrustBeforeMs) return undefined;
      return { fence: fields['fence'], document: fields['document'], cachedAtMs };
    },
    put: async (tenant, { fence, document }, nowMs) => {
      await attempt((client) =>
        client.eval(PUT_IF_NEWER, 1, keyOf(tenant), fence, document, nowMs, EXPIRY_SECONDS),
      );
    },
  };
};
