import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { StatementFact } from '../../../../shared/event/statement.ts';
import { decideAppend } from '../../../../shared/ledger/append.ts';
import { chargebee } from '../../../../shared/providers/chargebee/webhook.ts';
import {
  AT,
  creditNote,
  event,
  invoice,
  subscription,
  transaction,
} from '../../../support/chargebee-payloads.ts';
import { memoryLedgerStore } from '../../../support/memory-ledger-store.ts';
import { provenance, settingsOf } from '../../../support/settings.ts';

const settings = settingsOf({ chargebee: { site: 'acme-test' } });

type Fields = Readonly<Record<string, unknown>>;

const read = (content: Fields, fields: Fields = {}, at = settings) =>
  chargebee.interpret(Buffer.from(JSON.stringify(event(content, fields))), at);

const factsOf = (content: Fields, fields: Fields = {}): readonly StatementFact[] => {
  const reading = read(content, fields);
  assert.equal(reading.outcome, 'facts', JSON.stringify(reading));
  if (reading.outcome !== 'facts') return [];
  return reading.events.flatMap((each) =>
    'fact' in each && each.fact.kind === 'statement' ? [each.fact] : [],
  );
};

const bodyOf = (content: Fields, fields: Fields = {}): Fields | null => {
  const [fact] = factsOf(content, fields);
  assert.ok(fact);
  return fact.body === null ? null : JSON.parse(fact.body);
};

test('15 a payment through a gateway is a label with its id there, and nothing in the event is cash', () => {
  const facts = factsOf({ transaction: transaction(), invoice: invoice(), subscription: subscription() });
  assert.deepEqual(
    facts.map(({ key, subject }) => [key, subject]),
    [
      ['cb:acme-test:txn:txn_made_up_1', 'payment'],
      ['cb:acme-test:inv:INV-104', 'invoice'],
      ['cb:acme-test:sub:acme team plan', 'subscription'],
    ],
  );
  assert.deepEqual(bodyOf({ transaction: transaction() }), {
    amountMinor: '129900',
    currency: 'USD',
    gateway: 'stripe',
    idAtGateway: 'ch_made_up_1',
  });
});

test('15 an offline payment is a label only', () => {
  for (const method of ['cash', 'check', 'bank_transfer']) {
    const offline = transaction({
      gateway: 'not_applicable',
      id_at_gateway: undefined,
      payment_method: method,
    });
    assert.deepEqual(bodyOf({ transaction: offline }), {
      amountMinor: '129900',
      currency: 'USD',
      gateway: 'not_applicable',
    });
  }
});

test('15 only a success is a payment: what is under way, failed late or was voided is none', () => {
  for (const status of ['in_progress', 'failure', 'late_failure', 'voided', 'timeout', 'needs_attention'])
    assert.equal(bodyOf({ transaction: transaction({ status }) }), null, status);
  assert.equal(bodyOf({ transaction: transaction({ type: 'authorization' }) }), null);
  assert.equal(bodyOf({ transaction: transaction({ deleted: true }) }), null);
  assert.equal(bodyOf({ transaction: transaction() }, { event_type: 'transaction_deleted' }), null);
});

test('15 a refund gives back, and a chargeback says that it is one', () => {
  assert.equal(bodyOf({ transaction: transaction({ type: 'refund' }) })?.['amountMinor'], '-129900');
  assert.equal(
    bodyOf({ transaction: transaction({ type: 'payment_reversal' }) })?.['amountMinor'],
    '-129900',
  );
  const [fact] = factsOf({ transaction: transaction({ type: 'refund', payment_method: 'chargeback' }) });
  assert.equal(fact?.description, 'chargeback');
});

test('15 a subscription without mrr is worth its price list where it runs, and nothing where it does not', () => {
  const mrr = (fields: Fields): unknown =>
    bodyOf({ subscription: subscription({ mrr: undefined, ...fields }) })?.['mrrMinor'];
  assert.equal(mrr({ mrr: 10_000 }), '10000');
  assert.equal(mrr({}), '10000');
  assert.equal(mrr({ plan_amount: undefined }), '10000');
  assert.equal(mrr({ billing_period_unit: 'month', billing_period: 3, plan_amount: 100 }), '33');
  assert.equal(mrr({ billing_period_unit: 'week', plan_amount: 300 }), '1300');
  assert.equal(mrr({ status: 'future' }), '0');
  assert.equal(mrr({ status: 'cancelled' }), '0');
  assert.equal(mrr({ plan_amount: undefined, plan_unit_price: undefined }), '0');
  const items = [
    { item_type: 'plan', amount: 24_000 },
    { item_type: 'addon', unit_price: 600, quantity: 2 },
    { item_type: 'charge', amount: 99_999 },
  ];
  assert.equal(mrr({ plan_amount: undefined, subscription_items: items }), '2100');
  const [fact] = factsOf({ subscription: subscription({ mrr: undefined }) });
  assert.equal(fact?.metadata?.['mrr'], 'derived');
});

test('15 an invoice tells what is due and which days it pays for; a voided one nothing', () => {
  assert.deepEqual(bodyOf({ invoice: invoice() }), {
    customer: 'cust_9',
    currency: 'USD',
    totalMinor: '129900',
    dueMinor: '129900',
    dueDate: '2026-03-16',
    status: 'payment_due',
    periodFrom: '2026-03-02',
    periodTo: '2027-03-02',
    periodMinor: '120000',
  });
  assert.equal(bodyOf({ invoice: invoice({ status: 'voided' }) }), null);
  const oneOff = bodyOf({ invoice: invoice({ line_items: [] }) });
  assert.equal(oneOff?.['periodFrom'], undefined);
});

test('15 a credit note is an invoice the other way round, due as far as it will be paid back', () => {
  const { totalMinor, dueMinor } = bodyOf({ credit_note: creditNote() }) ?? {};
  assert.deepEqual([totalMinor, dueMinor], ['-5000', '-3000']);
  const adjusted = bodyOf({ credit_note: creditNote({ status: 'adjusted', type: 'adjustment' }) });
  assert.equal(adjusted?.['dueMinor'], '0');
  assert.equal(factsOf({ credit_note: creditNote() })[0]?.key, 'cb:acme-test:cn:CN-7');
});

test('15 amounts are whole where the currency has no decimals, else hundredths', () => {
  const minor = (currency_code: string): unknown =>
    bodyOf({ transaction: transaction({ amount: 1500, currency_code }) })?.['amountMinor'];
  assert.deepEqual(['USD', 'JPY', 'KWD', 'eur'].map(minor), ['1500', '1500', '15000', '1500']);
});

test('15 an older resource_version after a newer one is ignored, whatever order they come in', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.integer({ min: 0, max: 5_000 }), { minLength: 1, maxLength: 6 }),
      fc.infiniteStream(fc.boolean()),
      async (versions, again) => {
        const ledger = memoryLedgerStore();
        const told = versions.flatMap((version) => {
          const fact = factsOf({
            invoice: invoice({ amount_due: version, resource_version: AT * 1_000 + version }),
          })[0];
          assert.ok(fact);
          return again.next().value ? [fact, fact] : [fact];
        });
        for (const fact of told) await ledger.append(fact, provenance(settings));
        const rows = await ledger.factRows(settings.tenant, 'cb:acme-test:inv:INV-104');
        const latest = rows.filter((row) => row.kind === 'fact').at(-1);
        assert.ok(latest?.kind === 'fact' && latest.fact.kind === 'statement');
        assert.equal(JSON.parse(latest.fact.body ?? '').dueMinor, String(Math.max(...versions)));
        const [older] = factsOf({ invoice: invoice({ resource_version: 1 }) });
        assert.ok(older);
        assert.equal(decideAppend(rows, older, provenance(settings)).outcome, 'ignored');
      },
    ),
    { numRuns: 60 },
  );
});

test('15 one event sent again tells its troubles too, and is still the same delivery with the same facts', () => {
  const first = event({ invoice: invoice() });
  const again = { ...first, webhook_status: 're_scheduled', webhook_failure_reason: '404', webhooks: [{}] };
  const [one, other] = [first, again].map((each) => Buffer.from(JSON.stringify(each))) as [Buffer, Buffer];
  assert.equal(chargebee.deliveryId({ headers: {}, body: one }), 'ev_made_up_1');
  assert.equal(chargebee.deliveryId({ headers: {}, body: other }), 'ev_made_up_1');
  assert.deepEqual(chargebee.interpret(one, settings), chargebee.interpret(other, settings));
});

test('15 what is of no use is ignored, what is not understood is held', () => {
  assert.equal(read({}).outcome, 'ignored');
  assert.equal(read({ customer: { id: 'cust_9' } }).outcome, 'ignored');
  assert.equal(read({ invoice: invoice() }, { api_version: 'v1' }).outcome, 'quarantined');
  assert.equal(read({ invoice: invoice({ total: '12.00' }) }).outcome, 'quarantined');
  assert.equal(read({ invoice: invoice({ currency_code: 'ZZZ' }) }).outcome, 'quarantined');
  assert.equal(chargebee.interpret(Buffer.from('{'), settings).outcome, 'quarantined');
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const reading = read({
        transaction: value,
        invoice: value,
        subscription: value,
        credit_note: value,
      } as Fields);
      assert.notEqual(reading.outcome, 'malformed');
    }),
  );
});

test('15 a site that nobody named is this tenant’s own', () => {
  const reading = read({ invoice: invoice() }, {}, settingsOf());
  assert.ok(reading.outcome === 'facts');
  assert.equal(reading.events[0]?.id, 'cb:self:inv:INV-104');
});
