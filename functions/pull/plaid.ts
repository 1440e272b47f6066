import type { Archive } from '../../shared/aws/archive.ts';
import type { LedgerStore } from '../../shared/aws/ledger-store.ts';
import type { WebhookSecrets } from '../../shared/aws/webhook-secrets.ts';
import { canonicalJson, sha256Of } from '../../shared/canonical/canonical.ts';
import { METRICS } from '../../shared/contract/names.ts';
import type { TenantSettings } from '../../shared/contract/tenant.ts';
import { noteFeedHealth } from '../../shared/fetch/feed-health.ts';
import type { Delivery, KeptBody } from '../../shared/intake/delivery.ts';
import { type Keepable, type Recorded, recordDelivery } from '../../shared/intake/record.ts';
import type { Invocation } from '../../shared/lambda/invocation.ts';
import {
  type DeliveryRow,
  deliveryKey,
  type ProgressRow,
  progressOrder,
  progressRowKey,
} from '../../shared/ledger/row.ts';
import type { PlaidApi, PlaidCredentials } from '../../shared/providers/plaid/api.ts';
import {
  decodeUpdate,
  encodeUpdate,
  isEmpty,
  readUpdate,
  type SyncPage,
  type SyncUpdate,
  syncPage,
} from '../../shared/providers/plaid/sync.ts';
import { PLAID_NORMALISER } from '../../shared/providers/plaid/webhook.ts';

export interface PlaidDeps {
  readonly ledger: LedgerStore;
  readonly archive: Archive;
  readonly secrets: WebhookSecrets;
  readonly plaid: PlaidApi;
}

const SOURCE = 'plaid';
/** Says that the pages fetched so far do not belong together. */
const MUTATION = 'TRANSACTIONS_SYNC_MUTATION_DURING_PAGINATION';
/** Times that a bank may change its mind within one run. */
const MAX_RESTARTS = 5;
/** Rounds against other runs that read the same item; each round, one of them succeeds. */
const MAX_ROUNDS = 5;

interface Access {
  readonly credentials: PlaidCredentials;
  readonly accessToken: string;
}

const accessTo = async (
  { secrets }: PlaidDeps,
  tenant: string,
  item: string,
  nowMs: number,
): Promise<Access | undefined> => {
  const credential = (name: string): Promise<string | undefined> =>
    secrets.apiKey(tenant, SOURCE, nowMs, name);
  const clientId = await credential('client_id');
  const secret = await credential('secret');
  const accessToken = await credential(`access_token/${item}`);
  return clientId === undefined || secret === undefined || accessToken === undefined
    ? undefined
    : { credentials: { clientId, secret }, accessToken };
};

/** Pages up to the last, `mutated` where they changed meanwhile, or the code with which Plaid refused. */
const fetchPages = async (
  { plaid }: PlaidDeps,
  { credentials, accessToken }: Access,
  since: string | undefined,
): Promise<readonly SyncPage[] | 'mutated' | { readonly refused: string }> => {
  const pages: SyncPage[] = [];
  let cursor = since;
  for (;;) {
    const answer = await plaid.transactionsSync(credentials, accessToken, cursor);
    if (answer.outcome === 'refused')
      return answer.code === MUTATION ? 'mutated' : { refused: `${answer.status} ${answer.code}` };
    const page = syncPage(answer.value);
    pages.push(page);
    if (!page.has_more) return pages;
    if (page.next_cursor === '' || page.next_cursor === cursor)
      throw new Error('Plaid has more pages and says not where');
    cursor = page.next_cursor;
  }
};

/** Everything new since the cursor, or undefined where nothing is. A change between two pages begins it all again. */
const fetchUpdate = async (
  deps: PlaidDeps,
  access: Access,
  settings: TenantSettings,
  item: string,
  since: string | undefined,
  context: Invocation,
): Promise<SyncUpdate | undefined> => {
  const of = { settings, source: SOURCE, normaliser: PLAID_NORMALISER, context };
  for (let attempt = 0; attempt <= MAX_RESTARTS; attempt++) {
    const pages = await fetchPages(deps, access, since);
    if (pages === 'mutated') continue;
    if ('refused' in pages) {
      context.log.error('Plaid refused our request', { tenant: settings.tenant, item, ...pages });
      await noteFeedHealth(deps, of, `${SOURCE}:${item}`, pages.refused);
      return undefined;
    }
    await noteFeedHealth(deps, of, `${SOURCE}:${item}`, undefined);
    const fetchedAt = new Date(context.nowMs).toISOString();
    const update: SyncUpdate = { item, since: since ?? null, fetchedAt, pages };
    // Without a cursor there is no place to go on from, so it would be fetched again: nothing is lost by leaving it.
    return isEmpty(update) || pages.at(-1)?.next_cursor === '' ? undefined : update;
  }
  throw new Error(
    `the transactions of item ${item} changed while they were read, ${MAX_RESTARTS + 1} times over`,
  );
};

const keptBody = (row: DeliveryRow): KeptBody => {
  if (row.body !== undefined) return { body: row.body };
  if (row.bodyPointer !== undefined) return { bodyPointer: row.bodyPointer };
  throw new Error(`${row.pk} has no body`);
};

const record = (
  deps: PlaidDeps,
  delivery: Delivery,
  settings: TenantSettings,
  reading: Keepable,
): Promise<Recorded> => recordDelivery(deps.ledger, delivery, settings, PLAID_NORMALISER, reading);

/** Keeps a body under its own hash. */
const deliveryOf = async (
  deps: PlaidDeps,
  from: Pick<Delivery, 'tenant' | 'receivedAt' | 'traceparent'>,
  name: string,
  body: Buffer,
): Promise<Delivery> => {
  const bodyHash = sha256Of(body);
  return {
    ...from,
    source: SOURCE,
    deliveryId: `${name}:${bodyHash.replace('sha256:', '')}`,
    kept: await deps.archive.keep(from.tenant, bodyHash, body),
    bodyHash,
  };
};

/** Claims the next place in the item's feed for an update that is kept; `taken` where another run was first. */
const claim = async (
  deps: PlaidDeps,
  settings: TenantSettings,
  update: SyncUpdate,
  ordinal: number,
  { nowMs, traceparent }: Invocation,
): Promise<ProgressRow | 'taken'> => {
  const { tenant } = settings;
  const receivedAt = new Date(nowMs).toISOString();
  const body = encodeUpdate(update);
  const delivery = await deliveryOf(deps, { tenant, receivedAt, traceparent }, `sync:${update.item}`, body);
  await record(deps, delivery, settings, { outcome: 'ignored', reason: 'not applied yet', doorbells: [] });
  const row: ProgressRow = {
    pk: progressRowKey(tenant, `${SOURCE}:${update.item}`),
    sk: progressOrder(ordinal, 'fetched'),
    kind: 'progress',
    state: 'fetched',
    ordinal,
    tenant,
    recordedAt: receivedAt,
    normaliser: PLAID_NORMALISER,
    traceparent,
    cursor: update.pages.at(-1)?.next_cursor ?? '',
    delivery: deliveryKey(tenant, SOURCE, delivery.deliveryId),
    deliveryHash: delivery.bodyHash.replace('sha256:', ''),
  };
  return (await deps.ledger.putProgress(row)) === 'stored' ? row : 'taken';
};

/** Appends the facts of an update that has its place, from what was kept of it, and says so when all of them are in. */
const apply = async (
  deps: PlaidDeps,
  settings: TenantSettings,
  progress: ProgressRow,
  context: Invocation,
): Promise<void> => {
  const row = await deps.ledger.delivery(progress.delivery, progress.deliveryHash);
  if (row === undefined) throw new Error(`${progress.pk} names ${progress.delivery}, which is not there`);
  const from = { tenant: row.tenant, receivedAt: row.recordedAt, traceparent: row.traceparent };
  const update = decodeUpdate(await deps.archive.read(keptBody(row)));
  const { events, unreadable } = readUpdate(update, progress.ordinal, settings);
  const { source, deliveryId, bodyHash } = row;
  const delivery: Delivery = { ...from, source, deliveryId, bodyHash, kept: keptBody(row) };
  const recorded = await record(deps, delivery, settings, { outcome: 'facts', events, doorbells: [] });
  for (const { row: value, reason } of unreadable) {
    const body = Buffer.from(canonicalJson(value));
    const held = await deliveryOf(deps, from, `row:${update.item}`, body);
    await record(deps, held, settings, { outcome: 'quarantined', reason });
  }
  const { ordinal } = progress;
  await deps.ledger.putProgress({ ...progress, sk: progressOrder(ordinal, 'applied'), state: 'applied' });
  const accepted = recorded.events.filter((event) => event.status === 'accepted').length;
  context.metrics(
    { [METRICS.eventsIngested]: accepted, [METRICS.eventsRejected]: unreadable.length },
    { tenant: settings.tenant, source: SOURCE, result: 'fetched' },
  );
};

/**
 * Takes in what is new of one bank login. An update is kept whole and given its place before any of its facts is appended,
 * and the next one is asked for only when all of them are: a run that dies between leaves the rest to the next run, which
 * applies the same update and not a later telling of it under the same rank. Runs at the same time help each other, and
 * there is no lock to be lost.
 * @throws where it could not be done; the next run goes on from there.
 */
export const syncItem = async (
  deps: PlaidDeps,
  settings: TenantSettings,
  item: string,
  context: Invocation,
): Promise<void> => {
  const { tenant } = settings;
  const access = await accessTo(deps, tenant, item, context.nowMs);
  if (access === undefined) {
    context.log.warn('a bank login has no credentials', { tenant, item });
    return;
  }
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const last = await deps.ledger.lastProgress(tenant, `${SOURCE}:${item}`);
    if (last?.state === 'fetched') await apply(deps, settings, last, context);
    const update = await fetchUpdate(deps, access, settings, item, last?.cursor, context);
    if (update === undefined) return;
    const claimed = await claim(deps, settings, update, (last?.ordinal ?? 0) + 1, context);
    if (claimed !== 'taken') return apply(deps, settings, claimed, context);
  }
  throw new Error(`item ${item} was being read by others ${MAX_ROUNDS} times over`);
};
