import type { DayAggregate } from '../aggregate/day.ts';
import type { TenantSettings } from '../contract/tenant.ts';
import { accountingDay, baseCurrency } from '../runway/accounting.ts';
import { type LedgerView, ledgerView, monthsNeeded } from '../runway/ledger-view.ts';
import type { Overview, StateStore } from './state-store.ts';

/** Days already read, by tenant and month; good as long as the month's hash is. */
export type DaysRead = Map<string, { readonly hash: string; readonly days: readonly DayAggregate[] }>;

export interface LiveReading {
  readonly state: Pick<StateStore, 'overview' | 'daysOfMonth'>;
  /** Lives as long as the process. */
  readonly daysRead: DaysRead;
}

const recentDays = async (
  { state, daysRead }: LiveReading,
  tenant: TenantSettings,
  overview: Overview,
  nowMs: number,
): Promise<readonly DayAggregate[]> => {
  const months = monthsNeeded(overview.months, accountingDay(tenant, nowMs));
  const days = await Promise.all(
    months.map(async ({ month, daysHash }) => {
      const key = `${tenant.tenant}|${month}`;
      const known = daysRead.get(key);
      if (known?.hash === daysHash) return known.days;
      const read = await state.daysOfMonth(tenant.tenant, month);
      daysRead.set(key, { hash: daysHash, days: read });
      return read;
    }),
  );
  return days.flat();
};

/** The tenant's aggregates as they stand in State. */
export const liveView = async (
  reading: LiveReading,
  tenant: TenantSettings,
  nowMs: number,
): Promise<LedgerView> => {
  const overview = await reading.state.overview(tenant.tenant);
  return ledgerView(overview, await recentDays(reading, tenant, overview, nowMs), baseCurrency(tenant));
};
