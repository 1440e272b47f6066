import type { DayAggregate } from '../aggregate/day.ts';
import type { MonthAggregate } from '../aggregate/month.ts';
import type { TenantSettings } from '../contract/tenant.ts';
import { accountingDay, baseCurrency } from '../runway/accounting.ts';
import { type Beside, type LedgerView, ledgerView, monthsNeeded } from '../runway/ledger-view.ts';
import type { CivilDate } from '../time/civil-date.ts';
import type { StateStore } from './state-store.ts';

/** Days already read, by tenant and month; good as long as the month's hash is. */
export type DaysRead = Map<string, { readonly hash: string; readonly days: readonly DayAggregate[] }>;

export interface LiveReading {
  readonly state: Pick<StateStore, 'overview' | 'daysOfMonth' | 'statements'>;
  /** Lives as long as the process. */
  readonly daysRead: DaysRead;
}

/** Remembers the days of a month. One that was folded before lines were kept has none, until it is folded anew. */
export const rememberDays = (
  daysRead: DaysRead,
  tenant: string,
  { month, daysHash: hash }: Pick<MonthAggregate, 'month' | 'daysHash'>,
  days: readonly DayAggregate[],
): readonly DayAggregate[] => {
  const whole = days.map((day) => ({ ...day, movements: day.movements ?? [] }));
  daysRead.set(`${tenant}|${month}`, { hash, days: whole });
  return whole;
};

/** The days of these months, of which only those that changed are read again. */
const readDays = async (
  { state, daysRead }: LiveReading,
  { tenant }: TenantSettings,
  months: readonly MonthAggregate[],
): Promise<readonly DayAggregate[]> => {
  const days = await Promise.all(
    months.map(async (of) => {
      const known = daysRead.get(`${tenant}|${of.month}`);
      if (known?.hash === of.daysHash) return known.days;
      return rememberDays(daysRead, tenant, of, await state.daysOfMonth(tenant, of.month));
    }),
  );
  return days.flat();
};

/** `YYYY-MM` of so many months, from `before` months before the day's on. */
const monthsAround = (asOf: CivilDate, before: number, length: number): readonly string[] => {
  const [year = 0, month = 0] = asOf.split('-').map(Number);
  return Array.from({ length }, (_, index) =>
    new Date(Date.UTC(year, month - 1 - before + index, 1)).toISOString().slice(0, 7),
  );
};

/** A commitment is told in the month of its day; one that is overdue for a quarter is no longer expected. */
const commitmentMonths = (asOf: CivilDate): readonly string[] => monthsAround(asOf, 3, 28);

/** An invoice is told in the month of its day. Hardly one pays for more than a year, or is paid after one. */
const invoiceMonths = (asOf: CivilDate): readonly string[] => monthsAround(asOf, 13, 15);

/**
 * The last months of costs say what credits pay a day, and how it grows. Lots are told by AWS itself where the configuration names
 * none; where there are none, their costs are not read.
 */
const readCloud = async (
  state: LiveReading['state'],
  { tenant, aws, gcp }: TenantSettings,
  asOf: CivilDate,
): Promise<Beside['cloud']> => {
  if (aws === undefined && gcp === undefined) return undefined;
  const lots = await state.statements(tenant, 'credit_lot');
  if (lots.length === 0) return undefined;
  return { costs: await state.statements(tenant, 'cost', monthsAround(asOf, 6, 7)), lots };
};

/**
 * The tenant's aggregates as they stand in State.
 * @param also months to be read beside those that a forecast needs
 */
export const liveView = async (
  reading: LiveReading,
  tenant: TenantSettings,
  nowMs: number,
  also: (months: readonly MonthAggregate[]) => readonly MonthAggregate[] = () => [],
): Promise<LedgerView> => {
  const { state } = reading;
  const asOf = accountingDay(tenant, nowMs);
  const [overview, payouts, commitments, rates, invoices, feeds, cloud] = await Promise.all([
    state.overview(tenant.tenant),
    state.statements(tenant.tenant, 'payout'),
    state.statements(tenant.tenant, 'commitment', commitmentMonths(asOf)),
    state.statements(tenant.tenant, 'rate'),
    state.statements(tenant.tenant, 'invoice', invoiceMonths(asOf)),
    state.statements(tenant.tenant, 'feed'),
    readCloud(state, tenant, asOf),
  ]);
  const months = new Set([
    ...monthsNeeded(overview.months, asOf, baseCurrency(tenant)),
    ...also(overview.months),
  ]);
  const days = await readDays(reading, tenant, [...months]);
  const beside = {
    settings: tenant,
    asOf,
    payouts,
    commitments,
    rates,
    invoices,
    feeds,
    ...(cloud && { cloud }),
  };
  return ledgerView(overview, days, baseCurrency(tenant), beside);
};
