import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { canonicalJson } from '../../../../shared/canonical/canonical.ts';
import type { CashFact } from '../../../../shared/event/fact.ts';
import type { Interpretation } from '../../../../shared/providers/provider.ts';
import { stripe } from '../../../../shared/providers/stripe/webhook.ts';
import { settingsOf } from '../../../support/settings.ts';
import {
  bodyOf,
  CREATED,
  charge,
  dispute,
  event,
  payout,
  refund,
  transaction,
} from '../../../support/stripe-payloads.ts';

const settings = settingsOf();
const read = (type: string, object: unknown, fields: Record<string, unknown> = {}): Interpretation =>
  stripe.interpret(bodyOf(event(type, object, fields)), settings);

const facts = (reading: Interpretation): CashFact[] => {
  assert.equal(reading.outcome, 'facts', canonicalJson(reading));
  return reading.outcome === 'facts'
    ? reading.events.flatMap((each) => ('fact' in each && each.fact.kind === 'cash' ? [each.fact] : []))
    : [];
};

/** `key suffix`, total and counter-account of each fact. */
const moves = (reading: Interpretation): [string | undefined, bigint, string][] =>
  facts(reading).map((fact) => [
    fact.key.split(':').at(-1),
    fact.lines.reduce((sum, line) => sum + line.amountMinor, 0n),
    fact.counterAccount,
  ]);

test('a charge counts at its gross under its transaction, marked as an estimate, and rings for the truth', () => {
  const reading = read('charge.succeeded', charge());
  assert.deepEqual(moves(reading), [['txn_ch1', 4900n, 'external']]);
  const [fact] = facts(reading);
  assert.equal(fact?.key, 'stripe:self:test:txn:txn_ch1');
  assert.equal(fact?.estimated, true);
  assert.deepEqual(reading.outcome === 'facts' && reading.doorbells, ['stripe:balance_transaction:txn_ch1']);
});

test('every event about one charge tells the same fact', () => {
  const first = facts(read('charge.succeeded', charge()));
  const later = charge({ description: 'renamed', disputed: true, metadata: { a: 'b' } });
  assert.deepEqual(facts(read('charge.captured', later, { id: 'evt_2', created: CREATED + 900 })), first);
  assert.deepEqual(facts(read('charge.updated', later, { id: 'evt_3' })), first);
});

test('8 what is captured counts, not what was authorised', () => {
  assert.deepEqual(moves(read('charge.captured', charge({ amount_captured: 4000 }))), [
    ['txn_ch1', 4000n, 'external'],
  ]);
  assert.equal(
    read('charge.succeeded', charge({ captured: false, balance_transaction: null })).outcome,
    'ignored',
  );
  assert.equal(read('charge.succeeded', charge({ captured: false, amount_captured: 0 })).outcome, 'ignored');
});

test('a charge without a transaction moves nothing yet', () => {
  assert.equal(read('charge.succeeded', charge({ balance_transaction: null })).outcome, 'ignored');
});

test('a refund costs its amount; charge.refunded by itself costs nothing', () => {
  assert.deepEqual(moves(read('refund.created', refund())), [['txn_re1', -1000n, 'external']]);
  const reading = read('charge.refunded', charge({ amount_refunded: 1000, refunds: { data: [refund()] } }));
  assert.equal(reading.outcome, 'ignored');
  assert.deepEqual(reading.outcome === 'ignored' && reading.doorbells, [
    'stripe:balance_transaction:txn_re1',
  ]);
});

test('4 two equal partial refunds of one charge are two facts', () => {
  const [one] = facts(read('refund.created', refund()));
  const [two] = facts(read('refund.created', refund({ id: 're_2', balance_transaction: 'txn_re2' })));
  assert.notEqual(one?.key, two?.key);
});

test('a refund that failed after succeeding puts its money back under its own transaction', () => {
  const failed = refund({ status: 'failed', failure_balance_transaction: 'txn_re1f' });
  assert.deepEqual(moves(read('refund.failed', failed)), [
    ['txn_re1', -1000n, 'external'],
    ['txn_re1f', 1000n, 'external'],
  ]);
});

test('7 an inquiry moves nothing; a dispute moves what its transactions say, as settled truth', () => {
  assert.equal(
    read('charge.dispute.created', dispute([], { status: 'warning_needs_response' })).outcome,
    'ignored',
  );
  const withdrawal = transaction({
    id: 'txn_dp1',
    type: 'adjustment',
    amount: -25_000,
    fee: 1500,
    source: 'dp_1',
  });
  const withdrawn = read('charge.dispute.funds_withdrawn', dispute([withdrawal]));
  assert.deepEqual(moves(withdrawn), [['txn_dp1', -26_500n, 'external']]);
  assert.equal(facts(withdrawn)[0]?.estimated, false);
  assert.deepEqual(facts(withdrawn)[0]?.lines, [
    { category: 'dispute', amountMinor: -25_000n },
    { category: 'stripe_fee', amountMinor: -1500n },
  ]);
  const back = transaction({ id: 'txn_dp2', type: 'adjustment', amount: 25_000, fee: 0, source: 'dp_1' });
  const reinstated = read('charge.dispute.funds_reinstated', dispute([withdrawal, back]));
  assert.deepEqual(facts(reinstated)[0], facts(withdrawn)[0]);
  assert.deepEqual(moves(reinstated)[1], ['txn_dp2', 25_000n, 'external']);
});

test('a payout moves to transit and a failed one comes back; total cash never changes', () => {
  const paid = read('payout.paid', payout());
  assert.deepEqual(moves(paid), [['txn_po1', -3000n, 'transit:stripe']]);
  const failed = read('payout.failed', payout({ status: 'failed', failure_balance_transaction: 'txn_po1f' }));
  assert.deepEqual(moves(failed), [
    ['txn_po1', -3000n, 'transit:stripe'],
    ['txn_po1f', 3000n, 'transit:stripe'],
  ]);
  assert.deepEqual(facts(failed)[0], facts(paid)[0]);
});

test('a payout that Stripe takes from the bank has the signs reversed', () => {
  assert.deepEqual(moves(read('payout.paid', payout({ amount: -700 }))), [
    ['txn_po1', 700n, 'transit:stripe'],
  ]);
});

test('an expanded transaction is settled truth and rings for nothing', () => {
  const reading = read('charge.succeeded', charge({ balance_transaction: transaction() }));
  assert.deepEqual(moves(reading), [['txn_ch1', 4728n, 'external']]);
  assert.equal(facts(reading)[0]?.estimated, false);
  assert.deepEqual(reading.outcome === 'facts' && reading.doorbells, []);
});

test('a connected account is part of the key and of the doorbell', () => {
  const reading = read('charge.succeeded', charge(), { account: 'acct_7' });
  assert.equal(facts(reading)[0]?.key, 'stripe:acct_7:test:txn:txn_ch1');
  assert.deepEqual(reading.outcome === 'facts' && reading.doorbells, [
    'stripe:balance_transaction:txn_ch1:acct_7',
  ]);
});

test('the other mode and unknown types are ignored, whatever else they hold', () => {
  assert.equal(read('charge.succeeded', charge(), { livemode: true }).outcome, 'ignored');
  assert.equal(read('charge.succeeded', {}, { livemode: true }).outcome, 'ignored');
  for (const type of [
    'invoice.paid',
    'payment_intent.succeeded',
    'customer.subscription.updated',
    'new.thing',
  ])
    assert.equal(read(type, { id: 'x' }).outcome, 'ignored', type);
});

test('what is authentic but not understood is quarantined', () => {
  for (const body of [
    '',
    'not json',
    '[]',
    '{}',
    '{"type":"charge.succeeded"}',
    '{"object":"v2.core.event"}',
  ])
    assert.equal(stripe.interpret(Buffer.from(body), settings).outcome, 'quarantined', body);
  assert.equal(
    read('charge.succeeded', charge({ amount: '49.00', amount_captured: null })).outcome,
    'quarantined',
  );
  assert.equal(read('charge.succeeded', charge({ currency: 'doubloon' })).outcome, 'quarantined');
  assert.equal(read('charge.succeeded', payout()).outcome, 'quarantined');
  assert.equal(
    read('charge.succeeded', charge({ currency: 'isk', amount_captured: 150 })).outcome,
    'quarantined',
  );
});

test('a delivery is named by its event, or by its bytes where it has none', () => {
  const named = (text: string): string => stripe.deliveryId({ headers: {}, body: Buffer.from(text) });
  assert.equal(named('{"id":"evt_9"}'), 'evt_9');
  assert.match(named('{"id":"evt 9"}'), /^sha256-[0-9a-f]{64}$/);
  assert.notEqual(named('x'), named('y'));
});

test('no JSON makes it crash', () => {
  const outcomes = new Set(['facts', 'ignored', 'quarantined']);
  const type = fc.constantFrom('charge.succeeded', 'refund.created', 'charge.dispute.created', 'payout.paid');
  const object = fc.oneof(
    fc.json().map((text) => JSON.parse(text)),
    fc.record({ object: fc.constantFrom('charge', 'refund', 'payout', 'dispute') }),
    fc.jsonValue().map((value) => charge({ balance_transaction: value })),
    fc.jsonValue().map((value) => dispute([value])),
  );
  fc.assert(
    fc.property(type, object, (name, value) => {
      assert.ok(outcomes.has(read(name, value).outcome));
    }),
  );
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      assert.ok(outcomes.has(stripe.interpret(Buffer.from(bytes), settings).outcome));
    }),
  );
});
