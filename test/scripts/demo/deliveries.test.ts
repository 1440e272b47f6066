import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { demoCompany } from '../../../scripts/demo/company.ts';
import { type Delivery, deliveries } from '../../../scripts/demo/deliveries.ts';
import type { StripeEvent } from '../../../scripts/demo/world.ts';
import { day } from '../../support/rows.ts';
import { factsIn } from './books.ts';

const world = demoCompany({ seed: 1, today: day('2026-11-21') });
const sent = deliveries(world, { seed: 1 });

const stripeEvents = (all: readonly Delivery[]): readonly StripeEvent[] =>
  all.filter(({ source }) => source === 'stripe').map(({ body }) => JSON.parse(body) as StripeEvent);
const charges = (all: readonly Delivery[]): readonly string[] =>
  stripeEvents(all).flatMap(({ type, data }) =>
    type === 'charge.succeeded' || type === 'charge.updated' ? [String(data.object['id'])] : [],
  );

describe('what the demo company sends', () => {
  test('is the same for equal arguments, and in another order for another seed', () => {
    assert.deepEqual(deliveries(world, { seed: 1 }), sent);
    const other = deliveries(world, { seed: 2 });
    assert.notDeepEqual(
      other.map(({ id }) => id),
      sent.map(({ id }) => id),
    );
    const bodies = (all: readonly Delivery[]): string[] =>
      [...new Set(all.flatMap(factsIn).map(({ key }) => key))].sort();
    assert.deepEqual(bodies(other), bodies(sent));
  });

  test('comes a tenth of it twice: the same bytes again, or the same charge under another event', () => {
    const distinct = new Map(sent.map((delivery) => [delivery.id, delivery]));
    for (const { id, body } of sent) assert.equal(body, distinct.get(id)?.body);
    const repeated = sent.length - distinct.size;
    const told = charges([...distinct.values()]);
    const retold = told.length - new Set(told).size;
    const again = repeated + retold;
    const share = again / (sent.length - again);
    assert.ok(share > 0.07 && share < 0.13, `${share}`);
    assert.ok(repeated > 40, `${repeated} repeated`);
    assert.ok(retold > 5, `${retold} retold`);
  });

  test('is about in order, and not quite', () => {
    const created = stripeEvents(sent).map((event) => event.created);
    const overtaken = created.filter((at, index) => at < (created[index - 1] ?? 0)).length;
    assert.ok(overtaken > created.length * 0.1, `${overtaken} of ${created.length}`);
    const latenessDays = created.map((at, index) => (Math.max(...created.slice(0, index + 1)) - at) / 86_400);
    assert.ok(Math.max(...latenessDays) < 20);
  });

  test('begins with the money that the company began with', () => {
    const [first] = sent;
    assert(first !== undefined);
    const categories = factsIn(first).flatMap((fact) => (fact.kind === 'cash' ? fact.lines : []));
    assert.deepEqual(categories.map(({ category }) => category).sort(), ['funding', 'opening_balance']);
  });

  test('is few requests, none of them large', () => {
    assert.ok(sent.length > 800 && sent.length <= 3_000, `${sent.length}`);
    for (const delivery of sent) {
      assert.ok(delivery.body.length < 256 * 1024, delivery.id);
      assert.ok(factsIn(delivery).length <= 200, delivery.id);
    }
  });

  test('asks for no balance transaction that Stripe could not answer', () => {
    const known = new Set(world.stripe.transactions.map(({ id }) => id));
    for (const { data } of stripeEvents(sent)) {
      const named = data.object['balance_transaction'];
      if (typeof named === 'string') assert.ok(known.has(named), named);
    }
  });
});
