import * as v from 'valibot';
import type { TenantSettings } from '../../contract/tenant.ts';
import { EXTERNAL, STRIPE_TRANSIT } from '../../event/account.ts';
import { type CashFact, revision } from '../../event/fact.ts';
import { type Currency, currency } from '../../money/currency.ts';
import { type Minor, minorOf } from '../../money/money.ts';
import { type CivilDate, civilDate } from '../../time/civil-date.ts';
import { isStripePayout, STRIPE_PAYOUT } from '../stripe/deposit.ts';
import { plaidId, plaidItemOf } from './webhook.ts';

const UNCATEGORISED = 'uncategorised';
/** A double keeps so many decimal digits of the number that was written. */
const EXACT_DIGITS = 15;

const schema = v.object({
  transaction_id: plaidId,
  account_id: plaidId,
  amount: v.number(),
  iso_currency_code: v.nullish(v.string()),
  date: v.string(),
  pending: v.boolean(),
  name: v.nullish(v.string()),
  merchant_name: v.nullish(v.string()),
  original_description: v.nullish(v.string()),
  counterparties: v.nullish(v.array(v.object({ name: v.nullish(v.string()) }))),
  personal_finance_category: v.nullish(v.object({ primary: v.string() })),
  payment_meta: v.nullish(v.object({ reference_number: v.nullish(v.string()) })),
});
type Transaction = v.InferOutput<typeof schema>;

const removedSchema = v.object({ transaction_id: plaidId, account_id: plaidId });

/** Whose row it is, and its place in the order of all updates of the item: the later telling counts. */
export interface RowContext {
  readonly item: string;
  readonly order: number;
  readonly settings: TenantSettings;
}

const keyOf = (item: string, account: string, transaction: string): string =>
  `plaid:${item}:${account}:${transaction}`;

/** The name of our own for a bank account; one that nobody named keeps Plaid's id, for that never changes. */
export const accountName = (settings: TenantSettings, item: string, account: string): string => {
  const { accounts = {} } = plaidItemOf(settings, item) ?? {};
  const name = Object.hasOwn(accounts, account) ? accounts[account] : undefined;
  return name ?? `plaid:${account}`;
};

/** Plaid's positive is money out. A JSON double is written back as the decimal it came from, never calculated with. */
export const amountOf = (amount: number, code: Currency): Minor | undefined => {
  const text = String(amount);
  if (text.replace(/\D/g, '').length > EXACT_DIGITS) return undefined;
  const outMinor = minorOf(text, code);
  return outMinor === undefined ? undefined : -outMinor;
};

const categoryOf = (row: Transaction): string =>
  row.personal_finance_category?.primary.toLowerCase().replace(/[^a-z0-9]+/g, '_') || UNCATEGORISED;

/** A reference is what a payer's own telling may repeat: a payout's trace, an invoice's number. */
const metadataOf = (row: Transaction): Pick<CashFact, 'metadata'> => {
  const reference = row.payment_meta?.reference_number;
  const metadata = { ...(row.pending && { pending: 'true' }), ...(reference && { reference }) };
  return Object.keys(metadata).length === 0 ? {} : { metadata };
};

const textsOf = (row: Transaction): readonly (string | null | undefined)[] => [
  row.name,
  row.merchant_name,
  row.original_description,
  ...(row.counterparties ?? []).map((each) => each.name),
];

/**
 * A row of `added` or `modified`. Only a posted row moves cash: a pending one may change its amount, its day and its id, or
 * vanish. A deposit from Stripe is the end of a payout that Stripe's own side has booked as a transfer.
 */
const transactionFact = (
  row: Transaction,
  code: Currency,
  amountMinor: Minor,
  date: CivilDate,
  { item, order, settings }: RowContext,
): CashFact => {
  const isPayout = isStripePayout(settings, amountMinor, textsOf(row));
  const category = isPayout ? STRIPE_PAYOUT : categoryOf(row);
  return {
    kind: 'cash',
    key: keyOf(item, row.account_id, row.transaction_id),
    revision: revision('final', order),
    source: 'plaid',
    date,
    ...(row.name && { description: row.name }),
    ...(row.merchant_name && { counterparty: row.merchant_name }),
    ...metadataOf(row),
    account: accountName(settings, item, row.account_id),
    counterAccount: isPayout ? STRIPE_TRANSIT : EXTERNAL,
    currency: code,
    lines: row.pending ? [] : [{ category, amountMinor }],
    estimated: false,
  };
};

/** The fact in a row of `added` or `modified`, or what is wrong with it. */
export const factOfRow = (value: unknown, context: RowContext): CashFact | string => {
  const parsed = v.safeParse(schema, value);
  if (!parsed.success) return `transaction: ${v.getDotPath(parsed.issues[0]) ?? 'row'} is not understood`;
  const row = parsed.output;
  const code = currency(row.iso_currency_code ?? '');
  if (code === undefined) return `transaction ${row.transaction_id}: no ISO 4217 currency`;
  const amountMinor = amountOf(row.amount, code);
  if (amountMinor === undefined) return `transaction ${row.transaction_id}: no such amount of ${code}`;
  const date = civilDate(row.date);
  if (date === undefined) return `transaction ${row.transaction_id}: ${row.date} is no date`;
  return transactionFact(row, code, amountMinor, date, context);
};

/**
 * The fact in a row of `removed`: the transaction is known, and moved nothing. Also where nothing was known of it, so that
 * an older update, applied late, does not bring it back.
 * @param day on which it was learnt, for the row says none.
 */
export const factOfRemoval = (
  value: unknown,
  day: CivilDate,
  { item, order, settings }: RowContext,
): CashFact | string => {
  const parsed = v.safeParse(removedSchema, value);
  const code = currency(settings.baseCurrency);
  if (!parsed.success || code === undefined) return 'removed transaction: row is not understood';
  const { account_id: account, transaction_id: transaction } = parsed.output;
  return {
    kind: 'cash',
    key: keyOf(item, account, transaction),
    revision: revision('final', order),
    source: 'plaid',
    date: day,
    metadata: { removed: 'true' },
    account: accountName(settings, item, account),
    counterAccount: EXTERNAL,
    currency: code,
    lines: [],
    estimated: false,
  };
};
