import type { DayAggregate } from '../aggregate/day.ts';
import { type MonthAggregate, mergeLatest, sumAccounts } from '../aggregate/month.ts';
import type { PlanAggregate, ReviewAggregate } from '../aggregate/plan.ts';
import { FUNDING, OPENING_BALANCE } from '../event/category.ts';
import type { Currency } from '../money/currency.ts';
import type { Minor } from '../money/money.ts';
import { addDays, type CivilDate, monthOf } from '../time/civil-date.ts';

/** External money of one day in the base currency; `outflowMinor` is positive. */
export interface DayFlow {
  readonly date: CivilDate;
  readonly netMinor: Minor;
  readonly inflowMinor: Minor;
  readonly outflowMinor: Minor;
  readonly outflowCount: number;
  /** Money raised, in none of the above: it has arrived, but it is neither earned nor spent. */
  readonly fundingMinor: Minor;
}

/** What the aggregates say of one tenant, as plain numbers. */
export interface LedgerView {
  /** Ledger rows behind it; orders readings, see `fenceOf`. */
  readonly rows: number;
  /** First day on which money counts; undefined where none does. */
  readonly firstDate: CivilDate | undefined;
  /** Sum over own accounts, every fact known, by currency. */
  readonly balances: ReadonlyMap<Currency, Minor>;
  /** Days with external money in the base currency, ascending; what an account opened with is no movement. */
  readonly days: readonly DayFlow[];
  readonly estimatedCount: number;
  /** Latest `recordedAt` per source. */
  readonly latest: Readonly<Record<string, string>>;
  readonly plan: PlanAggregate['items'];
  readonly conflicts: number;
  readonly quarantined: number;
}

/** Days of history that the model looks at. */
export const HISTORY_DAYS = 364;

/** The months whose days a forecast as of `asOf` needs, oldest first. */
export const monthsNeeded = (
  months: readonly MonthAggregate[],
  asOf: CivilDate,
): readonly MonthAggregate[] => {
  const first = monthOf(addDays(asOf, -HISTORY_DAYS));
  return months
    .filter(({ month }) => month >= first && month <= monthOf(asOf))
    .sort((a, b) => (a.month < b.month ? -1 : 1));
};

const NOTHING_MOVED = { netMinor: 0n, inflowMinor: 0n, outflowMinor: 0n, outflowCount: 0, fundingMinor: 0n };

const sumDays = (days: readonly DayAggregate[], currency: Currency): readonly DayFlow[] => {
  const sums = new Map<CivilDate, DayFlow>();
  for (const day of days)
    for (const flow of day.flows) {
      if (flow.currency !== currency || flow.category === OPENING_BALANCE) continue;
      const sum = sums.get(day.date) ?? { date: day.date, ...NOTHING_MOVED };
      const netMinor = flow.inflowMinor - flow.outflowMinor;
      sums.set(
        day.date,
        flow.category === FUNDING
          ? { ...sum, fundingMinor: sum.fundingMinor + netMinor }
          : {
              ...sum,
              netMinor: sum.netMinor + netMinor,
              inflowMinor: sum.inflowMinor + flow.inflowMinor,
              outflowMinor: sum.outflowMinor + flow.outflowMinor,
              outflowCount: sum.outflowCount + flow.outflowCount,
            },
      );
    }
  return [...sums.values()].sort((a, b) => (a.date < b.date ? -1 : 1));
};

const balancesOf = (months: readonly MonthAggregate[]): ReadonlyMap<Currency, Minor> => {
  const balances = new Map<Currency, Minor>();
  for (const { currency, deltaMinor } of sumAccounts(months.flatMap((month) => month.accounts)))
    balances.set(currency, (balances.get(currency) ?? 0n) + deltaMinor);
  return balances;
};

/** Reads a tenant's aggregates as one view. @param recentDays days of the months that `monthsNeeded` names. */
export const ledgerView = (
  overview: {
    readonly months: readonly MonthAggregate[];
    readonly plan: PlanAggregate | undefined;
    readonly review: ReviewAggregate | undefined;
  },
  recentDays: readonly DayAggregate[],
  baseCurrency: Currency,
): LedgerView => {
  const { months, plan, review } = overview;
  const firstDates = months.flatMap((month) => month.firstDate ?? []).sort();
  return {
    rows: months.reduce((sum, month) => sum + month.rows, 0) + (plan?.rows ?? 0) + (review?.rows ?? 0),
    firstDate: firstDates[0] as CivilDate | undefined,
    balances: balancesOf(months),
    days: sumDays(recentDays, baseCurrency),
    estimatedCount: months.reduce((sum, month) => sum + month.estimatedCount, 0),
    latest: mergeLatest(months.map((month) => month.latest)),
    plan: plan?.items ?? [],
    conflicts: review?.conflicts ?? 0,
    quarantined: review?.quarantined ?? 0,
  };
};
