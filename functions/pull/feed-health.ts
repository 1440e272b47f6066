import { parseDocument } from '../../shared/canonical/document.ts';
import { revision } from '../../shared/event/fact.ts';
import { type FeedHealth, statementFact } from '../../shared/event/statement.ts';
import { type FetchedFor, type KeepDeps, recordFetched } from '../../shared/fetch/fetched.ts';
import { accountingDay } from '../../shared/runway/accounting.ts';

/** States that a feed can, or cannot, be read; only where that is news. A feed that never failed is not spoken of. */
export const noteFeedHealth = async (
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
  const date = accountingDay(settings, context.nowMs);
  const base = { key, revision: revision('final', context.nowMs), source, date };
  const told = { feed, ...body, seen: new Date(context.nowMs).toISOString() };
  await recordFetched(deps, of, key, told, { facts: [statementFact(base, 'feed', body)], unreadable: [] });
};
