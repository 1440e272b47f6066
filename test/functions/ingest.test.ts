import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bucketKey } from '../../shared/ledger/bucket.ts';
import { charge, event } from '../support/stripe-payloads.ts';
import {
  factCount,
  genericPost,
  income,
  NOW,
  SECONDS,
  statusOf,
  stripePost,
  webhookWorld,
} from '../support/webhook-world.ts';

test('2 a new charge is accepted; its retry, another event of it and a second event object are duplicates', async () => {
  const at = webhookWorld();
  assert.equal(statusOf(await stripePost(at, event('charge.succeeded', charge()))), '200 accepted');
  assert.equal(statusOf(await stripePost(at, event('charge.succeeded', charge()))), '200 duplicate');
  assert.equal(
    statusOf(await stripePost(at, event('charge.succeeded', charge(), { id: 'evt_2' }))),
    '200 duplicate',
  );
  assert.equal(
    statusOf(await stripePost(at, event('charge.captured', charge(), { id: 'evt_3' }))),
    '200 duplicate',
  );
  assert.equal(factCount(at), 1);
  assert.equal(at.ledger.rows().filter((row) => row.kind === 'delivery').length, 3);
});

test('1 the same delivery twice at once gives one fact and two 200s', async () => {
  const at = webhookWorld();
  const both = await Promise.all([1, 2].map(() => stripePost(at, event('charge.succeeded', charge()))));
  assert.deepEqual(both.map(statusOf).sort(), ['200 accepted', '200 duplicate']);
  assert.equal(factCount(at), 1);
});

test('3 two genuine equal charges in one second both count', async () => {
  const at = webhookWorld();
  await stripePost(at, event('charge.succeeded', charge()));
  const twin = charge({ id: 'ch_2', balance_transaction: 'txn_ch2' });
  assert.equal(
    statusOf(await stripePost(at, event('charge.succeeded', twin, { id: 'evt_2' }))),
    '200 accepted',
  );
  assert.equal(factCount(at), 2);
});

test('another amount under the same identity is a conflict, told and held', async () => {
  const at = webhookWorld();
  await stripePost(at, event('charge.succeeded', charge()));
  const rival = charge({ amount: 1, amount_captured: 1 });
  assert.equal(
    statusOf(await stripePost(at, event('charge.succeeded', rival, { id: 'evt_2' }))),
    '200 conflict',
  );
  assert.equal(factCount(at), 1);
  assert.equal((await at.ledger.bucketRows(bucketKey({ kind: 'review', tenant: 'acme' }))).length, 1);
  assert.ok(at.context.lines.some((line) => line.level === 'WARN'));
});

test('what is ignored is kept raw; what is not understood is kept and surfaced', async () => {
  const at = webhookWorld();
  assert.equal(statusOf(await stripePost(at, event('customer.created', {}))), '200 ignored');
  assert.equal(
    statusOf(await stripePost(at, event('charge.succeeded', charge(), { livemode: true }))),
    '200 ignored',
  );
  assert.equal(at.ledger.rows().length, 2);
  assert.equal(statusOf(await stripePost(at, 'not json')), '200 accepted');
  const [held] = await at.ledger.bucketRows(bucketKey({ kind: 'review', tenant: 'acme' }));
  assert.ok(held?.kind === 'delivery' && held.quarantined !== undefined);
  assert.equal(factCount(at), 0);
});

test('the raw body can be had back from the ledger to the byte', async () => {
  const at = webhookWorld();
  const odd = `${JSON.stringify(event('charge.succeeded', charge({ description: 'Zürich ☃' })), null, 3)}\r\n`;
  await stripePost(at, odd);
  const [row] = at.ledger.rows();
  assert.ok(row?.kind === 'delivery' && row.body !== undefined);
  assert.equal((await at.archive.read({ body: row.body })).toString(), odd);
  assert.deepEqual(row.doorbell, ['stripe:balance_transaction:txn_ch1']);
  const [fact] = at.ledger.rows().filter((each) => each.kind === 'fact');
  assert.equal(fact?.delivery, row.pk);
  assert.equal(fact?.traceparent, at.context.traceparent);
});

test('every refusal is the same to the byte', async () => {
  const at = webhookWorld();
  const good = event('charge.succeeded', charge());
  const refusals = await Promise.all([
    stripePost(at, good, { secret: 'whsec_wrong' }),
    stripePost(at, good, { tenant: 'nobody' }),
    stripePost(at, good, { tenant: 'other' }),
    stripePost(at, good, { timestamp: SECONDS - 301 }),
    stripePost(at, good, { timestamp: SECONDS + 61 }),
    at.post({ tenant: 'acme', source: 'stripe' }, Buffer.from('{}'), {}),
    genericPost(at, [income()], { secret: 'wrong' }),
    genericPost(at, [income()], { nowMs: NOW - 301_000 }),
    genericPost(at, [income()], { nowMs: NOW + 301_000 }),
  ]);
  const [first] = refusals;
  assert.equal(first?.status, 401);
  for (const refusal of refusals) assert.deepEqual(refusal, first);
  assert.deepEqual(at.ledger.rows(), []);
});

test('a secret changed since we cached it is tried once more', async () => {
  const at = webhookWorld();
  at.secrets.changed.set('acme/stripe', ['whsec_new']);
  assert.equal(
    (await stripePost(at, event('charge.succeeded', charge()), { secret: 'whsec_new' })).status,
    200,
  );
});

test('an unknown source is not found, and 1 MB is the most', async () => {
  const at = webhookWorld();
  for (const source of ['paypal', 'toString', ''])
    assert.equal((await at.post({ tenant: 'acme', source }, Buffer.from('{}'), {})).status, 404, source);
  const edge = Buffer.alloc(1024 * 1024, 0x20);
  assert.equal((await at.post({ tenant: 'acme', source: 'stripe' }, edge, {})).status, 401);
  const large = Buffer.alloc(edge.length + 1, 0x20);
  assert.equal((await at.post({ tenant: 'acme', source: 'stripe' }, large, {})).status, 413);
});

test('generic: each event has its own outcome and a bad one blocks no other', async () => {
  const at = webhookWorld();
  const response = await genericPost(at, [
    income(),
    income({ id: 'e-2', amount: 'x' }),
    income({ id: 'e-3', type: 'credit' }),
    income(),
    income({ amount: '11.00' }),
  ]);
  assert.equal(statusOf(response), '200 accepted');
  assert.deepEqual(
    JSON.parse(response.body).events.map((each: { id: string; status: string }) => [each.id, each.status]),
    [
      ['e-1', 'accepted'],
      ['e-2', 'rejected'],
      ['e-3', 'accepted'],
      ['e-1', 'duplicate'],
      ['e-1', 'conflict'],
    ],
  );
  assert.equal(
    statusOf(await genericPost(at, [income({ revision: 1, amount: '12.00' })], { id: 'd-2' })),
    '200 accepted',
  );
  assert.equal(statusOf(await genericPost(at, [income({ amount: '9.00' })], { id: 'd-3' })), '200 ignored');
});

test('generic: a body without one good event is a 400 and leaves nothing', async () => {
  const at = webhookWorld();
  const response = await genericPost(at, [income({ amount: '-1' })]);
  assert.equal(response.status, 400);
  assert.equal(response.headers['content-type'], 'application/problem+json');
  assert.equal(JSON.parse(response.body).events[0].status, 'rejected');
  assert.equal((await genericPost(at, 'none')).status, 400);
  assert.deepEqual(at.ledger.rows(), []);
});

test('one tenant cannot write into another', async () => {
  const at = webhookWorld();
  await genericPost(at, [income()]);
  assert.equal((await genericPost(at, [income()], { tenant: 'other' })).status, 401);
  assert.equal(
    statusOf(await genericPost(at, [income()], { tenant: 'other', secret: 'gen2' })),
    '200 accepted',
  );
  assert.equal((await at.ledger.factRows('acme', 'generic:e-1')).length, 1);
});

test('accepted, duplicate and rejected events are counted', async () => {
  const at = webhookWorld();
  await genericPost(at, [income(), income({ id: 'e-2', amount: 'x' })]);
  await genericPost(at, [income()], { id: 'd-2' });
  const sum = (name: string): number =>
    at.context.emitted.reduce((total, values) => total + ((values as Record<string, number>)[name] ?? 0), 0);
  assert.equal(sum('capital_events_ingested_total'), 1);
  assert.equal(sum('capital_events_duplicate_total'), 1);
  assert.equal(sum('capital_events_rejected_total'), 1);
});
