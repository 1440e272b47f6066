/** Cloud bills of a cost that stays as it is, day by day: what credits leave of a month's use is cash when its invoice is paid. */
import { type Currency, exponentOf } from '../../money/currency.ts';
import { decimalOf } from '../../money/money.ts';
import { creditCashCosts } from '../../scenario/credits.ts';
import type { Credit, Scheduled } from '../../scenario/items.ts';
import { addDays, type CivilDate, daysBetween, epochDay, fromEpochDay } from '../../time/civil-date.ts';
import { monthIndex, monthStart } from '../streams/month.ts';

/** Day of the month on which the invoice of the month before is paid. */
export const INVOICE_DAY = 3;

/** Whole units of 10^-decimals. */
const unitsOf = (text: string, decimals: number): bigint => {
  const [whole = '0', fraction = ''] = text.split('.');
  return BigInt(whole + fraction.padEnd(decimals, '0').slice(0, decimals));
};

const invoiceDate = (date: CivilDate): CivilDate =>
  fromEpochDay(monthStart(monthIndex(epochDay(date)) + 1) + INVOICE_DAY - 1);

/** The invoices of the lots' costs from the day after `asOf`, through the last that falls within the horizon. */
export const creditInvoices = (
  credits: readonly Credit[],
  asOf: CivilDate,
  horizonDays: number,
  currency: Currency,
): readonly Scheduled[] => {
  const decimals = exponentOf(currency);
  const due = new Map<CivilDate, bigint>();
  for (const { remaining, expires_on, daily_gross_cost } of credits)
    creditCashCosts(
      unitsOf(remaining, decimals),
      daysBetween(asOf, expires_on),
      unitsOf(daily_gross_cost, decimals),
      horizonDays,
    ).forEach((cash, index) => {
      const date = invoiceDate(addDays(asOf, index + 1));
      due.set(date, (due.get(date) ?? 0n) + cash);
    });
  return [...due]
    .filter(([date, cash]) => cash > 0n && daysBetween(asOf, date) <= horizonDays)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([date, cash]) => ({ date, amount: decimalOf(-cash, currency) }));
};
