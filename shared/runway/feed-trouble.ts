/** What is said of sources that cannot be read. */
import type { StatementsAggregate } from '../aggregate/statements.ts';
import type { TenantSettings } from '../contract/tenant.ts';
import { SIGNED_OUT, type Statement } from '../event/statement.ts';

export type FeedSettings = Pick<TenantSettings, 'plaid' | 'gusto' | 'chargebee'>;

type Feed = Statement<'feed'>;

/** By the key of the feed: what its trouble means, and what to do. */
const meanings = ({
  plaid = [],
  gusto,
  chargebee,
}: FeedSettings): ReadonlyMap<string, (feed: Feed) => string> => {
  const since = ({ date, body }: Feed): string => `cannot be read since ${date} (${body.reason})`;
  return new Map([
    ...plaid.map(
      ({ item }) =>
        [
          `plaid:${item}:feed`,
          (feed: Feed) =>
            `the bank login ${item} ${since(feed)}: what its accounts did since is not in the total`,
        ] as const,
    ),
    ...(gusto
      ? [
          [
            `gusto:${gusto.company}:feed`,
            (feed: Feed) =>
              feed.body.reason === SIGNED_OUT
                ? `Gusto takes our login no more since ${feed.date}: payrolls told since are missing. Sign in again as the company's administrator and store the new refresh token`
                : `Gusto ${since(feed)}: payrolls told since are missing`,
          ] as const,
        ]
      : []),
    ...(chargebee
      ? [
          [
            `chargebee:${chargebee.site}:feed`,
            (feed: Feed) =>
              `Chargebee ${since(feed)}: invoices and subscriptions are as they were then, but for what webhooks tell. Look at the API key and the name of the site`,
          ] as const,
        ]
      : []),
  ]);
};

const stale = (feeds: readonly StatementsAggregate<'feed'>[]): readonly Feed[] =>
  feeds.flatMap(({ statements }) => statements).filter(({ body }) => body.status === 'stale');

/** Configured sources that cannot be read, as sentences. */
export const staleFeeds = (
  settings: FeedSettings,
  feeds: readonly StatementsAggregate<'feed'>[],
): readonly string[] => {
  const means = meanings(settings);
  return stale(feeds)
    .flatMap((feed) => means.get(feed.key)?.(feed) ?? [])
    .sort();
};

/** Sources that are read, only later than they could be, as sentences: nothing is missing. */
export const silentFeeds = (
  { chargebee }: FeedSettings,
  feeds: readonly StatementsAggregate<'feed'>[],
): readonly string[] =>
  stale(feeds)
    .filter(({ key }) => chargebee !== undefined && key === `chargebee:${chargebee.site}:webhooks:feed`)
    .map(
      ({ date }) =>
        `webhooks of Chargebee do not arrive since ${date}: its changes are found by the hour. Look at the webhook's address and password there`,
    );
