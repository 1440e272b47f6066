import type { WebhookSecrets } from '../../shared/aws/webhook-secrets.ts';
import type { TenantSettings } from '../../shared/contract/tenant.ts';
import {
  type FetchedFor,
  type FetchedReading,
  type KeepDeps,
  noteProgress,
  recordFetched,
} from '../../shared/fetch/fetched.ts';
import type { Invocation } from '../../shared/lambda/invocation.ts';
import {
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

const readPage = (page: ChargebeePage, resource: ResourceName, settings: TenantSettings): FetchedReading => {
  const read = page.list.map((row) => ({
    part: row[resource],
    fact: RESOURCES[resource](row[resource], settings),
  }));
  return {
    facts: read.flatMap(({ fact }) => (typeof fact === 'string' ? [] : [fact])),
    unreadable: read.flatMap(({ part, fact }) =>
      typeof fact === 'string' ? [{ part: part ?? null, reason: fact }] : [],
    ),
  };
};

/**
 * Reads what changed of one resource since it was read last, everything at first. A list in the order of changes is noted
 * page by page, so that a long one is finished by several runs.
 */
const sweepResource = async (
  deps: ChargebeeDeps,
  of: FetchedFor,
  site: string,
  apiKey: string,
  resource: ResourceName,
): Promise<void> => {
  const { tenant } = of.settings;
  const feed = `${CHARGEBEE}:${site}:${resource}`;
  const last = await deps.ledger.lastProgress(tenant, feed);
  const known = last === undefined ? undefined : Number(last.cursor);
  const afterSeconds = known === undefined ? undefined : Math.max(0, known - OVERLAP_SECONDS);
  let [ordinal, reached, highest, offset] = [
    last?.ordinal ?? 0,
    known ?? 0,
    known ?? 0,
    undefined as string | undefined,
  ];
  do {
    const answer = await deps.chargebee.changed(site, apiKey, resource, { afterSeconds, offset });
    if (answer.outcome === 'refused') {
      of.context.log.error('Chargebee refused our request', {
        tenant,
        site,
        resource,
        status: answer.status,
      });
      return;
    }
    const { page } = answer;
    if (page.list.length === 0 && page.next_offset === undefined) return;
    const delivery = await recordFetched(
      deps,
      of,
      `list:${resource}`,
      page,
      readPage(page, resource, of.settings),
    );
    highest = Math.max(highest, ...page.list.map((row) => changedSeconds(row[resource])));
    offset = page.next_offset;
    if (highest > reached && (isSortedByChange(resource) || offset === undefined)) {
      ordinal += 1;
      await noteProgress(deps, of, feed, ordinal, highest.toString(), delivery);
      reached = highest;
    }
  } while (offset !== undefined);
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
  const of: FetchedFor = { settings, source: CHARGEBEE, normaliser: CHARGEBEE_NORMALISER, context };
  for (const resource of Object.keys(RESOURCES) as ResourceName[])
    await sweepResource(deps, of, site, apiKey, resource);
};
