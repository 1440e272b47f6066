/** Small synthetic Stripe objects: the members we read, and a few that we must not. */

type Members = Readonly<Record<string, unknown>>;

/** 2026-01-31T12:00:00Z */
export const CREATED = 1_769_860_800;

export const charge = (fields: Members = {}): Members => ({
  id: 'ch_1',
  object: 'charge',
  amount: 4900,
  amount_captured: 4900,
  amount_refunded: 0,
  balance_transaction: 'txn_ch1',
  captured: true,
  paid: true,
  status: 'succeeded',
  created: CREATED,
  currency: 'usd',
  description: 'Team plan',
  livemode: false,
  ...fields,
});

export const refund = (fields: Members = {}): Members => ({
  id: 're_1',
  object: 'refund',
  amount: 1000,
  balance_transaction: 'txn_re1',
  charge: 'ch_1',
  created: CREATED + 60,
  currency: 'usd',
  status: 'succeeded',
  ...fields,
});

export const payout = (fields: Members = {}): Members => ({
  id: 'po_1',
  object: 'payout',
  amount: 3000,
  arrival_date: CREATED + 172_800,
  balance_transaction: 'txn_po1',
  failure_balance_transaction: null,
  created: CREATED + 120,
  currency: 'usd',
  status: 'paid',
  ...fields,
});

export const dispute = (transactions: readonly unknown[], fields: Members = {}): Members => ({
  id: 'dp_1',
  object: 'dispute',
  amount: 25_000,
  balance_transactions: transactions,
  charge: 'ch_1',
  created: CREATED,
  currency: 'usd',
  status: 'needs_response',
  ...fields,
});

export const transaction = (fields: Members = {}): Members => {
  const amount = Number(fields['amount'] ?? 4900);
  const fee = Number(fields['fee'] ?? 172);
  return {
    id: 'txn_ch1',
    object: 'balance_transaction',
    amount,
    fee,
    net: amount - fee,
    available_on: CREATED + 172_800,
    created: CREATED,
    currency: 'usd',
    description: null,
    source: 'ch_1',
    status: 'pending',
    type: 'charge',
    ...fields,
  };
};

export const event = (type: string, object: unknown, fields: Members = {}): Members => ({
  id: 'evt_1',
  object: 'event',
  api_version: '2026-10-28.endive',
  created: CREATED + 5,
  livemode: false,
  pending_webhooks: 1,
  request: { id: null, idempotency_key: null },
  type,
  data: { object },
  ...fields,
});

export const bodyOf = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
