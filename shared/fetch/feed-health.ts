import { parseDocument } from '../canonical/document.ts';
import { METRICS } from '../contract/names.ts';
import { revision, revisionAbove } from '../event/fact.ts';
import { type FeedHealth, statementFact } from '../event/statement.ts';
import { civilDateIn } from '../time/civil-date.ts';
import { type FetchedFor, type KeepDeps, recordFetched } from './fetched.ts';

/** States that a feed can, or cannot, be heard; only where that is news. A feed that never failed is not spoken of. */
export const stateFeed = async (
  deps: KeepDeps,
  of: FetchedFor,
  feed: string,
  refusal: string | undefined,
): Promise<void> => {
  const { settings, source, context } = of;
  const key = `${feed}:feed`;
  const latest = (await deps.ledger.factRows(settings.tenant, key)).findLast(
    (row) => row.kind === 'fact',
  )?.fact;
  const known =
    latest?.kind === 'statement' && latest.body !== null ? parseDocument<FeedHealth>(latest.body) : undefined;
  if (known?.reason === refusal) return;
  const body: FeedHealth = refusal === undefined ? { status: 'ok' } : { status: 'stale', reason: refusal };
  const date = civilDateIn(settings.accountingZone, context.nowMs);
  // One run may hear a feed fail and answer, all at its one instant.
  const rank =
    latest === undefined ? revision('final', context.nowMs) : revisionAbove(latest.revision, context.nowMs);
  const base = { key, revision: rank, source, date };
  const told = { feed, ...body, seen: new Date(context.nowMs).toISOString() };
  await recordFetched(deps, of, key, told, { facts: [statementFact(base, 'feed', body)], unreadable: [] });
};

/** The same of a source that was asked: each time that it could not be read is counted. */
export const noteFeedHealth = async (
  deps: KeepDeps,
  of: FetchedFor,
  feed: string,
  refusal: string | undefined,
): Promise<void> => {
  const { settings, source, context } = of;
  if (refusal !== undefined)
    context.metrics(
      { [METRICS.eventsRejected]: 1 },
      { tenant: settings.tenant, source, result: 'unreadable_feed' },
    );
  await stateFeed(deps, of, feed, refusal);
};
