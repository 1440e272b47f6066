import type { GustoCompany } from '../../shared/contract/tenant.ts';
import type { Fact } from '../../shared/event/fact.ts';
import { revision, revisionAbove } from '../../shared/event/fact.ts';
import { type FetchedFor, type KeepDeps, recordFetched } from '../../shared/fetch/fetched.ts';
import { contentHashOf } from '../../shared/ledger/codec.ts';
import type { FactRow } from '../../shared/ledger/row.ts';
import type { GustoAnswer } from '../../shared/providers/gusto/api.ts';
import type { GustoObject } from '../../shared/providers/gusto/doorbell.ts';
import { achFact, type Fetching } from '../../shared/providers/gusto/facts.ts';
import type { CivilDate } from '../../shared/time/civil-date.ts';
import { endGustoAccess, type GustoAccessDeps } from './gusto-access.ts';

export interface GustoDeps extends KeepDeps, GustoAccessDeps {}

/** A company whose door is open. */
export interface Company extends FetchedFor, Fetching {
  readonly accessToken: string;
  readonly gusto: GustoCompany;
}

export const latestOf = async (
  deps: GustoDeps,
  { settings }: Company,
  key: string,
): Promise<FactRow | undefined> =>
  (await deps.ledger.factRows(settings.tenant, key))
    .filter((row): row is FactRow => row.kind === 'fact')
    .at(-1);

const saysNothing = (fact: Fact): boolean =>
  (fact.kind === 'statement' && fact.body === null) || (fact.kind === 'cash' && fact.lines.length === 0);

/**
 * Facts that differ from what is known: every fetch is a revision of its own, and most change nothing. What one run fetches twice
 * has one instant, and the second fetch is the later word.
 */
const newsIn = async (
  deps: GustoDeps,
  company: Company,
  facts: readonly Fact[],
): Promise<readonly Fact[]> => {
  const known = await Promise.all(facts.map(({ key }) => latestOf(deps, company, key)));
  return facts.flatMap((fact, index): Fact[] => {
    const last = known[index];
    if (last === undefined) return saysNothing(fact) ? [] : [fact];
    if (last.contentHash === contentHashOf(fact)) return [];
    const isSameRun = last.fact.revision === fact.revision;
    return [isSameRun ? { ...fact, revision: revisionAbove(fact.revision, company.fetchedMs) } : fact];
  });
};

/** Keeps a document with what is new in it; one without news is not kept again. */
export const takeNews = async (
  deps: GustoDeps,
  company: Company,
  name: string,
  document: unknown,
  facts: readonly Fact[],
  unreadable: readonly { readonly part: unknown; readonly reason: string }[] = [],
): Promise<void> => {
  const news = await newsIn(deps, company, facts);
  if (news.length + unreadable.length > 0)
    await recordFetched(deps, company, name, document, { facts: news, unreadable });
};

/** Takes back what was told of an object that Gusto no longer has. */
export const withdraw = async (
  deps: GustoDeps,
  company: Company,
  { kind, id }: { readonly kind: GustoObject; readonly id: string },
  keys: readonly string[],
): Promise<void> => {
  const known = await Promise.all(keys.map((key) => latestOf(deps, company, key)));
  const withdrawn = { revision: revision('final', company.fetchedMs) };
  const facts = known.flatMap((row): Fact[] => {
    if (row === undefined || saysNothing(row.fact)) return [];
    if (row.fact.kind === 'statement') return [{ ...row.fact, ...withdrawn, body: null }];
    return row.fact.kind === 'cash' ? [{ ...row.fact, ...withdrawn, lines: [] }] : [];
  });
  if (facts.length === 0) return;
  const gone = { [`${kind}_uuid`]: id, missing_at: new Date(company.fetchedMs).toISOString() };
  await recordFetched(deps, company, `${kind}:${id}`, gone, { facts, unreadable: [] });
};

/** Our token was good for nothing before its time; the next one is another. */
export class GustoAccessEnded extends Error {
  override readonly name = 'GustoAccessEnded';
}

const UNAUTHORIZED = 401;
const FORBIDDEN = 403;
/** Not every kind of application may read these; without them days and labels are less exact. */
const OPTIONAL = new Set(['receipt', 'ach_transactions', 'recovery_cases']);

/**
 * The value of an answer; undefined where there is none, which is said where it was refused.
 * @throws GustoAccessEnded
 */
export const valueIn = async (
  deps: GustoDeps,
  { settings: { tenant }, accessToken, context }: Company,
  what: string,
  answer: GustoAnswer,
): Promise<unknown> => {
  if (answer.outcome === 'refused' && answer.status === UNAUTHORIZED) {
    await endGustoAccess(deps, tenant, accessToken);
    throw new GustoAccessEnded('Gusto takes our token no more');
  }
  if (answer.outcome === 'refused' && !(answer.status === FORBIDDEN && OPTIONAL.has(what)))
    context.log.error('Gusto refused our request', { tenant, what, status: answer.status });
  return answer.outcome === 'found' ? answer.value : undefined;
};

/** All that a list has, or why there is none. */
export type Listed =
  | { readonly outcome: 'list'; readonly list: readonly unknown[] }
  | { readonly outcome: 'none'; readonly reason: string };

const inArray = (value: unknown): readonly unknown[] | undefined =>
  Array.isArray(value) ? value : undefined;

/** Reads a list to its last page. */
export const listOf = async (
  deps: GustoDeps,
  company: Company,
  what: string,
  ask: (page: number) => Promise<GustoAnswer>,
  rowsIn: (value: unknown) => readonly unknown[] | undefined = inArray,
): Promise<Listed> => {
  const list: unknown[] = [];
  for (let page = 1, pages = 1; page <= pages; page++) {
    const answer = await ask(page);
    const rows = rowsIn(await valueIn(deps, company, what, answer));
    if (answer.outcome !== 'found' || rows === undefined)
      return { outcome: 'none', reason: answer.outcome === 'refused' ? `${what} ${answer.status}` : what };
    list.push(...rows);
    pages = answer.pages;
  }
  return { outcome: 'list', list };
};

/** Takes the transfers of one payment as labels. @returns the day on which Gusto debits the company for it, where it is told. */
export const takeTransfers = async (
  deps: GustoDeps,
  company: Company,
  of: { readonly kind: GustoObject; readonly id: string },
): Promise<CivilDate | undefined> => {
  const listed = await listOf(deps, company, 'ach_transactions', (page) =>
    deps.gusto.achTransactions(company.accessToken, company.company, { ...of, page }),
  );
  if (listed.outcome === 'none') return undefined;
  const read = listed.list.map((part) => ({ part, fact: achFact(part, company) }));
  const facts = read.flatMap(({ fact }) => (typeof fact === 'object' ? [fact] : []));
  const unreadable = read.flatMap(({ part, fact }) =>
    typeof fact === 'string' ? [{ part, reason: fact }] : [],
  );
  await takeNews(deps, company, `ach:${of.id}`, listed.list, facts, unreadable);
  return facts
    .filter(({ metadata }) => metadata?.['status'] !== 'failed')
    .map(({ date }) => date)
    .sort()[0];
};
