import { GetParametersCommand, PutParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import { OFFER_SLOTS } from '../contract/credentials.ts';
import { instantMs } from '../time/instant.ts';

const CACHE_MS = 300_000;
/** At most one early re-read a minute and source: a stranger's bad signatures must not become our parameter calls. */
const REFRESH_MS = 60_000;
/** Anybody may offer a secret: whether one is awaited is asked so often and no oftener. */
const OFFER_MS = 5_000;

export interface WebhookSecrets {
  /** The secrets that sign this tenant's deliveries from this source: current first, then previous; none if none is set. */
  readonly of: (tenant: string, source: string, nowMs: number) => Promise<readonly string[]>;
  /**
   * The secrets read afresh after a signature failed under the cached ones.
   * @returns undefined where they were read less than a minute ago.
   */
  readonly refreshed: (
    tenant: string,
    source: string,
    nowMs: number,
  ) => Promise<readonly string[] | undefined>;
  /**
   * Keeps a secret that a provider offers to sign with, while an operator waits for one.
   * @returns whether one was waited for; where none was, nothing is kept.
   */
  readonly offer: (tenant: string, source: string, secret: string, nowMs: number) => Promise<boolean>;
  /** The key with which we call this tenant's provider, or another of its credentials by name, or undefined. */
  readonly apiKey: (
    tenant: string,
    source: string,
    nowMs: number,
    name?: string,
  ) => Promise<string | undefined>;
}

interface Cached {
  readonly values: readonly string[];
  readonly readMs: number;
}

/** @param prefix parent of `/{tenant}/{source}/webhook/{slot}` and `/{tenant}/{source}/api/{name}`. */
export const webhookSecrets = (client: SSMClient, prefix: string): WebhookSecrets => {
  const cache = new Map<string, Cached>();

  const read = async (names: readonly string[], nowMs: number): Promise<readonly string[]> => {
    const { Parameters: parameters = [] } = await client.send(
      new GetParametersCommand({ Names: [...names], WithDecryption: true }),
    );
    const values = names
      .map((name) => parameters.find((parameter) => parameter.Name === name)?.Value)
      .filter((value) => value !== undefined && value !== '') as string[];
    cache.set(names.join(), { values, readMs: nowMs });
    return values;
  };

  /** A secret that cannot be re-read stays good: an outage of the parameter store must not turn deliveries away. */
  const cachedOrRead = async (names: readonly string[], nowMs: number): Promise<readonly string[]> => {
    const cached = cache.get(names.join());
    if (cached !== undefined && nowMs - cached.readMs < CACHE_MS) return cached.values;
    try {
      return await read(names, nowMs);
    } catch (error) {
      if (cached === undefined) throw error;
      return cached.values;
    }
  };

  const webhook = (tenant: string, source: string): string[] =>
    ['current', 'previous'].map((age) => `${prefix}/${tenant}/${source}/webhook/${age}`);

  return {
    of: (tenant, source, nowMs) => cachedOrRead(webhook(tenant, source), nowMs),
    refreshed: async (tenant, source, nowMs) => {
      const names = webhook(tenant, source);
      const cached = cache.get(names.join());
      if (cached !== undefined && nowMs - cached.readMs < REFRESH_MS) return undefined;
      return read(names, nowMs);
    },
    offer: async (tenant, source, secret, nowMs) => {
      const parent = `${prefix}/${tenant}/${source}/webhook`;
      const names = [`${parent}/${OFFER_SLOTS.awaitedUntil}`];
      const cached = cache.get(names.join());
      const [until = ''] =
        cached !== undefined && nowMs - cached.readMs < OFFER_MS ? cached.values : await read(names, nowMs);
      if (!(nowMs < (instantMs(until) ?? 0))) return false;
      const Name = `${parent}/${OFFER_SLOTS.offered}`;
      await client.send(
        new PutParameterCommand({ Name, Value: secret, Type: 'SecureString', Overwrite: true }),
      );
      return true;
    },
    apiKey: async (tenant, source, nowMs, name = 'key') =>
      (await cachedOrRead([`${prefix}/${tenant}/${source}/api/${name}`], nowMs))[0],
  };
};
