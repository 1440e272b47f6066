import type { DayAggregate } from '../../shared/aggregate/day.ts';
import { type MonthAggregate, sumAccounts } from '../../shared/aggregate/month.ts';
import type { StateStore } from '../../shared/aws/state-store.ts';
import { atMost } from '../../shared/concurrency/at-most.ts';
import type { Balance, Statement } from '../../shared/event/statement.ts';
import { type DateRange, monthsOf } from '../../shared/ledger/range.ts';
import { type Currency, currency as currencyOf } from '../../shared/money/currency.ts';
import type { Minor } from '../../shared/money/money.ts';
import { type BalanceComparison, compareBalance } from '../../shared/reconciliation/balances.ts';
import type { Tolerance } from '../../shared/reconciliation/tolerance.ts';
import { addDays, type CivilDate, monthOf } from '../../shared/time/civil-date.ts';

const CONCURRENCY = 4;

type CountedAt = (account: string, currency: Currency, date: CivilDate) => Minor;

const total = (of: readonly Pick<MonthAggregate, 'accounts'>[], account: string, currency: Currency): Minor =>
  sumAccounts(of.flatMap(({ accounts }) => accounts)).find(
    (each) => each.account === account && each.currency === currency,
  )?.deltaMinor ?? 0n;

/** What the ledger counts on an account at the end of a day: the months before, and the days of its month. */
export const countedBalances = async (
  state: Pick<StateStore, 'daysOfMonth'>,
  tenant: string,
  months: readonly MonthAggregate[],
  range: DateRange,
): Promise<CountedAt> => {
  const days = new Map<string, readonly DayAggregate[]>();
  const wanted = monthsOf({ from: addDays(range.from, -1), to: addDays(range.to, 1) });
  await atMost(CONCURRENCY, wanted, async (month) => {
    days.set(month, await state.daysOfMonth(tenant, month));
  });
  return (account, currency, date) =>
    total(
      months.filter(({ month }) => month < monthOf(date)),
      account,
      currency,
    ) +
    total(
      (days.get(monthOf(date)) ?? []).filter((each) => each.date <= date),
      account,
      currency,
    );
};

/** Holds what the ledger counts on each account against every balance that was stated of it on these days. */
export const compareStatedBalances = (
  stated: readonly Statement<'balance'>[],
  range: DateRange,
  countedAt: CountedAt,
  tolerance: Tolerance,
): readonly BalanceComparison[] =>
  stated
    .filter(({ date }) => date >= range.from && date <= range.to)
    .flatMap(({ date, body }) => {
      const { account, amountMinor, currency: code }: Balance = body;
      const currency = currencyOf(code);
      if (currency === undefined) return [];
      return [
        compareBalance(
          { account, date, currency, amountMinor: BigInt(amountMinor) },
          (day) => countedAt(account, currency, day),
          tolerance,
        ),
      ];
    });
