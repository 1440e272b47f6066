/** Whose word counts for an account on a day. What is overruled is kept in the ledger and moves nothing. */
import type { DayAggregate, Movement } from '../aggregate/day.ts';
import type { AccountSettings, TenantSettings } from '../contract/tenant.ts';
import { BANK_FEEDS, isBankFeed, isPayer, OPENING } from '../event/source.ts';
import type { CivilDate } from '../time/civil-date.ts';

export type CashSettings = Pick<TenantSettings, 'accounts' | 'plaid'>;

/** Days through which one feed tells of one account. */
interface Feed {
  readonly name: string;
  readonly source: string;
  readonly first: CivilDate;
  readonly last: CivilDate;
  /** Whether it goes on: a day without lines is then a day on which nothing moved. */
  readonly open: boolean;
  readonly rank: number;
}

/** A bank login that was made anew tells its account's old days again, under other ids. */
const feedName = ({ source, key }: Pick<Movement, 'source' | 'key'>): string =>
  source === 'plaid' ? `plaid:${key.split(':')[1] ?? ''}` : source;

const feedsOf = (
  days: readonly DayAggregate[],
  { plaid = [] }: CashSettings,
): ReadonlyMap<string, readonly Feed[]> => {
  const spans = new Map<string, Map<string, { source: string; first: CivilDate; last: CivilDate }>>();
  for (const { date, movements } of days)
    for (const movement of movements) {
      if (!isBankFeed(movement.source)) continue;
      const feeds = spans.get(movement.account) ?? new Map();
      spans.set(movement.account, feeds);
      const name = feedName(movement);
      const span = feeds.get(name) ?? { source: movement.source, first: date, last: date };
      feeds.set(name, {
        source: movement.source,
        first: date < span.first ? date : span.first,
        last: date > span.last ? date : span.last,
      });
    }
  const active = new Set(plaid.map(({ item }) => `plaid:${item}`));
  const ranked = (name: string, source: string): number =>
    active.has(name) ? 0 : 1 + (BANK_FEEDS as readonly string[]).indexOf(source);
  return new Map(
    [...spans].map(([account, feeds]) => [
      account,
      [...feeds]
        .map(([name, span]) => ({
          name,
          ...span,
          open: active.has(name),
          rank: ranked(name, span.source),
        }))
        .sort(
          (a, b) =>
            a.rank - b.rank ||
            (a.first === b.first ? (a.name < b.name ? -1 : 1) : a.first > b.first ? -1 : 1),
        ),
    ]),
  );
};

/** A teller: a feed by its own name, any other source by its source. */
interface Chosen {
  readonly teller: string;
  readonly isFeed: boolean;
}

export interface Authorities {
  /** Whether a bank's or a payer's line counts. */
  readonly counts: (movement: Movement, date: CivilDate) => boolean;
  /** Whether what another source tells of an account counts. */
  readonly countsSource: (account: string, source: string, date: CivilDate) => boolean;
  /** Whether a bank itself tells what leaves and reaches the tenant's bank accounts on that day. */
  readonly bankCovers: (date: CivilDate) => boolean;
  /** First day of Stripe's own telling. */
  readonly stripeFrom: CivilDate | undefined;
  /** Last day that an opening balance of a bank account holds already. */
  readonly openedThrough: CivilDate | undefined;
}

const chosenBy = (
  configured: AccountSettings | undefined,
  feeds: readonly Feed[],
  date: CivilDate,
): Chosen | undefined => {
  const covers = ({ first, last, open }: Feed): boolean => date >= first && (open || date <= last);
  const choice = (of: readonly Feed[]): Chosen | undefined => {
    const feed = of.find(covers);
    return feed && { teller: feed.name, isFeed: true };
  };
  if (configured === undefined) return choice(feeds);
  const { authority, from } = configured;
  const own = feeds.filter(({ source }) => source === authority);
  const begins = from ?? (isBankFeed(authority) ? own.map(({ first }) => first).sort()[0] : '');
  if (begins === undefined || date < begins)
    return choice(from === undefined ? feeds : feeds.filter(({ source }) => source !== authority));
  return isBankFeed(authority)
    ? (choice(own) ?? { teller: authority, isFeed: true })
    : { teller: authority, isFeed: false };
};

const stripeFromOf = (
  days: readonly DayAggregate[],
  accounts: readonly AccountSettings[],
): CivilDate | undefined => {
  const configured = accounts.find(({ kind, from }) => kind === 'stripe' && from !== undefined)?.from;
  if (configured !== undefined) return configured as CivilDate;
  return days
    .filter(({ accounts: deltas }) => deltas.some(({ source }) => source === 'stripe'))
    .map(({ date }) => date)
    .sort()[0];
};

/** Reads the tenant's accounts out of its days, and the configuration where that says otherwise. */
export const authorities = (days: readonly DayAggregate[], settings: CashSettings): Authorities => {
  const accounts = settings.accounts ?? [];
  const configured = new Map(accounts.map((each) => [each.account, each]));
  const feeds = feedsOf(days, settings);
  const isCard = (account: string): boolean =>
    configured.get(account)?.kind === 'card' || (!configured.has(account) && account.startsWith('card:'));
  const banks = [...feeds.keys()].filter((account) => !isCard(account));
  const choices = new Map<string, Chosen | undefined>();
  const chosen = (account: string, date: CivilDate): Chosen | undefined => {
    const key = `${date}|${account}`;
    if (!choices.has(key))
      choices.set(key, chosenBy(configured.get(account), feeds.get(account) ?? [], date));
    return choices.get(key);
  };
  const bankCovers = (date: CivilDate): boolean =>
    banks.some((account) => chosen(account, date)?.isFeed === true);
  const countsSource = (account: string, source: string, date: CivilDate): boolean => {
    if (source === OPENING) return true;
    if (isPayer(source) && bankCovers(date)) return false;
    const authority = chosen(account, date);
    return authority === undefined || authority.teller === source;
  };
  return {
    counts: (movement, date) =>
      isBankFeed(movement.source)
        ? chosen(movement.account, date)?.teller === feedName(movement)
        : countsSource(movement.account, movement.source, date),
    countsSource,
    bankCovers,
    stripeFrom: stripeFromOf(days, accounts),
    openedThrough: days
      .filter(({ accounts: deltas }) =>
        deltas.some(({ account, source }) => source === OPENING && banks.includes(account)),
      )
      .map(({ date }) => date)
      .sort()
      .at(-1),
  };
};
