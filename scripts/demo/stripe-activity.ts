import { addDays, type CivilDate, epochDay } from '../../shared/time/civil-date.ts';
import { drawsOf } from './random.ts';
import {
  chargeObject,
  feeOf,
  type StripeIds,
  settledAmount,
  stripeEvent,
  stripeIds,
  subscriptionObject,
  transaction,
} from './stripe-objects.ts';
import { dayIndex, type Invoice, invoicesOf, type Subscription, subscriptionsOf } from './subscriptions.ts';
import { datesWithin, isWithin, secondsOn, type Window } from './window.ts';
import type { StripeActivity, StripeEvent, StripeTransaction } from './world.ts';

const REFUND_SHARE = 0.02;
/** The disputed charge is the first after this share of the window; the bank decides for us 41 days later. */
const DISPUTE_FROM = 0.75;
const DISPUTE_AFTER_DAYS = 9;
const DISPUTE_WON_AFTER_DAYS = 50;
const DISPUTE_FEE = 1_500;
const MONDAY = 1;
/** Card money is there two days after the charge. */
const AVAILABLE_AFTER_DAYS = 2;

interface Telling {
  readonly seed: number;
  readonly window: Window;
  readonly ids: StripeIds;
  /** Dollars a euro, by day of the window. */
  readonly euro: readonly number[];
  readonly now: number;
  readonly events: StripeEvent[];
  readonly transactions: StripeTransaction[];
}

/** A charge that was paid, with the instant and the rate it was paid at. */
interface Paid {
  readonly invoice: Invoice;
  readonly created: number;
  readonly rate: number;
}

/** A euro in dollars, day by day: about 1.08 and never far from it. Five decimals, as Stripe states it. */
const euroRates = (seed: number, window: Window): readonly number[] => {
  const draws = drawsOf(seed, 'exchange');
  let rate = 1.08;
  return Array.from({ length: window.days }, () => {
    rate += 0.004 * draws.bell() + (1.08 - rate) / 100;
    return Math.round(rate * 1e5) / 1e5;
  });
};

const rateOn = ({ window, euro }: Telling, { tender }: Subscription, date: CivilDate): number =>
  tender === 'usd' ? 1 : (euro[dayIndex(window, date)] ?? 1);

const tellSubscription = (telling: Telling, subscription: Subscription): void => {
  const { ids, events } = telling;
  const { customer, startedOn, endedOn } = subscription;
  const startSeconds = secondsOn(startedOn, 0);
  const event = (type: string, created: number, status: 'active' | 'canceled'): StripeEvent =>
    stripeEvent(
      ids('evt', type, customer),
      type,
      created,
      subscriptionObject(ids, subscription, startSeconds, status),
    );
  events.push(event('customer.subscription.created', startSeconds, 'active'));
  if (endedOn !== undefined)
    events.push(event('customer.subscription.deleted', secondsOn(endedOn, 0.5), 'canceled'));
};

const tellInvoice = (telling: Telling, invoice: Invoice, uniform: number): Paid => {
  const { ids, events, transactions, now } = telling;
  const { subscription, date, paidOn, amount } = invoice;
  const created = secondsOn(paidOn, uniform);
  const charge = chargeObject(ids, invoice, created, true);
  if (paidOn !== date) {
    const failed = chargeObject(ids, invoice, secondsOn(date, uniform), false);
    const { id, created: failedAt } = failed as { id: string; created: number };
    events.push(stripeEvent(ids('evt', 'charge.failed', id), 'charge.failed', failedAt, failed));
  }
  const id = String(charge['id']);
  events.push(stripeEvent(ids('evt', 'charge.succeeded', id), 'charge.succeeded', created + 2, charge));
  const rate = rateOn(telling, subscription, paidOn);
  const settled = settledAmount(amount, rate);
  transactions.push(
    transaction({
      id: String(charge['balance_transaction']),
      type: 'charge',
      source: id,
      amount: settled,
      fee: feeOf(settled, subscription.tender),
      rate,
      created,
      description: String(charge['description']),
      now,
    }),
  );
  return { invoice, created, rate };
};

/** All of it or half of it goes back; Stripe keeps its fee. */
const tellRefund = (telling: Telling, { invoice }: Paid, date: CivilDate, half: boolean): void => {
  const { ids, events, transactions, now } = telling;
  const { subscription } = invoice;
  const amount = half ? Math.round(invoice.amount / 2) : invoice.amount;
  const created = secondsOn(date, 0.8);
  const [id, txn] = (['re', 'txn'] as const).map((prefix) =>
    ids(prefix, 'refund', subscription.customer, date),
  );
  const refund = {
    id,
    object: 'refund',
    amount,
    balance_transaction: txn,
    charge: chargeObject(ids, invoice, 0, true)['id'],
    created,
    currency: subscription.tender,
    reason: 'requested_by_customer',
    status: 'succeeded',
  };
  events.push(stripeEvent(ids('evt', 'refund.created', id ?? ''), 'refund.created', created + 1, refund));
  const rate = rateOn(telling, subscription, date);
  transactions.push(
    transaction({
      id: txn ?? '',
      type: 'refund',
      source: id ?? '',
      amount: -settledAmount(amount, rate),
      rate,
      created,
      now,
    }),
  );
};

/** Inquiry, withdrawal with a fee, and the money back without it: the fee is not refunded. */
const tellDispute = (telling: Telling, { invoice }: Paid): void => {
  const { ids, window, events, now } = telling;
  const [opened, won] = [DISPUTE_AFTER_DAYS, DISPUTE_WON_AFTER_DAYS].map((days) =>
    addDays(invoice.paidOn, days),
  );
  if (opened === undefined || won === undefined || !isWithin(window, won)) return;
  const [id, created] = [ids('du', invoice.subscription.customer), secondsOn(opened, 0.2)];
  const moved = (step: string, date: CivilDate, amount: number, fee: number): StripeTransaction =>
    transaction({
      id: ids('txn', 'dispute', step),
      type: 'adjustment',
      source: id,
      amount,
      fee,
      created: secondsOn(date, 0.3),
      description: `Chargeback ${step}`,
      now,
    });
  const withdrawal = moved('withdrawal', opened, -invoice.amount, DISPUTE_FEE);
  const reinstatement = moved('reversal', won, invoice.amount, 0);
  telling.transactions.push(withdrawal, reinstatement);
  const tell = (type: string, at: number, status: string, settled: readonly StripeTransaction[]): void => {
    const dispute = {
      id,
      object: 'dispute',
      amount: invoice.amount,
      balance_transactions: settled,
      charge: chargeObject(ids, invoice, 0, true)['id'],
      created,
      currency: 'usd',
      reason: 'fraudulent',
      status,
    };
    events.push(stripeEvent(ids('evt', type, id), type, at, dispute));
  };
  tell('charge.dispute.created', created, 'needs_response', []);
  tell('charge.dispute.funds_withdrawn', withdrawal.created + 5, 'needs_response', [withdrawal]);
  tell('charge.dispute.funds_reinstated', reinstatement.created + 5, 'won', [withdrawal, reinstatement]);
  tell('charge.dispute.closed', reinstatement.created + 9, 'won', [withdrawal, reinstatement]);
};

/** Every Monday, what has become available since the Monday before. */
const tellPayouts = (telling: Telling): void => {
  const { ids, window, events, transactions, now } = telling;
  const earned = [...transactions].sort((a, b) => a.created - b.created);
  let paid = 0;
  let balance = 0;
  for (const date of datesWithin(window, { every: 'weekly', weekday: MONDAY }, 'none')) {
    const through = epochDay(addDays(date, 1 - AVAILABLE_AFTER_DAYS)) * 86_400;
    for (; (earned[paid]?.created ?? through) < through; paid += 1) balance += earned[paid]?.net ?? 0;
    if (balance <= 0) continue;
    const created = secondsOn(date, 0.1);
    const arrives = addDays(date, AVAILABLE_AFTER_DAYS);
    const [id, txn] = [ids('po', date), ids('txn', 'payout', date)];
    const type = isWithin(window, arrives) ? 'payout.paid' : 'payout.created';
    const payout = {
      id,
      object: 'payout',
      amount: balance,
      arrival_date: epochDay(arrives) * 86_400,
      automatic: true,
      balance_transaction: txn,
      created,
      currency: 'usd',
      failure_balance_transaction: null,
      status: type === 'payout.paid' ? 'paid' : 'in_transit',
    };
    const toldAt = type === 'payout.paid' ? secondsOn(arrives, 0.1) : created + 1;
    events.push(stripeEvent(ids('evt', type, id), type, toldAt, payout));
    transactions.push(transaction({ id: txn, type: 'payout', source: id, amount: -balance, created, now }));
    balance = 0;
  }
};

const tellPayments = (telling: Telling, subscriptions: readonly Subscription[]): void => {
  const { seed, window } = telling;
  const draws = drawsOf(seed, 'payment', 0xffff);
  const disputeFrom = addDays(window.first, Math.floor(window.days * DISPUTE_FROM));
  let disputed: Paid | undefined;
  for (const subscription of subscriptions)
    for (const invoice of invoicesOf(seed, window, subscription)) {
      const paid = tellInvoice(telling, invoice, draws.uniform());
      const refundOn = addDays(invoice.paidOn, draws.between(2, 12));
      const [refunded, half] = [draws.chance(REFUND_SHARE), draws.chance(0.4)];
      if (refunded && subscription.interval === 'month' && isWithin(window, refundOn))
        tellRefund(telling, paid, refundOn, half);
      else if (
        subscription.plan === 'Business' &&
        subscription.tender === 'usd' &&
        invoice.paidOn >= disputeFrom
      )
        if (disputed === undefined || invoice.paidOn < disputed.invoice.paidOn) disputed = paid;
    }
  if (disputed !== undefined) tellDispute(telling, disputed);
};

/** All that Stripe has to say of eighteen months of subscriptions. */
export const stripeActivity = (company: string, seed: number, window: Window): StripeActivity => {
  const telling: Telling = {
    seed,
    window,
    ids: stripeIds(company),
    euro: euroRates(seed, window),
    now: epochDay(window.today) * 86_400,
    events: [],
    transactions: [],
  };
  const subscriptions = subscriptionsOf(seed, window);
  for (const subscription of subscriptions) tellSubscription(telling, subscription);
  tellPayments(telling, subscriptions);
  tellPayouts(telling);
  const byCreation = (a: { created: number; id: string }, b: { created: number; id: string }): number =>
    a.created - b.created || (a.id < b.id ? -1 : 1);
  return { events: telling.events.sort(byCreation), transactions: telling.transactions.sort(byCreation) };
};
