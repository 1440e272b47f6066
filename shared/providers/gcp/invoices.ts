/** What Google will have paid by invoice: a month's costs as a sum, which is what the invoice of the month says. */
import type { GcpBilling } from '../../contract/tenant.ts';
import { revision } from '../../event/fact.ts';
import { type Cost, type StatementFact, statementFact } from '../../event/statement.ts';
import { type Currency, currency, exponentOf } from '../../money/currency.ts';
import { dividedBy } from '../../money/half-even.ts';
import type { Minor } from '../../money/money.ts';
import { type CivilDate, civilDate, daysInMonth, monthOf } from '../../time/civil-date.ts';
import { sumDecimals } from '../decimal.ts';
import { GCP } from './costs.ts';

const GOOGLE = 'Google Cloud';

export const gcpInvoicePrefix = ({ billingAccount }: Pick<GcpBilling, 'billingAccount'>): string =>
  `gcpinv:${billingAccount}:`;

/** The month that an invoice is for, `YYYY-MM`. */
export const gcpInvoiceMonth = ({ metadata }: StatementFact): string => metadata?.['invoice_month'] ?? '';

const DECIMALS = 18;

const roundedMinor = (decimal: string, money: Currency): Minor => {
  const [whole = '0', fraction = ''] = decimal.replace('-', '').split('.');
  const size = BigInt(whole + fraction.padEnd(DECIMALS, '0'));
  return dividedBy(decimal.startsWith('-') ? -size : size, 10n ** BigInt(DECIMALS - exponentOf(money)));
};

/** The day of the next month, or its last where it has fewer. */
const dueAfter = (month: string, dueDay: number): CivilDate | undefined => {
  const [year = 0, number = 0] = month.split('-').map(Number);
  const [dueYear, dueMonth] = number === 12 ? [year + 1, 1] : [year, number + 1];
  const day = Math.min(dueDay, daysInMonth(dueYear, dueMonth));
  return civilDate(`${dueYear}-${String(dueMonth).padStart(2, '0')}-${String(day).padStart(2, '0')}`);
};

/**
 * One commitment for each month that is over and each currency, where anything is to be paid. What is owed to the customer
 * stays with Google and lessens a later invoice.
 * @param costs of whole months.
 */
export const invoicesOf = (
  costs: readonly { readonly date: CivilDate; readonly body: Cost }[],
  billing: Pick<GcpBilling, 'billingAccount'> & { readonly dueDay: number },
  today: CivilDate,
  readMs: number,
): readonly StatementFact[] => {
  const over = costs.filter(({ date }) => monthOf(date) < monthOf(today));
  const groups = Map.groupBy(over, ({ date, body }) => `${monthOf(date)}:${body.currency}`);
  return [...groups].flatMap(([name, of]): StatementFact[] => {
    const [month = '', code = ''] = name.split(':');
    const money = currency(code);
    const due = dueAfter(month, billing.dueDay);
    if (money === undefined || due === undefined) return [];
    const owed = roundedMinor(sumDecimals(of.map(({ body }) => body.amount)), money);
    if (owed <= 0n) return [];
    return [
      statementFact(
        {
          key: `${gcpInvoicePrefix(billing)}${month.replace('-', '')}:${money}`,
          revision: revision('final', readMs),
          source: GCP,
          date: due,
          description: `invoice for ${month}`,
          counterparty: GOOGLE,
          metadata: { invoice_month: month },
        },
        'commitment',
        {
          amountMinor: -owed,
          currency: money,
          dueDate: due,
          counterparty: GOOGLE,
          leg: 'invoice',
          status: 'expected',
        },
      ),
    ];
  });
};
