import type { WebhookSecrets } from '../../shared/aws/webhook-secrets.ts';
import type { TenantSettings } from '../../shared/contract/tenant.ts';
import { noteFeedHealth, stateFeed } from '../../shared/fetch/feed-health.ts';
import {
  type FetchedFor,
  type FetchedReading,
  type KeepDeps,
  noteProgress,
  recordFetched,
} from '../../shared/fetch/fetched.ts';
import type { Invocation } from '../../shared/lambda/invocation.ts';
import {
  type ChargebeeAnswer,
  type ChargebeeApi,
  type ChargebeePage,
  isSortedByChange,
} from '../../shared/providers/chargebee/api.ts';
import { CHARGEBEE } from '../../shared/providers/chargebee/resource.ts';
import {
  CHARGEBEE_NORMALISER,
  RESOURCES,
  type ResourceName,
} from '../../shared/providers/chargebee/webhook.ts';

export interface ChargebeeDeps extends KeepDeps {
  readonly secrets: WebhookSecrets;
  readonly chargebee: ChargebeeApi;
}

/** A change may become visible later than its own time says: what was read last is read again. */
const OVERLAP_SECONDS = 600;

const changedSeconds = (resource: unknown): number => {
  const { updated_at: second } = (resource ?? {}) as { updated_at?: unknown };
  return typeof second === 'number' && Number.isSafeInteger(second) ? second : 0;
};

interface Reading extends FetchedReading {
  /** Second of its last change, by the key of its fact. */
  readonly changed: ReadonlyMap<string, number>;
}

const readPage = (page: ChargebeePage, resource: ResourceName, settings: TenantSettings): Reading => {
  const read = page.list.map((row) => ({
    part: row[resource],
    fact: RESOURCES[resource](row[resource], settings),
  }));
  return {
    facts: read.flatMap(({ fact }) => (typeof fact === 'string' ? [] : [fact])),
    unreadable: read.flatMap(({ part, fact }) =>
      typeof fact === 'string' ? [{ part: part ?? null, reason: fact }] : [],
    ),
    changed: new Map(
      read.flatMap(({ part, fact }) => (typeof fact === 'string' ? [] : [[fact.key, changedSeconds(part)]])),
    ),
  };
};

/** Who is asked, and as whom. */
interface Access extends FetchedFor {
  readonly site: string;
  readonly apiKey: string;
}

const feedOf = ({ site }: Access): string => `${CHARGEBEE}:${site}`;

/** What a reading shows of the webhooks: changes that the ledger knew by then, and such as it should have known. */
interface Heard {
  told: number;
  missed: number;
}

/** A webhook is minutes on its way, or there was none. */
const UNHEARD_AFTER_SECONDS = 1_800;

/** Counts what changed since the last reading by whether a webhook had told it. */
const listen = async (
  { ledger }: ChargebeeDeps,
  { settings, context }: Access,
  { facts, changed }: Reading,
  sinceSeconds: number,
  heard: Heard,
): Promise<void> => {
  const before = context.nowMs / 1_000 - UNHEARD_AFTER_SECONDS;
  for (const { key, revision } of facts) {
    const second = changed.get(key) ?? 0;
    if (second <= sinceSeconds) continue;
    const rows = await ledger.factRows(settings.tenant, key);
    if (rows.some((row) => row.kind === 'fact' && row.fact.revision >= revision)) heard.told += 1;
    else if (second < before) heard.missed += 1;
  }
};

/** How far a resource is read. */
interface Place {
  readonly feed: string;
  readonly ordinal: number;
  /** Second of the latest change that was read; undefined before the first reading. */
  readonly known: number | undefined;
}

const placeOf = async ({ ledger }: ChargebeeDeps, access: Access, resource: ResourceName): Promise<Place> => {
  const feed = `${feedOf(access)}:${resource}`;
  const last = await ledger.lastProgress(access.settings.tenant, feed);
  return { feed, ordinal: last?.ordinal ?? 0, known: last === undefined ? undefined : Number(last.cursor) };
};

/** @throws where nobody answers, which is stated first: a later run may do better. */
const ask = async (
  deps: ChargebeeDeps,
  access: Access,
  resource: ResourceName,
  from: Parameters<ChargebeeApi['changed']>[3],
): Promise<ChargebeeAnswer> => {
  try {
    return await deps.chargebee.changed(access.site, access.apiKey, resource, from);
  } catch (error) {
    await noteFeedHealth(deps, access, feedOf(access), 'unreachable');
    throw error;
  }
};

/**
 * Reads what changed of one resource since it was read last, everything at first. A list in the order of changes is noted
 * page by page, so that a long one is finished by several runs.
 * @returns why it could not be read.
 */
const sweepResource = async (
  deps: ChargebeeDeps,
  access: Access,
  resource: ResourceName,
  heard: Heard,
): Promise<string | undefined> => {
  const { settings, context, site } = access;
  const place = await placeOf(deps, access, resource);
  const { feed, known } = place;
  const afterSeconds = known === undefined ? undefined : Math.max(0, known - OVERLAP_SECONDS);
  let { ordinal } = place;
  let [reached, highest, offset] = [known ?? 0, known ?? 0, undefined as string | undefined];
  do {
    const answer = await ask(deps, access, resource, { afterSeconds, offset });
    if (answer.outcome === 'refused') {
      const { status } = answer;
      context.log.error('Chargebee refused our request', { tenant: settings.tenant, site, resource, status });
      return status.toString();
    }
    const { page } = answer;
    if (page.list.length === 0 && page.next_offset === undefined) return undefined;
    const reading = readPage(page, resource, settings);
    if (known !== undefined) await listen(deps, access, reading, known, heard);
    const delivery = await recordFetched(deps, access, `list:${resource}`, page, reading);
    highest = Math.max(highest, ...page.list.map((row) => changedSeconds(row[resource])));
    offset = page.next_offset;
    if (highest > reached && (isSortedByChange(resource) || offset === undefined)) {
      ordinal += 1;
      await noteProgress(deps, access, feed, ordinal, highest.toString(), delivery);
      reached = highest;
    }
  } while (offset !== undefined);
  return undefined;
};

/** Reads all resources. @returns why one could not be read: its key is bad, or nobody answers. */
const sweepSite = async (deps: ChargebeeDeps, access: Access, heard: Heard): Promise<string | undefined> => {
  for (const resource of Object.keys(RESOURCES) as ResourceName[]) {
    const refusal = await sweepResource(deps, access, resource, heard);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
};

/**
 * Says whether webhooks arrive: they do once one told a change before it was found here, and do not where none did of all that
 * is found.
 */
const noteWebhooks = async (deps: ChargebeeDeps, access: Access, { told, missed }: Heard): Promise<void> => {
  if (told + missed === 0) return;
  await stateFeed(deps, access, `${feedOf(access)}:webhooks`, told === 0 ? 'silent' : undefined);
};

/**
 * Reads what changed at Chargebee, so that a webhook that never came is made up for. A tenant without a site or an API key
 * has its webhooks only.
 */
export const sweepChargebee = async (
  deps: ChargebeeDeps,
  settings: TenantSettings,
  context: Invocation,
): Promise<void> => {
  const site = settings.chargebee?.site;
  const apiKey = await deps.secrets.apiKey(settings.tenant, CHARGEBEE, context.nowMs);
  if (site === undefined || apiKey === undefined) return;
  const access: Access = {
    settings,
    source: CHARGEBEE,
    normaliser: CHARGEBEE_NORMALISER,
    context,
    site,
    apiKey,
  };
  const heard: Heard = { told: 0, missed: 0 };
  const refusal = await sweepSite(deps, access, heard);
  await noteFeedHealth(deps, access, feedOf(access), refusal);
  await noteWebhooks(deps, access, heard);
};
