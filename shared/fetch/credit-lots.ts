import { NEVER_ENDS, remainingOf, type Taken } from '../cloud/credits.ts';
import type { CreditGrant } from '../contract/tenant.ts';
import { revision } from '../event/fact.ts';
import { type StatementFact, statementFact } from '../event/statement.ts';
import { type CivilDate, civilDate, monthOf } from '../time/civil-date.ts';
import { type FetchedFor, type KeepDeps, recordFetched } from './fetched.ts';
import { snapshotOf } from './snapshot.ts';

/** Credits last up to three years, or for ever. */
const MONTHS_AHEAD = 37;

const monthsAhead = (today: CivilDate): readonly string[] => {
  const [year = 0, month = 0] = today.split('-').map(Number);
  return Array.from({ length: MONTHS_AHEAD }, (_, index) =>
    new Date(Date.UTC(year, month - 1 + index, 1)).toISOString().slice(0, 7),
  );
};

interface Lots {
  readonly provider: string;
  /** Of every key of theirs. */
  readonly prefix: string;
  readonly grants: readonly CreditGrant[];
  readonly taken: readonly Taken[];
  readonly today: CivilDate;
}

/** Tells what is left of the lots that the configuration names, each on its last day; one that it names no more is taken back. */
export const tellLots = async (
  deps: KeepDeps,
  of: FetchedFor,
  { provider, prefix, grants, taken, today }: Lots,
): Promise<void> => {
  const left = remainingOf(grants, taken, today);
  const rank = revision('final', of.context.nowMs);
  const lots = grants.flatMap(({ id, currency, expiresOn }): StatementFact[] => {
    const date = civilDate(expiresOn);
    return date === undefined
      ? []
      : [
          statementFact(
            { key: `${prefix}${id}`, revision: rank, source: of.source, date, description: `credits ${id}` },
            'credit_lot',
            { provider, remaining: left.get(id) ?? '0', currency, expires_on: date },
          ),
        ];
  });
  const months = new Set([
    ...monthsAhead(today),
    monthOf(NEVER_ENDS),
    ...lots.map(({ date }) => monthOf(date)),
  ]);
  const snapshot = await snapshotOf(deps, of.settings, 'credit_lot', [...months]);
  const news = [...snapshot.newsIn(lots), ...snapshot.withdrawn(({ key }) => key.startsWith(prefix), rank)];
  if (news.length > 0)
    await recordFetched(
      deps,
      of,
      'credits',
      { grants, left: Object.fromEntries(left), today },
      {
        facts: news,
        unreadable: [],
      },
    );
};
