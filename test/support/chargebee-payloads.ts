/** Chargebee's objects with what the pipeline reads of them, and a little that it does not. */

type Fields = Readonly<Record<string, unknown>>;

/** 2 March 2026, 12:00 UTC. */
export const AT = 1_772_452_800;

const stamps = (version: number): Fields => ({
  updated_at: Math.floor(version / 1_000),
  resource_version: version,
  deleted: false,
});

export const transaction = (fields: Fields = {}): Fields => ({
  id: 'txn_made_up_1',
  object: 'transaction',
  customer_id: 'cust_9',
  type: 'payment',
  status: 'success',
  amount: 129_900,
  currency_code: 'USD',
  base_currency_code: 'USD',
  exchange_rate: 1,
  date: AT - 7_200,
  gateway: 'stripe',
  id_at_gateway: 'ch_made_up_1',
  payment_method: 'card',
  ...stamps(AT * 1_000 + 17),
  ...fields,
});

export const invoice = (fields: Fields = {}): Fields => ({
  id: 'INV-104',
  object: 'invoice',
  customer_id: 'cust_9',
  status: 'payment_due',
  total: 129_900,
  amount_paid: 0,
  amount_due: 129_900,
  currency_code: 'USD',
  date: AT,
  due_date: AT + 14 * 86_400,
  line_items: [
    { id: 'li_1', entity_type: 'plan_setup', date_from: AT, date_to: AT, amount: 9_900 },
    { id: 'li_2', entity_type: 'plan', date_from: AT, date_to: AT + 365 * 86_400, amount: 120_000 },
  ],
  ...stamps(AT * 1_000 + 18),
  ...fields,
});

export const subscription = (fields: Fields = {}): Fields => ({
  id: 'acme team plan',
  object: 'subscription',
  customer_id: 'cust_9',
  status: 'active',
  currency_code: 'USD',
  billing_period: 1,
  billing_period_unit: 'year',
  plan_id: 'team',
  plan_quantity: 10,
  plan_unit_price: 12_000,
  plan_amount: 120_000,
  mrr: 10_000,
  created_at: AT - 60,
  started_at: AT,
  ...stamps(AT * 1_000 + 19),
  ...fields,
});

export const creditNote = (fields: Fields = {}): Fields => ({
  id: 'CN-7',
  object: 'credit_note',
  customer_id: 'cust_9',
  reference_invoice_id: 'INV-104',
  type: 'refundable',
  status: 'refund_due',
  total: 5_000,
  amount_available: 3_000,
  currency_code: 'USD',
  date: AT + 86_400,
  ...stamps(AT * 1_000 + 20),
  ...fields,
});

export const event = (content: Fields, fields: Fields = {}): Fields => ({
  id: 'ev_made_up_1',
  occurred_at: AT,
  source: 'api',
  object: 'event',
  api_version: 'v2',
  event_type: 'payment_succeeded',
  webhook_status: 'scheduled',
  content,
  ...fields,
});
