import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { canonicalJson } from '../../../../shared/canonical/canonical.ts';
import type { Fact } from '../../../../shared/event/fact.ts';
import { contentHashOf, decodeFact, encodeFact } from '../../../../shared/ledger/codec.ts';
import { generic } from '../../../../shared/providers/generic/events.ts';
import type { Interpretation } from '../../../../shared/providers/provider.ts';
import { settingsOf } from '../../../support/settings.ts';

const settings = settingsOf({ accountingZone: 'America/New_York' });
const read = (body: unknown): Interpretation =>
  generic.interpret(Buffer.from(JSON.stringify(body)), settings);
const readAll = (...events: unknown[]): Interpretation => read({ schema: 1, events });

const income = (fields: Record<string, unknown> = {}): Record<string, unknown> => ({
  id: 'e-1',
  type: 'income',
  amount: '12.34',
  currency: 'USD',
  date: '2026-01-31',
  ...fields,
});

const factOf = (event: unknown): Fact => {
  const reading = readAll(event);
  assert.equal(reading.outcome, 'facts', canonicalJson(reading));
  const [first] = reading.outcome === 'facts' ? reading.events : [];
  assert.ok(first && 'fact' in first);
  return first.fact;
};

const rejection = (event: unknown): string => {
  const reading = readAll(event, income({ id: 'good' }));
  assert.equal(reading.outcome, 'facts');
  const [first, second] = reading.outcome === 'facts' ? reading.events : [];
  assert.ok(second && 'fact' in second, 'one bad event must not block the others');
  return first && 'rejected' in first ? first.rejected : '';
};

const totals = (event: unknown): bigint[] => {
  const fact = factOf(event);
  return fact.kind === 'cash' ? fact.lines.map((line) => line.amountMinor) : [];
};

test('income adds, an expense takes away, an adjustment does as it says', () => {
  assert.deepEqual(totals(income()), [1234n]);
  assert.deepEqual(totals(income({ type: 'expense' })), [-1234n]);
  assert.deepEqual(totals(income({ type: 'adjustment', amount: '-0.01' })), [-1n]);
  assert.deepEqual(totals(income({ type: 'adjustment', amount: '5' })), [500n]);
  assert.deepEqual(totals(income({ amount: '500', currency: 'jpy' })), [500n]);
});

test('an event that names no account is about our own', () => {
  const fact = factOf(income());
  assert.ok(fact.kind === 'cash');
  assert.equal(fact.account, 'manual');
  assert.equal(fact.counterAccount, 'external');
  assert.equal(fact.key, 'generic:e-1');
  assert.equal(fact.source, 'generic');
  assert.equal(fact.estimated, false);
});

test('a credit is a grant, not cash', () => {
  const fact = factOf(income({ type: 'credit', amount: '25000', account: 'aws' }));
  assert.ok(fact.kind === 'credit');
  assert.equal(fact.amountMinor, 2_500_000n);
  assert.equal(fact.account, 'aws');
});

test('a date stays a date; an instant becomes the day it was in the accounting zone', () => {
  assert.equal(factOf(income()).date, '2026-01-31');
  const late = factOf(income({ date: undefined, occurred_at: '2026-02-01T03:00:00Z' }));
  assert.equal(late.date, '2026-01-31');
  assert.equal(late.occurredAt, '2026-02-01T03:00:00.000Z');
  const offset = factOf(income({ date: undefined, occurred_at: '2026-01-31T22:00:00-05:00' }));
  assert.equal(contentHashOf(offset), contentHashOf(late));
});

test('a later revision ranks above an earlier one', () => {
  assert.ok(factOf(income({ revision: 10 })).revision > factOf(income({ revision: 9 })).revision);
  assert.equal(factOf(income({ revision: 0 })).revision, factOf(income()).revision);
});

test('categories are stable keys', () => {
  const category = (name: string | undefined): string | undefined => {
    const fact = factOf(income({ category: name }));
    return fact.kind === 'cash' ? fact.lines[0]?.category : undefined;
  };
  assert.equal(category(undefined), 'income');
  assert.equal(category('Cloud Hosting'), 'cloud_hosting');
  assert.equal(category('  cloud-hosting '), 'cloud_hosting');
});

test('each fault of an event is named', () => {
  for (const [fields, expected] of [
    [{ amount: '-1' }, /amount.*positive/],
    [{ amount: '0' }, /amount.*positive/],
    [{ type: 'expense', amount: '0.00' }, /amount.*positive/],
    [{ type: 'credit', amount: '-5' }, /amount.*positive/],
    [{ amount: 12.34 }, /amount/],
    [{ amount: '1e3' }, /amount/],
    [{ amount: '1,000.00' }, /amount/],
    [{ amount: '12.345' }, /amount.*USD/],
    [{ amount: '0.5', currency: 'JPY' }, /amount.*JPY/],
    [{ currency: 'ZZZ' }, /currency/],
    [{ currency: undefined }, /currency/],
    [{ type: 'salary' }, /type/],
    [{ date: '2026-02-30' }, /date/],
    [{ date: '2026-01-31T00:00:00' }, /date/],
    [{ date: '0001-01-01' }, /date/],
    [{ date: undefined }, /either/],
    [{ occurred_at: '2026-01-31T00:00:00Z' }, /either/],
    [{ date: undefined, occurred_at: '2026-01-31T00:00:00' }, /occurred_at.*zone/],
    [{ date: undefined, occurred_at: '2026-01-31' }, /occurred_at.*zone/],
    [{ date: undefined, occurred_at: '1066-10-14T12:00:00Z' }, /occurred_at/],
    [{ id: '' }, /id/],
    [{ id: 7 }, /id/],
    [{ id: 'a\nb' }, /id/],
    [{ id: 'x'.repeat(201) }, /id/],
    [{ revision: -1 }, /revision/],
    [{ revision: 1.5 }, /revision/],
    [{ revision: '1' }, /revision/],
    [{ metadata: { a: 1 } }, /metadata/],
    [{ metadata: [] }, /metadata/],
    [{ category: '---' }, /category/],
    [{ account: 'external' }, /account/],
    [{ account: 'stripe_balance' }, /account/],
    [{ account: 'transit:stripe' }, /account/],
    [{ amonut: '1' }, /amonut/],
  ] as const)
    assert.match(rejection(income(fields)), expected, JSON.stringify(fields));
  assert.notEqual(rejection(null), '');
  assert.notEqual(rejection('text'), '');
});

test('a body that is no list of events is turned down as a whole', () => {
  const events = Array.from({ length: 501 }, (_, index) => income({ id: `e-${index}` }));
  for (const body of [null, [], {}, { schema: 2, events: [] }, { schema: 1 }, { schema: 1, events: {} }])
    assert.equal(read(body).outcome, 'malformed', JSON.stringify(body));
  assert.equal(read({ schema: 1, events: [], extra: 1 }).outcome, 'malformed');
  assert.equal(read({ schema: 1, events }).outcome, 'malformed');
  assert.equal(read({ schema: 1, events: events.slice(1) }).outcome, 'facts');
  assert.equal(generic.interpret(Buffer.from('{'), settings).outcome, 'malformed');
  assert.equal(generic.interpret(Buffer.from([0x22, 0xff, 0x22]), settings).outcome, 'malformed');
  assert.equal(read({ schema: 1, events: [] }).outcome, 'ignored');
});

test('a body with no good event in it is turned down, each event with its reason', () => {
  const reading = readAll(income({ amount: '-1' }), 7);
  assert.ok(reading.outcome === 'malformed');
  assert.deepEqual(
    reading.events.map((event) => event.id),
    ['e-1', 'events.1'],
  );
});

test('no JSON makes it crash, and whatever becomes a fact survives its own encoding', () => {
  const field = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom('1.00', 'USD', '2026-01-31', 'income', '2026-01-31T00:00:00Z'),
  );
  const names = [
    'id',
    'type',
    'amount',
    'currency',
    'date',
    'account',
    'category',
    'description',
    'metadata',
  ];
  const mutated = fc
    .tuple(fc.constantFrom(...names), field)
    .map(([name, value]) => income({ [name]: value }));
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.jsonValue(), mutated), { maxLength: 5 }), (events) => {
      const reading = readAll(...events);
      assert.ok(['facts', 'ignored', 'malformed'].includes(reading.outcome));
      if (reading.outcome !== 'facts') return;
      assert.equal(reading.events.length, events.length);
      for (const event of reading.events)
        if ('fact' in event) assert.deepEqual(decodeFact(encodeFact(event.fact)), event.fact);
    }),
    { numRuns: 500 },
  );
  fc.assert(
    fc.property(fc.jsonValue(), (body) => {
      assert.ok(['facts', 'ignored', 'malformed'].includes(read(body).outcome));
    }),
  );
});
