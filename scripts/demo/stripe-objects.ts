import { createHash } from 'node:crypto';
import type { Invoice, Subscription, Tender } from './subscriptions.ts';
import type { StripeEvent, StripeTransaction } from './world.ts';

const API_VERSION = '2026-10-28.endive';
const SETTLEMENT_SECONDS = 2 * 86_400;

/** Names of Stripe's objects, made from what they are, so that a company made twice has the same. */
export type StripeIds = (prefix: string, ...of: readonly (string | number)[]) => string;

export const stripeIds =
  (company: string): StripeIds =>
  (prefix, ...of) =>
    `${prefix}_${createHash('sha256')
      .update(JSON.stringify([company, prefix, ...of]))
      .digest('hex')
      .slice(0, 24)}`;

export const stripeEvent = (
  id: string,
  type: string,
  created: number,
  object: StripeEvent['data']['object'],
): StripeEvent => ({
  id,
  object: 'event',
  api_version: API_VERSION,
  created,
  livemode: false,
  pending_webhooks: 1,
  request: { id: null, idempotency_key: null },
  type,
  data: { object },
});

/** Cents settled for an amount in the tender's cents. */
export const settledAmount = (amount: number, rate: number): number => Math.round(amount * rate);

/** 2.9 % and 30 cents; cards from abroad and their conversion cost 2.5 % more. */
export const feeOf = (settled: number, tender: Tender): number =>
  Math.round((settled * (tender === 'eur' ? 54 : 29)) / 1_000) + 30;

export const transaction = (
  fields: Pick<StripeTransaction, 'id' | 'amount' | 'created' | 'source' | 'type'> & {
    readonly fee?: number;
    readonly rate?: number;
    readonly description?: string;
    /** Unix seconds at which the answer is given. */
    readonly now: number;
  },
): StripeTransaction => {
  const { fee = 0, rate = 1, description = null, now, ...rest } = fields;
  const availableOn = fields.created + SETTLEMENT_SECONDS;
  return {
    ...rest,
    object: 'balance_transaction',
    fee,
    net: fields.amount - fee,
    currency: 'usd',
    exchange_rate: rate === 1 ? null : rate,
    available_on: availableOn,
    description,
    status: availableOn <= now ? 'available' : 'pending',
  };
};

export const chargeObject = (
  ids: StripeIds,
  { subscription, date, amount }: Invoice,
  created: number,
  paid: boolean,
): StripeEvent['data']['object'] => ({
  id: ids('ch', subscription.customer, date, paid ? 'paid' : 'failed'),
  object: 'charge',
  amount,
  amount_captured: paid ? amount : 0,
  amount_refunded: 0,
  balance_transaction: paid ? ids('txn', subscription.customer, date) : null,
  captured: paid,
  created,
  currency: subscription.tender,
  customer: ids('cus', subscription.customer),
  description: `${subscription.plan} plan, ${subscription.name}`,
  failure_code: paid ? null : 'card_declined',
  livemode: false,
  paid,
  status: paid ? 'succeeded' : 'failed',
});

export const subscriptionObject = (
  ids: StripeIds,
  { customer, plan, tender, interval, unitAmount }: Subscription,
  startSeconds: number,
  status: 'active' | 'canceled',
): StripeEvent['data']['object'] => ({
  id: ids('sub', customer),
  object: 'subscription',
  created: startSeconds,
  start_date: startSeconds,
  currency: tender,
  customer: ids('cus', customer),
  livemode: false,
  status,
  items: {
    object: 'list',
    data: [
      {
        id: ids('si', customer),
        object: 'subscription_item',
        quantity: 1,
        price: {
          id: ids('price', plan, tender),
          object: 'price',
          currency: tender,
          nickname: plan,
          unit_amount: unitAmount,
          recurring: { interval, interval_count: 1, usage_type: 'licensed' },
        },
      },
    ],
  },
});
