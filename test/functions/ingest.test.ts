import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import Stripe from 'stripe';
import { drain } from '../../functions/drain/drain.ts';
import { type ReceiveDeps, receive } from '../../functions/ingest/receive.ts';
import type { HttpRequest, HttpResponse } from '../../shared/lambda/http.ts';
import { bucketKey } from '../../shared/ledger/bucket.ts';
import { signedHeaders } from '../../shared/providers/generic/signature.ts';
import {
  type Fault,
  memoryArchive,
  memoryBuffer,
  memorySecrets,
  quietInvocation,
} from '../support/memory-intake.ts';
import { type LedgerOperation, memoryLedgerStore } from '../support/memory-ledger-store.ts';
import { settingsOf } from '../support/settings.ts';
import { charge, event, payout } from '../support/stripe-payloads.ts';

const NOW = Date.UTC(2026, 1, 1, 12);
const SECONDS = NOW / 1000;

interface Faults {
  ledger?: (operation: LedgerOperation) => void;
  buffer?: Fault;
  archive?: Fault;
  secrets?: Fault;
}

const world = (faults: Faults = {}) => {
  const ledger = memoryLedgerStore(async (operation, run) => {
    faults.ledger?.(operation);
    return run();
  });
  const buffer = memoryBuffer(() => faults.buffer?.());
  const archive = memoryArchive(() => faults.archive?.());
  const secrets = memorySecrets(
    {
      'acme/stripe': ['whsec_a'],
      'acme/generic': ['gen'],
      'other/stripe': ['whsec_b'],
      'other/generic': ['gen2'],
    },
    () => faults.secrets?.(),
  );
  const deps: ReceiveDeps = {
    tenants: [settingsOf(), settingsOf({ tenant: 'other' })],
    ledger,
    buffer,
    archive,
    secrets,
  };
  const context = quietInvocation(NOW);
  const post = (path: { tenant: string; source: string }, rawBody: Buffer, headers: HttpRequest['headers']) =>
    receive(
      deps,
      {
        method: 'POST',
        path: `/v1/webhooks/${path.tenant}/${path.source}`,
        pathParameters: path,
        query: {},
        headers,
        rawBody,
        nowMs: NOW,
        traceparent: context.traceparent,
      },
      context,
    );
  return { deps, ledger, buffer, archive, secrets, context, post };
};
type World = ReturnType<typeof world>;

const stripePost = (
  at: World,
  body: unknown,
  { tenant = 'acme', secret = 'whsec_a', timestamp = SECONDS } = {},
): Promise<HttpResponse> => {
  const payload = typeof body === 'string' ? body : JSON.stringify(body);
  return at.post({ tenant, source: 'stripe' }, Buffer.from(payload), {
    'stripe-signature': Stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp }),
  });
};

const genericPost = (
  at: World,
  events: unknown,
  { tenant = 'acme', id = 'd-1', secret = 'gen', nowMs = NOW } = {},
): Promise<HttpResponse> => {
  const body = Buffer.from(JSON.stringify({ schema: 1, events }));
  return at.post({ tenant, source: 'generic' }, body, signedHeaders(secret, id, body, nowMs));
};

const income = (fields: Record<string, unknown> = {}) => ({
  id: 'e-1',
  type: 'income',
  amount: '10.00',
  currency: 'USD',
  date: '2026-01-31',
  ...fields,
});

const statusOf = (response: HttpResponse): string => `${response.status} ${JSON.parse(response.body).status}`;
const factCount = (at: World): number => at.ledger.rows().filter((row) => row.kind === 'fact').length;

test('a new charge is accepted; its retry, another event of it and a second event object are duplicates', async () => {
  const at = world();
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

test('the same delivery twice at once gives one fact and two 200s', async () => {
  const at = world();
  const both = await Promise.all([1, 2].map(() => stripePost(at, event('charge.succeeded', charge()))));
  assert.deepEqual(both.map(statusOf).sort(), ['200 accepted', '200 duplicate']);
  assert.equal(factCount(at), 1);
});

test('two genuine equal charges in one second both count', async () => {
  const at = world();
  await stripePost(at, event('charge.succeeded', charge()));
  const twin = charge({ id: 'ch_2', balance_transaction: 'txn_ch2' });
  assert.equal(
    statusOf(await stripePost(at, event('charge.succeeded', twin, { id: 'evt_2' }))),
    '200 accepted',
  );
  assert.equal(factCount(at), 2);
});

test('another amount under the same identity is a conflict, told and held', async () => {
  const at = world();
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
  const at = world();
  assert.equal(statusOf(await stripePost(at, event('invoice.paid', {}))), '200 ignored');
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
  const at = world();
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
  const at = world();
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
  const at = world();
  at.secrets.changed.set('acme/stripe', ['whsec_new']);
  assert.equal(
    (await stripePost(at, event('charge.succeeded', charge()), { secret: 'whsec_new' })).status,
    200,
  );
});

test('an unknown source is not found, one without an implementation too, and 1 MB is the most', async () => {
  const at = world();
  for (const source of ['paypal', 'plaid', 'payroll', 'toString', ''])
    assert.equal((await at.post({ tenant: 'acme', source }, Buffer.from('{}'), {})).status, 404, source);
  const edge = Buffer.alloc(1024 * 1024, 0x20);
  assert.equal((await at.post({ tenant: 'acme', source: 'stripe' }, edge, {})).status, 401);
  const large = Buffer.alloc(edge.length + 1, 0x20);
  assert.equal((await at.post({ tenant: 'acme', source: 'stripe' }, large, {})).status, 413);
});

test('generic: each event has its own outcome and a bad one blocks no other', async () => {
  const at = world();
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
  const at = world();
  const response = await genericPost(at, [income({ amount: '-1' })]);
  assert.equal(response.status, 400);
  assert.equal(response.headers['content-type'], 'application/problem+json');
  assert.equal(JSON.parse(response.body).events[0].status, 'rejected');
  assert.equal((await genericPost(at, 'none')).status, 400);
  assert.deepEqual(at.ledger.rows(), []);
});

test('one tenant cannot write into another', async () => {
  const at = world();
  await genericPost(at, [income()]);
  assert.equal((await genericPost(at, [income()], { tenant: 'other' })).status, 401);
  assert.equal(
    statusOf(await genericPost(at, [income()], { tenant: 'other', secret: 'gen2' })),
    '200 accepted',
  );
  assert.equal((await at.ledger.factRows('acme', 'generic:e-1')).length, 1);
});

test('while the ledger fails a delivery is buffered, and the drain stores what would have been stored', async () => {
  let down = true;
  const fails = {
    ledger: () => {
      if (down) throw new Error('throttled');
    },
  };
  const at = world(fails);
  const direct = world();
  for (const each of [at, direct]) {
    await stripePost(each, event('charge.succeeded', charge()));
    await genericPost(each, [income(), income({ id: 'e-2' })]);
  }
  assert.equal(at.buffer.messages.length, 2);
  assert.deepEqual(at.ledger.rows(), []);
  const messages = at.buffer.messages.map((body, index) => ({ messageId: `${index}`, body }));
  assert.deepEqual(await drain(at.deps, messages, at.context), ['0', '1']);
  down = false;
  assert.deepEqual(await drain(at.deps, messages, at.context), []);
  assert.deepEqual(at.ledger.rows(), direct.ledger.rows());
  assert.deepEqual(await drain(at.deps, messages, at.context), []);
  assert.deepEqual(at.ledger.rows(), direct.ledger.rows());
});

test('202 says buffered', async () => {
  const at = world({
    ledger: () => {
      throw new Error('down');
    },
  });
  assert.equal(statusOf(await stripePost(at, event('charge.succeeded', charge()))), '202 buffered');
});

test('a run that died between the delivery and its facts is made good by the retry', async () => {
  let inserts = 0;
  const faults: Faults = {
    ledger: (operation) => {
      if (operation === 'insert' && ++inserts === 2) throw new Error('crashed');
    },
    buffer: () => {
      throw new Error('crashed');
    },
  };
  const at = world(faults);
  assert.equal((await stripePost(at, event('charge.succeeded', charge()))).status, 503);
  assert.deepEqual(
    at.ledger.rows().map((row) => row.kind),
    ['delivery'],
  );
  assert.equal(statusOf(await stripePost(at, event('charge.succeeded', charge()))), '200 accepted');
  assert.equal(factCount(at), 1);
});

test('503 where nothing could be stored, and where a signature could not be checked', async () => {
  const broken: Fault = () => {
    throw new Error('down');
  };
  const good = event('payout.paid', payout());
  assert.equal((await stripePost(world({ ledger: broken, buffer: broken }), good)).status, 503);
  assert.equal((await stripePost(world({ secrets: broken }), good)).status, 503);
  const bulky = event('payout.paid', payout({ blob: randomBytes(400_000).toString('hex') }));
  assert.equal((await stripePost(world({ archive: broken }), bulky)).status, 503);
});

test('a body too large for a row lies in the archive, and the drain finds it there', async () => {
  let down = true;
  const at = world({
    ledger: () => {
      if (down) throw new Error('down');
    },
  });
  const bulky = event('payout.paid', payout({ blob: randomBytes(400_000).toString('hex') }));
  assert.equal((await stripePost(at, bulky)).status, 202);
  assert.ok((at.buffer.messages[0]?.length ?? 0) < 2_000);
  down = false;
  await drain(at.deps, [{ messageId: '1', body: at.buffer.messages[0] ?? '' }], at.context);
  const [row] = at.ledger.rows();
  assert.ok(row?.kind === 'delivery' && row.body === undefined && row.bodyPointer !== undefined);
  assert.ok(at.archive.objects.has(row.bodyPointer));
  assert.equal(factCount(at), 1);
});

test('accepted, duplicate and rejected events are counted', async () => {
  const at = world();
  await genericPost(at, [income(), income({ id: 'e-2', amount: 'x' })]);
  await genericPost(at, [income()], { id: 'd-2' });
  const sum = (name: string): number =>
    at.context.emitted.reduce((total, values) => total + ((values as Record<string, number>)[name] ?? 0), 0);
  assert.equal(sum('capital_events_ingested_total'), 1);
  assert.equal(sum('capital_events_duplicate_total'), 1);
  assert.equal(sum('capital_events_rejected_total'), 1);
});
