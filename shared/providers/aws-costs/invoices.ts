/** What AWS demands: invoices and credit memos, each as money that will leave or come back on its day. */
import * as v from 'valibot';
import { revision } from '../../event/fact.ts';
import { type StatementFact, statementFact } from '../../event/statement.ts';
import { currency } from '../../money/currency.ts';
import { minorOf } from '../../money/money.ts';
import { type CivilDate, civilDate } from '../../time/civil-date.ts';
import { plainDecimal } from '../decimal.ts';
import { AWS, type CostReading } from './costs.ts';

/** An instant as text; its day in UTC is the day that AWS means. */
const day = v.pipe(
  v.string(),
  v.transform((text) => civilDate(text.slice(0, 10))),
);

const summary = v.object({
  InvoiceId: v.pipe(v.string(), v.regex(/^[\w-]{1,100}$/)),
  InvoiceType: v.string(),
  BillType: v.nullish(v.string()),
  IssuedDate: v.nullish(day),
  DueDate: v.nullish(day),
  OriginalInvoiceId: v.nullish(v.string()),
  BillingPeriod: v.object({ Year: v.number(), Month: v.number() }),
  Entity: v.nullish(v.object({ BillingEntity: v.nullish(v.string()) })),
  PaymentCurrencyAmount: v.object({ TotalAmount: v.string(), CurrencyCode: v.string() }),
});
type Summary = v.InferOutput<typeof summary>;

const MEMO = 'CREDIT_MEMO';
/** Says what was paid, which the bank knows better. */
const RECEIPT = 'PAYMENT_RECEIPT';

export const invoiceKeyPrefix = ({ payer }: Pick<CostReading, 'payer'>): string => `awsinv:${payer}:`;

/** The month that an invoice is for, `YYYY-MM`. */
export const billedMonth = ({ metadata }: StatementFact): string => metadata?.['billing_period'] ?? '';

const dueOf = ({ DueDate, IssuedDate }: Summary): CivilDate | undefined => DueDate ?? IssuedDate ?? undefined;

/**
 * The day that a document is dated. A credit memo is settled with the invoice that it lessens, where that one is not due yet,
 * so both carry one day: the bank then shows one payment of their sum.
 */
const dateOf = (one: Summary, originals: ReadonlyMap<string, Summary>): CivilDate | undefined => {
  const own = dueOf(one);
  const original = one.InvoiceType === MEMO ? originals.get(one.OriginalInvoiceId ?? '') : undefined;
  const theirs = original && dueOf(original);
  return own !== undefined && theirs !== undefined && theirs > own ? theirs : own;
};

const LEGS: Readonly<Record<string, string>> = { PURCHASE: 'purchase', REFUND: 'refund' };

const legOf = ({ InvoiceType, BillType }: Summary): string =>
  InvoiceType === MEMO ? 'credit memo' : (LEGS[BillType ?? ''] ?? 'invoice');

const factOf = (
  one: Summary,
  originals: ReadonlyMap<string, Summary>,
  reading: CostReading,
): StatementFact | string => {
  const { InvoiceId: id, InvoiceType: type, BillingPeriod, PaymentCurrencyAmount, Entity } = one;
  const due = dateOf(one, originals);
  if (due === undefined) return `invoice ${id} has no day`;
  const money = currency(PaymentCurrencyAmount.CurrencyCode);
  const total = plainDecimal(PaymentCurrencyAmount.TotalAmount);
  const amount = money && total !== undefined ? minorOf(total, money) : undefined;
  if (money === undefined || amount === undefined)
    return `invoice ${id}: ${PaymentCurrencyAmount.TotalAmount} ${PaymentCurrencyAmount.CurrencyCode} is no amount`;
  const counterparty =
    Entity?.BillingEntity === 'AWS_MARKETPLACE' ? 'AWS Marketplace' : 'Amazon Web Services';
  const month = `${BillingPeriod.Year}-${String(BillingPeriod.Month).padStart(2, '0')}`;
  return statementFact(
    {
      key: `${invoiceKeyPrefix(reading)}${id}`,
      revision: revision('final', reading.readMs),
      source: AWS,
      date: due,
      description: `${type.toLowerCase().replaceAll('_', ' ')} ${id} for ${month}`,
      counterparty,
      metadata: { billing_period: month },
    },
    'commitment',
    {
      // A memo gives back, whatever sign it is written with.
      amountMinor: type === MEMO ? (amount < 0n ? -amount : amount) : -amount,
      currency: money,
      dueDate: due,
      counterparty,
      leg: legOf(one),
      status: 'expected',
    },
  );
};

interface Read {
  readonly facts: readonly StatementFact[];
  readonly unreadable: readonly { readonly part: unknown; readonly reason: string }[];
}

/** Commitments of whole months of invoices. None of it is cash, and none of it a cost: costs are told by the day. */
export const readInvoices = (summaries: readonly unknown[], reading: CostReading): Read => {
  const unreadable: { part: unknown; reason: string }[] = [];
  const understood = summaries.flatMap((part) => {
    const parsed = v.safeParse(summary, part);
    if (parsed.success) return parsed.output.InvoiceType === RECEIPT ? [] : [{ part, one: parsed.output }];
    const where = v.getDotPath(parsed.issues[0]) ?? 'it';
    unreadable.push({ part, reason: `invoice: ${where} is not understood` });
    return [];
  });
  const originals = new Map(understood.map(({ one }) => [one.InvoiceId, one]));
  const facts = understood.flatMap(({ part, one }) => {
    const fact = factOf(one, originals, reading);
    if (typeof fact !== 'string') return [fact];
    unreadable.push({ part, reason: fact });
    return [];
  });
  return { facts, unreadable };
};
