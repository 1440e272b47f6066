import type { DayAggregate } from '../../shared/aggregate/day.ts';
import type { MonthAggregate } from '../../shared/aggregate/month.ts';
import type { StateStore } from '../../shared/aws/state-store.ts';
import { countOnce } from '../../shared/cash/count-once.ts';
import { atMost } from '../../shared/concurrency/at-most.ts';
import type { TenantSettings } from '../../shared/contract/tenant.ts';
import type { Balance, Statement } from '../../shared/event/statement.ts';
import type { DateRange } from '../../shared/ledger/range.ts';
import { type Currency, currency as currencyOf } from '../../shared/money/currency.ts';
import type { Minor } from '../../shared/money/money.ts';
import { type BalanceComparison, compareBalance } from '../../shared/reconciliation/balances.ts';
import type { Tolerance } from '../../shared/reconciliation/tolerance.ts';
import type { CivilDate } from '../../shared/time/civil-date.ts';

const CONCURRENCY = 4;

type CountedAt = (account: string, currency: Currency, date: CivilDate) => Minor;

/**
 * What counts on an account at the end of a day. Of all days, not of months: whose word counts on a day is only seen over
 * all of them together.
 */
export const countedBalances = async (
  state: Pick<StateStore, 'daysOfMonth'>,
  settings: TenantSettings,
  months: readonly MonthAggregate[],
  through: CivilDate,
): Promise<CountedAt> => {
  const days: DayAggregate[] = [];
  await atMost(CONCURRENCY, months, async ({ month }) => {
    days.push(...(await state.daysOfMonth(settings.tenant, month)));
  });
  const told = { days, payouts: [], commitments: [] };
  const counted = countOnce(told, settings, through).days;
  return (account, currency, date) =>
    counted
      .filter((day) => day.date <= date)
      .flatMap(({ accounts }) => accounts)
      .filter((each) => each.account === account && each.currency === currency)
      .reduce((sum, { deltaMinor }) => sum + deltaMinor, 0n);
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
