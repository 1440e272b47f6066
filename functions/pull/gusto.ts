import type { TenantSettings } from '../../shared/contract/tenant.ts';
import { SIGNED_OUT } from '../../shared/event/statement.ts';
import { noteFeedHealth } from '../../shared/fetch/feed-health.ts';
import { type FetchedFor, noteProgress, recordFetched } from '../../shared/fetch/fetched.ts';
import { snapshotOf } from '../../shared/fetch/snapshot.ts';
import type { Invocation } from '../../shared/lambda/invocation.ts';
import { monthsOf } from '../../shared/ledger/range.ts';
import { contractorPaymentsIn } from '../../shared/providers/gusto/contractor.ts';
import type { GustoObject } from '../../shared/providers/gusto/doorbell.ts';
import { dueKeyOf, legKey, payrollFacts } from '../../shared/providers/gusto/facts.ts';
import { type GustoPayroll, LEGS, readPayroll } from '../../shared/providers/gusto/payroll.ts';
import { GUSTO, GUSTO_NORMALISER } from '../../shared/providers/gusto/webhook.ts';
import { addDays, type CivilDate, civilDateIn } from '../../shared/time/civil-date.ts';
import { gustoAccess } from './gusto-access.ts';
import {
  type Company,
  GustoAccessEnded,
  type GustoDeps,
  listOf,
  takeNews,
  takeTransfers,
  valueIn,
  withdraw,
} from './gusto-company.ts';
import { fetchContractorPayment, takeContractorPayment } from './gusto-contractors.ts';
import { takeRecoveries, toldFailed } from './gusto-recoveries.ts';

/** Gusto lists a year at most, and paydays up to three months ahead. */
const BACKFILL_DAYS = 360;
const SWEEP_DAYS = 60;
const AHEAD_DAYS = 85;
/** Taxes that a company remits itself leave up to so many days after the payday. */
const REMITTED_WITHIN_DAYS = 50;

/** The tenant's company, where its door opens; that somebody has to sign in again is stated. */
const opened = async (
  deps: GustoDeps,
  settings: TenantSettings,
  context: Invocation,
): Promise<Company | undefined> => {
  const { gusto, tenant } = settings;
  if (gusto === undefined) return undefined;
  const of: FetchedFor = { settings, source: GUSTO, normaliser: GUSTO_NORMALISER, context };
  const access = await gustoAccess(deps, tenant, context);
  if (access.outcome === SIGNED_OUT)
    await noteFeedHealth(deps, of, `${GUSTO}:${gusto.company}`, access.outcome);
  if (access.outcome !== 'open') return undefined;
  const fetching = { company: gusto.company, fetchedMs: context.nowMs, failed: new Set<string>() };
  return { ...of, ...fetching, gusto, accessToken: access.accessToken };
};

/**
 * Opens the company, and sees first which of its debits failed: that changes what the others mean. A token that turns out to
 * have ended is exchanged once; where another one opens no more, the payrolls will tell.
 */
const companyOf = async (
  deps: GustoDeps,
  settings: TenantSettings,
  context: Invocation,
): Promise<Company | undefined> => {
  for (let tries = 1; ; tries++) {
    const company = await opened(deps, settings, context);
    if (company === undefined) return undefined;
    try {
      return { ...company, failed: await takeRecoveries(deps, company) };
    } catch (error) {
      if (!(error instanceof GustoAccessEnded)) throw error;
      if (tries === 2) return { ...company, failed: await toldFailed(deps, company) };
    }
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
    await takeNews(deps, company, 'payroll', { payroll: value }, [], [{ part: value, reason: payroll }]);
    return undefined;
  }
  const document = { payroll: value, ...(receipt !== undefined && { receipt }) };
  await takeNews(deps, company, `payroll:${payroll.id}`, document, payrollFacts(payroll, company));
  if (payroll.owed) await takeTransfers(deps, company, { kind: 'payroll', id: payroll.id });
  return payroll;
};

const fetchPayroll = async (
  deps: GustoDeps,
  company: Company,
  id: string,
): Promise<GustoPayroll | undefined> => {
  const answer = await deps.gusto.payroll(company.accessToken, company.company, id);
  if (answer.outcome === 'missing') {
    const keys = LEGS.map((leg) => legKey(company.company, id, leg)).flatMap((key) => [key, dueKeyOf(key)]);
    await withdraw(deps, company, { kind: 'payroll', id }, keys);
  }
  const value = await valueIn(deps, company, 'payroll', answer);
  return value === undefined ? undefined : takePayroll(deps, company, value);
};

/** One doorbell: the payroll as it is now, and those that give money of it back; or the contractor payment. */
export const answerGusto = async (
  deps: GustoDeps,
  settings: TenantSettings,
  { kind, id }: { readonly kind: GustoObject; readonly id: string },
  context: Invocation,
): Promise<void> => {
  const company = await companyOf(deps, settings, context);
  if (company === undefined) return;
  if (kind === 'contractor_payment') return fetchContractorPayment(deps, company, id);
  const found = await fetchPayroll(deps, company, id);
  for (const reversal of found?.reversals ?? []) await fetchPayroll(deps, company, reversal);
};

interface Range {
  readonly from: CivilDate;
  readonly to: CivilDate;
}

/** What is read of one kind: the last weeks and the next, and at first a year. */
interface Reach extends Range {
  readonly isFirst: boolean;
  readonly feed: string;
}

const reachOf = async (deps: GustoDeps, { settings, context }: Company, feed: string): Promise<Reach> => {
  const today = civilDateIn(settings.accountingZone, context.nowMs);
  const isFirst = (await deps.ledger.lastProgress(settings.tenant, feed)) === undefined;
  const from = addDays(today, isFirst ? -(BACKFILL_DAYS - AHEAD_DAYS) : -SWEEP_DAYS);
  return { isFirst, feed, from, to: addDays(today, AHEAD_DAYS) };
};

const noteFirst = async (
  deps: GustoDeps,
  company: Company,
  { isFirst, feed, from, to }: Reach,
): Promise<void> => {
  if (!isFirst) return;
  const delivery = await recordFetched(
    deps,
    company,
    'backfill',
    { feed, from, to },
    { facts: [], unreadable: [] },
  );
  await noteProgress(deps, company, feed, 1, from, delivery);
};

/**
 * Fetches what is told of a range and was in no list of it: nobody may have rung when it was deleted, or its day was moved.
 * @param seen ids of what was listed
 */
const seekUnlisted = async (
  deps: GustoDeps,
  company: Company,
  kind: GustoObject,
  { from, to }: Range,
  seen: ReadonlySet<string>,
  fetch: (id: string) => Promise<unknown>,
): Promise<void> => {
  const months = monthsOf({
    from: addDays(from, -REMITTED_WITHIN_DAYS),
    to: addDays(to, REMITTED_WITHIN_DAYS),
  });
  const told = (await snapshotOf(deps, company.settings, 'commitment', months)).stated();
  const lost = told.flatMap(({ source, metadata }) => {
    const [id, payday = ''] = [metadata?.[kind], metadata?.['pay_date']];
    const isSought = source === GUSTO && payday >= from && payday <= to;
    return isSought && id !== undefined && !seen.has(id) ? [id] : [];
  });
  for (const id of new Set(lost)) await fetch(id);
};

/** @returns why the payrolls could not be read. */
const sweepPayrolls = async (deps: GustoDeps, company: Company): Promise<string | undefined> => {
  const reach = await reachOf(deps, company, `${GUSTO}:${company.company}`);
  const listed = await listOf(deps, company, 'payrolls', (page) =>
    deps.gusto.payrolls(company.accessToken, company.company, { ...reach, page }),
  );
  if (listed.outcome === 'none') return listed.reason;
  const [seen, named] = [new Set<string>(), new Set<string>()];
  for (const value of listed.list) {
    const payroll = await takePayroll(deps, company, value);
    if (payroll === undefined) continue;
    seen.add(payroll.id);
    for (const reversal of payroll.reversals) named.add(reversal);
  }
  const fetch = (id: string) => fetchPayroll(deps, company, id);
  for (const reversal of named) if (!seen.has(reversal)) await fetch(reversal);
  await seekUnlisted(deps, company, 'payroll', reach, new Set([...seen, ...named]), fetch);
  await noteFirst(deps, company, reach);
  return undefined;
};

/** @returns why the contractor payments could not be read. */
const sweepContractors = async (deps: GustoDeps, company: Company): Promise<string | undefined> => {
  const reach = await reachOf(deps, company, `${GUSTO}:${company.company}:contractors`);
  const listed = await listOf(
    deps,
    company,
    'contractor_payments',
    (page) => deps.gusto.contractorPayments(company.accessToken, company.company, { ...reach, page }),
    contractorPaymentsIn,
  );
  if (listed.outcome === 'none') return listed.reason;
  const seen = new Set<string>();
  for (const value of listed.list) {
    const id = await takeContractorPayment(deps, company, value);
    if (id !== undefined) seen.add(id);
  }
  await seekUnlisted(deps, company, 'contractor_payment', reach, seen, (id) =>
    fetchContractorPayment(deps, company, id),
  );
  await noteFirst(deps, company, reach);
  return undefined;
};

/** Reads the payrolls and contractor payments of the last weeks and the next, a year of them at first, and what became due since. */
export const sweepGusto = async (
  deps: GustoDeps,
  settings: TenantSettings,
  context: Invocation,
): Promise<void> => {
  const company = await companyOf(deps, settings, context);
  if (company === undefined) return;
  const refusal = (await sweepPayrolls(deps, company)) ?? (await sweepContractors(deps, company));
  await noteFeedHealth(deps, company, `${GUSTO}:${company.company}`, refusal);
};
