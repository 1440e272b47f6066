import type { GustoCompany, TenantSettings } from '../../shared/contract/tenant.ts';
import { type CashFact, type Fact, revision } from '../../shared/event/fact.ts';
import type { StatementFact } from '../../shared/event/statement.ts';
import { type FetchedFor, type KeepDeps, noteProgress, recordFetched } from '../../shared/fetch/fetched.ts';
import type { Invocation } from '../../shared/lambda/invocation.ts';
import { contentHashOf } from '../../shared/ledger/codec.ts';
import type { FactRow } from '../../shared/ledger/row.ts';
import type { GustoAnswer } from '../../shared/providers/gusto/api.ts';
import {
  achFact,
  type Fetching,
  legDueKey,
  legKey,
  payrollFacts,
} from '../../shared/providers/gusto/facts.ts';
import { type GustoPayroll, LEGS, readPayroll } from '../../shared/providers/gusto/payroll.ts';
import { GUSTO, GUSTO_NORMALISER } from '../../shared/providers/gusto/webhook.ts';
import { addDays, type CivilDate, civilDateIn } from '../../shared/time/civil-date.ts';
import { endGustoAccess, type GustoAccessDeps, gustoAccessToken } from './gusto-access.ts';

export interface GustoDeps extends KeepDeps, GustoAccessDeps {}

/** Gusto lists a year at most, and paydays up to three months ahead. */
const BACKFILL_DAYS = 360;
const SWEEP_DAYS = 60;
const AHEAD_DAYS = 85;

interface Company extends FetchedFor, Fetching {
  readonly accessToken: string;
  readonly gusto: GustoCompany;
}

const companyOf = async (
  deps: GustoDeps,
  settings: TenantSettings,
  context: Invocation,
): Promise<Company | undefined> => {
  const { gusto, tenant } = settings;
  const accessToken = gusto && (await gustoAccessToken(deps, tenant, context));
  if (gusto === undefined || accessToken === undefined) return undefined;
  const of: FetchedFor = { settings, source: GUSTO, normaliser: GUSTO_NORMALISER, context };
  return { ...of, accessToken, gusto, company: gusto.company, fetchedMs: context.nowMs };
};

const latestOf = async (deps: GustoDeps, { settings }: Company, key: string): Promise<FactRow | undefined> =>
  (await deps.ledger.factRows(settings.tenant, key))
    .filter((row): row is FactRow => row.kind === 'fact')
    .at(-1);

const saysNothing = (fact: Fact): boolean =>
  (fact.kind === 'statement' && fact.body === null) || (fact.kind === 'cash' && fact.lines.length === 0);

/** Facts that differ from what is known: every fetch is a revision of its own, and most change nothing. */
const newsIn = async <Of extends Fact>(
  deps: GustoDeps,
  company: Company,
  facts: readonly Of[],
): Promise<readonly Of[]> => {
  const news: Of[] = [];
  for (const fact of facts) {
    const known = await latestOf(deps, company, fact.key);
    if (known === undefined ? !saysNothing(fact) : known.contentHash !== contentHashOf(fact)) news.push(fact);
  }
  return news;
};

const UNAUTHORIZED = 401;

/**
 * The value of an answer; undefined where there is none, which is said where it was refused.
 * @throws where our token ended before its time; the next run gets another.
 */
const valueIn = async (
  deps: GustoDeps,
  { settings: { tenant }, accessToken, context }: Company,
  what: string,
  answer: GustoAnswer,
): Promise<unknown> => {
  if (answer.outcome === 'refused' && answer.status === UNAUTHORIZED) {
    await endGustoAccess(deps, tenant, accessToken);
    throw new Error('Gusto takes our token no more');
  }
  if (answer.outcome === 'refused')
    context.log.error('Gusto refused our request', { tenant, what, status: answer.status });
  return answer.outcome === 'found' ? answer.value : undefined;
};

const takeTransfers = async (deps: GustoDeps, company: Company, payroll: string): Promise<void> => {
  for (let page = 1, pages = 1; page <= pages; page++) {
    const answer = await deps.gusto.achTransactions(company.accessToken, company.company, payroll, page);
    const transfers = await valueIn(deps, company, 'ach_transactions', answer);
    if (answer.outcome !== 'found' || !Array.isArray(transfers)) return;
    pages = answer.pages;
    const read = transfers.map((part: unknown) => ({ part, fact: achFact(part, company) }));
    const facts = read.flatMap(({ fact }) => (typeof fact === 'object' ? [fact] : []));
    const unreadable = read.flatMap(({ part, fact }) =>
      typeof fact === 'string' ? [{ part, reason: fact }] : [],
    );
    const news = await newsIn(deps, company, facts);
    if (news.length + unreadable.length > 0)
      await recordFetched(deps, company, `ach:${payroll}`, transfers, { facts: news, unreadable });
  }
};

/** A payroll with its receipt and its transfers. @returns the payroll, where it could be read. */
const takePayroll = async (
  deps: GustoDeps,
  company: Company,
  value: unknown,
): Promise<GustoPayroll | undefined> => {
  const read = (receipt: unknown): GustoPayroll | string =>
    readPayroll(value, receipt, company.gusto, company.settings.accountingZone);
  const draft = read(undefined);
  const receipt =
    typeof draft === 'object' && draft.owed
      ? await valueIn(deps, company, 'receipt', await deps.gusto.receipt(company.accessToken, draft.id))
      : undefined;
  const payroll = read(receipt);
  if (typeof payroll === 'string') {
    const unreadable = [{ part: value, reason: payroll }];
    await recordFetched(deps, company, 'payroll', { payroll: value }, { facts: [], unreadable });
    return undefined;
  }
  const news = await newsIn(deps, company, payrollFacts(payroll, company));
  const document = { payroll: value, ...(receipt !== undefined && { receipt }) };
  if (news.length > 0)
    await recordFetched(deps, company, `payroll:${payroll.id}`, document, { facts: news, unreadable: [] });
  if (payroll.owed) await takeTransfers(deps, company, payroll.id);
  return payroll;
};

/** Takes back what was told of a payroll that Gusto no longer has. */
const withdraw = async (deps: GustoDeps, company: Company, payroll: string): Promise<void> => {
  const keys = LEGS.flatMap((leg) => [
    legKey(company.company, payroll, leg),
    legDueKey(company.company, payroll, leg),
  ]);
  const known = await Promise.all(keys.map((key) => latestOf(deps, company, key)));
  const withdrawn = { revision: revision('final', company.fetchedMs) };
  const facts = known.flatMap((row): (StatementFact | CashFact)[] => {
    if (row === undefined || saysNothing(row.fact)) return [];
    if (row.fact.kind === 'statement') return [{ ...row.fact, ...withdrawn, body: null }];
    return row.fact.kind === 'cash' ? [{ ...row.fact, ...withdrawn, lines: [] }] : [];
  });
  if (facts.length === 0) return;
  const gone = { payroll_uuid: payroll, missing_at: new Date(company.fetchedMs).toISOString() };
  await recordFetched(deps, company, `payroll:${payroll}`, gone, { facts, unreadable: [] });
};

const fetchPayroll = async (
  deps: GustoDeps,
  company: Company,
  id: string,
): Promise<GustoPayroll | undefined> => {
  const answer = await deps.gusto.payroll(company.accessToken, company.company, id);
  if (answer.outcome === 'missing') await withdraw(deps, company, id);
  const value = await valueIn(deps, company, 'payroll', answer);
  return value === undefined ? undefined : takePayroll(deps, company, value);
};

/** One doorbell: the payroll as it is now, and those that give money of it back. */
export const answerGusto = async (
  deps: GustoDeps,
  settings: TenantSettings,
  payroll: string,
  context: Invocation,
): Promise<void> => {
  const company = await companyOf(deps, settings, context);
  if (company === undefined) return;
  const found = await fetchPayroll(deps, company, payroll);
  for (const reversal of found?.reversals ?? []) await fetchPayroll(deps, company, reversal);
};

/** Reads the payrolls of the last weeks and the next, a year of them at first, and what became due since. */
export const sweepGusto = async (
  deps: GustoDeps,
  settings: TenantSettings,
  context: Invocation,
): Promise<void> => {
  const company = await companyOf(deps, settings, context);
  if (company === undefined) return;
  const feed = `${GUSTO}:${company.company}`;
  const today: CivilDate = civilDateIn(settings.accountingZone, context.nowMs);
  const isFirst = (await deps.ledger.lastProgress(settings.tenant, feed)) === undefined;
  const range = {
    from: addDays(today, isFirst ? -(BACKFILL_DAYS - AHEAD_DAYS) : -SWEEP_DAYS),
    to: addDays(today, AHEAD_DAYS),
  };
  const [seen, named] = [new Set<string>(), new Set<string>()];
  for (let page = 1, pages = 1; page <= pages; page++) {
    const answer = await deps.gusto.payrolls(company.accessToken, company.company, { ...range, page });
    const payrolls = await valueIn(deps, company, 'payrolls', answer);
    if (answer.outcome !== 'found' || !Array.isArray(payrolls)) return;
    pages = answer.pages;
    for (const value of payrolls as unknown[]) {
      const payroll = await takePayroll(deps, company, value);
      if (payroll === undefined) continue;
      seen.add(payroll.id);
      for (const reversal of payroll.reversals) named.add(reversal);
    }
  }
  for (const reversal of named) if (!seen.has(reversal)) await fetchPayroll(deps, company, reversal);
  if (!isFirst) return;
  const delivery = await recordFetched(deps, company, 'backfill', range, { facts: [], unreadable: [] });
  await noteProgress(deps, company, feed, 1, range.from, delivery);
};
