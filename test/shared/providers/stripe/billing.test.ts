import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDocument } from '../../../../shared/canonical/document.ts';
import type { Invoice, Subscription } from '../../../../shared/event/statement.ts';
import { type BillingObject, billingStatement } from '../../../../shared/providers/stripe/billing.ts';
import { stripe } from '../../../../shared/providers/stripe/webhook.ts';
import { settingsOf } from '../../../support/settings.ts';
import { bodyOf, CREATED, event } from '../../../support/stripe-payloads.ts';

const context = { settings: settingsOf(), account: undefined, fetchedMs: CREATED * 1000 };
const read = (object: BillingObject, value: unknown) => {
  const statement = billingStatement(object, value, context);
  assert.ok(typeof statement === 'object', String(statement));
  return statement;
};

const item = (price: object, quantity = 1) => ({
  quantity,
  price: {
    unit_amount: 1200,
    unit_amount_decimal: '1200',
    recurring: { interval: 'month', interval_count: 1, usage_type: 'licensed' },
    ...price,
  },
});
const subscription = (items: readonly object[], fields: object = {}) => ({
  id: 'sub_1',
  object: 'subscription',
  customer: 'cus_1',
  status: 'active',
  currency: 'usd',
  created: CREATED,
  start_date: CREATED,
  items: { data: items },
  ...fields,
});
const mrr = (items: readonly object[], fields: object = {}): bigint =>
  parseDocument<Subscription>(read('subscription', subscription(items, fields)).body ?? '').mrrMinor;
const every = (interval: string, interval_count = 1): object => ({ recurring: { interval, interval_count } });

test('a subscription is worth what a month of it costs, rounded once', () => {
  assert.equal(mrr([item({}, 3)]), 3600n);
  assert.equal(mrr([item({ ...every('year') })]), 100n);
  assert.equal(mrr([item({ ...every('month', 3) })]), 400n);
  assert.equal(mrr([item({ ...every('week') })]), 5200n);
  assert.equal(mrr([item({ ...every('day') })]), 36_500n);
  assert.equal(mrr([item({ unit_amount: null, unit_amount_decimal: '0.333333333333' }, 3000)]), 1000n);
  assert.equal(mrr([item({}), item({ ...every('year') })]), 1300n);
  assert.equal(mrr([item({})], { currency: 'mga' }), 120_000n);
});

test('percentages off count; what only usage, tiers or an untold coupon can price is said to be missing', () => {
  assert.equal(mrr([item({})], { discounts: [{ coupon: { percent_off: 25 } }] }), 900n);
  const partly = [
    subscription([item({}), item({ recurring: { interval: 'month', usage_type: 'metered' } })]),
    subscription([item({}), item({ billing_scheme: 'tiered' })]),
    subscription([item({})], { discounts: ['di_1'] }),
  ];
  for (const each of partly) {
    const statement = read('subscription', each);
    assert.deepEqual(statement.metadata, { unpriced: '1' });
    assert.equal(parseDocument<Subscription>(statement.body ?? '').mrrMinor, 1200n);
  }
});

test('only a subscription that pays is worth something', () => {
  for (const [status, worth] of [
    ['active', 1200n],
    ['past_due', 1200n],
    ['trialing', 0n],
    ['canceled', 0n],
    ['incomplete', 0n],
  ] as const)
    assert.equal(mrr([item({})], { status }), worth, status);
  const ended = read(
    'subscription',
    subscription([item({})], { status: 'canceled', canceled_at: CREATED + 60 }),
  );
  assert.match(ended.body ?? '', /"canceledAt":"2026-01-31T12:01:00.000Z"/);
});

test('an invoice says what is owed and for which days', () => {
  const statement = read('invoice', {
    id: 'in_1',
    object: 'invoice',
    customer: { id: 'cus_1' },
    status: 'open',
    currency: 'usd',
    created: CREATED,
    total: 12_000,
    amount_remaining: 2_000,
    due_date: CREATED + 30 * 86_400,
    lines: {
      data: [
        { period: { start: CREATED, end: CREATED + 365 * 86_400 } },
        { period: { start: CREATED, end: CREATED } },
      ],
    },
  });
  assert.equal(statement.key, 'stripe:self:test:in:in_1');
  assert.deepEqual(parseDocument<Invoice>(statement.body ?? ''), {
    customer: 'cus_1',
    currency: 'USD',
    totalMinor: 12_000n,
    dueMinor: 2_000n,
    dueDate: '2026-03-02',
    status: 'open',
    periodFrom: '2026-01-31',
    periodTo: '2027-01-31',
  });
});

test('what is not understood says so', () => {
  assert.match(String(billingStatement('subscription', { id: 'sub_1' }, context)), /^subscription: \w+/);
  assert.match(String(billingStatement('invoice', {}, context)), /^invoice: id/);
});

test('events of billing ring for their object, and move nothing', () => {
  for (const [type, rings] of [
    ['customer.subscription.updated', ['stripe:subscription:sub_1']],
    ['invoice.paid', ['stripe:invoice:sub_1']],
    ['invoice.upcoming', []],
    ['customer.updated', []],
  ] as const) {
    const reading = stripe.interpret(bodyOf(event(type, { id: 'sub_1' })), settingsOf());
    assert.equal(reading.outcome, 'ignored');
    assert.deepEqual(reading.outcome === 'ignored' && reading.doorbells, rings, type);
  }
});
