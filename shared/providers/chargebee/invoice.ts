import * as v from 'valibot';
import type { TenantSettings } from '../../contract/tenant.ts';
import type { Invoice } from '../../event/statement.ts';
import type { ChargebeeMoney } from './amount.ts';
import {
  chargebeeId,
  dayOf,
  type ReadResource,
  type Resource,
  readerOf,
  resourceSchema,
  type Said,
  seconds,
} from './resource.ts';

const amount = v.pipe(v.number(), v.safeInteger());
const line = v.object({
  date_from: v.nullish(seconds),
  date_to: v.nullish(seconds),
  amount: v.nullish(amount),
});
const billedEntries = {
  customer_id: v.nullish(chargebeeId),
  status: v.string(),
  total: amount,
  date: v.nullish(seconds),
  line_items: v.nullish(v.array(line)),
};
const invoiceSchema = v.intersect([
  resourceSchema,
  v.object({ ...billedEntries, amount_due: v.nullish(amount), due_date: v.nullish(seconds) }),
]);
const creditNoteSchema = v.intersect([
  resourceSchema,
  v.object({
    ...billedEntries,
    type: v.nullish(v.string()),
    reference_invoice_id: v.nullish(chargebeeId),
    amount_available: v.nullish(amount),
  }),
]);

/** The days that lines pay for, and how much; a line that begins and ends at once, such as a set-up fee, pays for none. */
const periodOf = (
  lines: v.InferOutput<typeof billedEntries.line_items>,
  sign: bigint,
  money: ChargebeeMoney,
  settings: TenantSettings,
): Pick<Invoice, 'periodFrom' | 'periodTo' | 'periodMinor'> => {
  const spans = (lines ?? []).flatMap(({ date_from: from, date_to: to, amount }) =>
    typeof from === 'number' && typeof to === 'number' && to > from ? [{ from, to, amount }] : [],
  );
  if (spans.length === 0) return {};
  const paid = spans.map(({ amount: part }) => (typeof part === 'number' ? money.of(part) : undefined));
  const known = paid.filter((part) => part !== undefined);
  return {
    ...(known.length === paid.length && { periodMinor: sign * known.reduce((sum, part) => sum + part, 0n) }),
    periodFrom: dayOf(Math.min(...spans.map(({ from }) => from)), settings),
    periodTo: dayOf(Math.max(...spans.map(({ to }) => to)), settings),
  };
};

interface Billed extends Resource {
  readonly date?: number | null | undefined;
  readonly status: string;
  readonly customer_id?: string | null | undefined;
}

const said = (
  billed: Billed,
  description: string,
  metadata: Readonly<Record<string, string>>,
  body: Invoice,
): Said<'invoice'> => ({
  subject: 'invoice',
  second: billed.date ?? billed.updated_at ?? 0,
  description,
  counterparty: billed.customer_id,
  metadata,
  body: billed.status === 'voided' || billed.deleted === true ? null : body,
});

/** An invoice: what is still due, and the days it pays for. A voided one is owed by nobody. */
export const readInvoice: ReadResource = readerOf('inv', invoiceSchema, (invoice, money, settings) => {
  const totalMinor = money.of(invoice.total);
  const dueMinor = money.of(invoice.amount_due ?? 0);
  if (totalMinor === undefined || dueMinor === undefined) return 'no such amount';
  const { customer_id: customer, due_date: due, status } = invoice;
  return said(
    invoice,
    'invoice',
    {},
    {
      ...(customer && { customer }),
      currency: money.currency,
      totalMinor,
      dueMinor,
      ...(typeof due === 'number' && { dueDate: dayOf(due, settings) }),
      status,
      ...periodOf(invoice.line_items, 1n, money, settings),
    },
  );
});

/** Ends as money back; every other credit lowers an invoice, whose own `amount_due` says so. */
const REFUND_DUE = 'refund_due';

/** A credit note: an invoice the other way round. What is due of it is what is still to be paid back. */
export const readCreditNote: ReadResource = readerOf('cn', creditNoteSchema, (note, money, settings) => {
  const totalMinor = money.of(note.total);
  const availableMinor = money.of(note.amount_available ?? 0);
  if (totalMinor === undefined || availableMinor === undefined) return 'no such amount';
  const { customer_id: customer, status, type, reference_invoice_id: invoice } = note;
  return said(
    note,
    'credit note',
    { ...(type && { type }), ...(invoice && { invoice }) },
    {
      ...(customer && { customer }),
      currency: money.currency,
      totalMinor: -totalMinor,
      dueMinor: status === REFUND_DUE ? -availableMinor : 0n,
      status,
      ...periodOf(note.line_items, -1n, money, settings),
    },
  );
});
