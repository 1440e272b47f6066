import * as v from 'valibot';
import { canonicalJson } from '../../canonical/canonical.ts';
import type { TenantSettings } from '../../contract/tenant.ts';
import { civilDateIn } from '../../time/civil-date.ts';
import { instantMs } from '../../time/instant.ts';
import type { EventReading } from '../provider.ts';
import { balanceOf } from './balance.ts';
import { factOfRemoval, factOfRow, type RowContext } from './transaction.ts';

/** One page of `/transactions/sync`, as it came. */
export interface SyncPage {
  readonly added: readonly unknown[];
  readonly modified: readonly unknown[];
  readonly removed: readonly unknown[];
  /** The login's accounts with what each of them holds. */
  readonly accounts?: readonly unknown[] | undefined;
  /** Empty while Plaid has nothing yet: no place to go on from. */
  readonly next_cursor: string;
  readonly has_more: boolean;
}

const pageSchema: v.GenericSchema<unknown, SyncPage> = v.looseObject({
  added: v.array(v.unknown()),
  modified: v.array(v.unknown()),
  removed: v.array(v.unknown()),
  accounts: v.optional(v.array(v.unknown())),
  next_cursor: v.pipe(v.string(), v.maxLength(256)),
  has_more: v.boolean(),
});

/** @throws Error where the answer is not a page. */
export const syncPage = (value: unknown): SyncPage => {
  const parsed = v.safeParse(pageSchema, value);
  if (!parsed.success)
    throw new Error(`Plaid sent no page: ${v.getDotPath(parsed.issues[0]) ?? 'answer'} is not understood`);
  return parsed.output;
};

/** All pages between two cursors: what is removed on one page may be what is added on another, so they apply together. */
export interface SyncUpdate {
  readonly item: string;
  /** Where it begins; null at the item's beginning. */
  readonly since: string | null;
  /** RFC 3339 UTC. */
  readonly fetchedAt: string;
  readonly pages: readonly SyncPage[];
}

/** An update as the raw delivery that is kept of it. */
export const encodeUpdate = (update: SyncUpdate): Buffer => Buffer.from(canonicalJson(update));

/** Reads what `encodeUpdate` wrote. */
export const decodeUpdate = (body: Buffer): SyncUpdate => JSON.parse(body.toString('utf8')) as SyncUpdate;

export const isEmpty = ({ pages }: SyncUpdate): boolean =>
  pages.every((page) => page.added.length + page.modified.length + page.removed.length === 0);

/** Rows that one update may have: leaves room for a billion updates of an item within a revision. */
const MAX_ROWS = 1_000_000;

export interface UpdateReading {
  readonly events: readonly EventReading[];
  /** Rows that could not be understood, each for itself. */
  readonly unreadable: readonly { readonly row: unknown; readonly reason: string }[];
}

/**
 * Facts of an update. Revisions follow the order of updates and, within one, the order in which Plaid means its lists:
 * added, modified, removed. So the last word on a transaction wins whatever the order of arrival.
 * @param ordinal the update's place among the updates of its item, from 1.
 */
export const readUpdate = (update: SyncUpdate, ordinal: number, settings: TenantSettings): UpdateReading => {
  const { item, fetchedAt, pages } = update;
  const day = civilDateIn(settings.accountingZone, instantMs(fetchedAt) ?? 0);
  const rows = [
    ...pages.flatMap((page) => page.added).map((row) => ({ row, read: factOfRow })),
    ...pages.flatMap((page) => page.modified).map((row) => ({ row, read: factOfRow })),
    ...pages
      .flatMap((page) => page.removed)
      .map((row) => ({ row, read: (value: unknown, at: RowContext) => factOfRemoval(value, day, at) })),
  ];
  if (rows.length >= MAX_ROWS) throw new Error(`an update of item ${item} has ${rows.length} rows`);
  const events: EventReading[] = [];
  const unreadable: { row: unknown; reason: string }[] = [];
  rows.forEach(({ row, read }, index) => {
    const fact = read(row, { item, order: ordinal * MAX_ROWS + index, settings });
    if (typeof fact === 'string') unreadable.push({ row, reason: fact });
    else events.push({ id: fact.key, fact });
  });
  for (const account of pages.at(-1)?.accounts ?? []) {
    const fact = balanceOf(account, day, { item, order: ordinal * MAX_ROWS, settings });
    if (fact !== undefined) events.push({ id: fact.key, fact });
  }
  return { events, unreadable };
};
