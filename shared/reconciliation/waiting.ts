/** What has waited too long between Stripe and the bank, as a report: it stops nobody, and rings. */
import { STRIPE_TRANSIT } from '../event/account.ts';
import type { CashFact } from '../event/fact.ts';
import type { Statement } from '../event/statement.ts';
import type { Currency } from '../money/currency.ts';
import { decimalOf, type Minor } from '../money/money.ts';
import { addBusinessDays } from '../time/business-days.ts';
import type { CivilDate } from '../time/civil-date.ts';
import type { SourceReport, WaitingItem } from './report.ts';
import { type Tolerance, verdictOf } from './tolerance.ts';

/** A payout is told within minutes of the transaction that took its money, and within the hour where a webhook is lost. */
const TOLD_BUSINESS_DAYS = 5;
/** A sentence names so many. */
const NAMED = 3;

interface Item {
  readonly kind: WaitingItem['kind'];
  readonly key: string;
  readonly date: CivilDate;
  readonly currency: Currency;
  readonly amountMinor: Minor;
}

const absolute = (amount: Minor): Minor => (amount < 0n ? -amount : amount);
const totalOf = ({ lines }: CashFact): Minor => lines.reduce((sum, line) => sum + line.amountMinor, 0n);

/**
 * Transactions between the Stripe balance and a bank that no payout names. A payout that failed has a second transaction, which
 * gives its money back and is named by none: each failure answers for one of its amount.
 */
export const unexplainedTransit = (
  facts: readonly CashFact[],
  payouts: readonly Statement<'payout'>[],
  asOf: CivilDate,
): readonly Item[] => {
  const named = new Set(payouts.map(({ body }) => body.transaction));
  const returned = new Map<string, number>();
  for (const { body } of payouts)
    if (body.status === 'failed' || body.status === 'canceled') {
      const name = `${body.currency} ${body.amountMinor}`;
      returned.set(name, (returned.get(name) ?? 0) + 1);
    }
  return facts.flatMap((fact): Item[] => {
    const { key, date, source, counterAccount, currency } = fact;
    const amountMinor = totalOf(fact);
    const isOurs = source === 'stripe' && counterAccount === STRIPE_TRANSIT && amountMinor !== 0n;
    if (!isOurs || named.has(key)) return [];
    const name = `${currency} ${amountMinor}`;
    const left = returned.get(name) ?? 0;
    if (left > 0) {
      returned.set(name, left - 1);
      return [];
    }
    return addBusinessDays(date, TOLD_BUSINESS_DAYS) < asOf
      ? [{ kind: 'transit', key, date, currency, amountMinor }]
      : [];
  });
};

const SENTENCES: Readonly<Record<WaitingItem['kind'], string>> = {
  suspense: 'at the bank, from Stripe by its text, and of no payout that Stripe told of',
  late: 'paid out by Stripe and not at the bank five business days after its day',
  kept: 'failed at Stripe, and kept by the bank',
  transit: 'between the Stripe balance and a bank, and of no payout that Stripe told of',
};

const sentences = (items: readonly WaitingItem[]): readonly string[] =>
  [...Map.groupBy(items, ({ kind }) => kind)].map(([kind, of]) => {
    const names = of
      .slice(0, NAMED)
      .map(({ id, date, amount, currency }) => `${amount} ${currency} of ${date}, ${id}`);
    const more = of.length > NAMED ? `; and ${of.length - NAMED} more` : '';
    return `payouts: ${of.length} ${SENTENCES[kind]} (${names.join('; ')}${more})`;
  });

/**
 * The policy holds already, because a forecast that misses money is partial; so nobody's figures are held back besides. The
 * ratio is above what is tolerated where the money is, measured by what was paid out in the days looked at.
 */
export const waitingReport = (
  head: Pick<SourceReport, 'source' | 'date' | 'checked_at' | 'from' | 'to'>,
  found: readonly Item[],
  payouts: readonly Statement<'payout'>[],
  tolerance: Tolerance,
): SourceReport => {
  const items = found
    .toSorted((a, b) => (a.date === b.date ? (a.key < b.key ? -1 : 1) : a.date < b.date ? -1 : 1))
    .map(
      ({ kind, key, date, currency, amountMinor }): WaitingItem => ({
        ...{ kind, id: key, date, currency, amount: decimalOf(amountMinor, currency) },
      }),
    );
  const ratios = [...Map.groupBy(found, ({ currency }) => currency)].map(([currency, of]) => {
    const sum = (amounts: readonly Minor[]): Minor => amounts.reduce((all, each) => all + absolute(each), 0n);
    const paid = payouts.filter(({ body }) => (body.currency as Currency) === currency);
    const unexplained = sum(of.map(({ amountMinor }) => amountMinor));
    return verdictOf(unexplained, sum(paid.map(({ body }) => body.amountMinor)), currency, tolerance).ratio;
  });
  const ratio = Math.max(0, ...ratios);
  return {
    ...head,
    status: ratio > tolerance.variance ? 'differs' : 'agrees',
    waiting: items,
    variance_ratio: ratio,
    reasons: [],
    attention: sentences(items),
  };
};
