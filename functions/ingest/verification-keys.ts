import type { WebhookSecrets } from '../../shared/aws/webhook-secrets.ts';
import type { SnsApi } from '../../shared/providers/aws-budgets/api.ts';
import type { PlaidApi } from '../../shared/providers/plaid/api.ts';
import type { VerificationKey } from '../../shared/providers/provider.ts';

/** A key may be declared expired; a day is how late we may learn it. */
const REFRESH_MS = 86_400_000;
/** An id that named no key is not asked for again so soon. */
const UNKNOWN_MS = 60_000;
/** A provider has a handful of keys: whoever makes us ask for more is making them up. */
const MAX_FETCHES_A_MINUTE = 20;

const SOURCE = 'plaid';

export interface VerificationKeys {
  /**
   * The provider's public key of this id; undefined where there is none, or where the tenant has no account with it.
   * @throws where that cannot be told now.
   */
  readonly keyOf: (tenant: string, keyId: string, nowMs: number) => Promise<VerificationKey | undefined>;
}

interface Cached {
  readonly key: VerificationKey | undefined;
  readonly fetchedMs: number;
}

type Fetch = () => Promise<VerificationKey | undefined>;
/** How a tenant fetches a key; undefined where it has no account with the provider. */
type Prepare = (tenant: string, keyId: string, nowMs: number) => Promise<Fetch | undefined>;

/**
 * Keys that are the same for every tenant, fetched once and kept for all. A provider's outage must not turn its own webhooks
 * away: a key that cannot be read again stays good.
 */
const keptKeys = (prepare: Prepare): VerificationKeys => {
  const cache = new Map<string, Cached>();
  let fetches: readonly number[] = [];

  const isFresh = ({ key, fetchedMs }: Cached, nowMs: number): boolean =>
    nowMs - fetchedMs < (key === undefined ? UNKNOWN_MS : REFRESH_MS);

  const fetchKey = async (
    tenant: string,
    keyId: string,
    nowMs: number,
  ): Promise<VerificationKey | undefined> => {
    const fetchNow = await prepare(tenant, keyId, nowMs);
    if (fetchNow === undefined) return undefined;
    fetches = fetches.filter((atMs) => nowMs - atMs < 60_000);
    if (fetches.length >= MAX_FETCHES_A_MINUTE)
      throw new Error('too many verification keys were asked for within a minute');
    fetches = [...fetches, nowMs];
    const key = await fetchNow();
    for (const [id, known] of cache) if (known.key === undefined && !isFresh(known, nowMs)) cache.delete(id);
    cache.set(keyId, { key, fetchedMs: nowMs });
    return key;
  };

  return {
    keyOf: async (tenant, keyId, nowMs) => {
      const cached = cache.get(keyId);
      if (cached !== undefined && isFresh(cached, nowMs)) return cached.key;
      try {
        return await fetchKey(tenant, keyId, nowMs);
      } catch (error) {
        if (cached?.key === undefined) throw error;
        return cached.key;
      }
    },
  };
};

/** Plaid's keys, fetched in the name of the tenant that needs one. */
export const plaidKeys = (
  api: Pick<PlaidApi, 'verificationKey'>,
  secrets: Pick<WebhookSecrets, 'apiKey'>,
): VerificationKeys =>
  keptKeys(async (tenant, keyId, nowMs) => {
    const clientId = await secrets.apiKey(tenant, SOURCE, nowMs, 'client_id');
    const secret = await secrets.apiKey(tenant, SOURCE, nowMs, 'secret');
    if (clientId === undefined || secret === undefined) return undefined;
    return () => api.verificationKey({ clientId, secret }, keyId);
  });

/** The certificates of SNS, whose ids are their addresses. */
export const snsCertificates = (api: Pick<SnsApi, 'certificate'>): VerificationKeys =>
  keptKeys(async (_tenant, address) => () => api.certificate(address));

/** Keys of both kinds: only a certificate's id is an address. */
export const keysOfBoth = (
  curveKeys: VerificationKeys,
  certificates: VerificationKeys,
): VerificationKeys => ({
  keyOf: (tenant, keyId, nowMs) =>
    (keyId.startsWith('https://') ? certificates : curveKeys).keyOf(tenant, keyId, nowMs),
});
