import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { drain } from '../../functions/drain/drain.ts';
import type { Fault } from '../support/memory-intake.ts';
import { charge, event, payout } from '../support/stripe-payloads.ts';
import {
  type Faults,
  factCount,
  genericPost,
  income,
  statusOf,
  stripePost,
  webhookWorld,
} from '../support/webhook-world.ts';

test('while the ledger fails a delivery is buffered, and the drain stores what would have been stored', async () => {
  let down = true;
  const fails = {
    ledger: () => {
      if (down) throw new Error('throttled');
    },
  };
  const at = webhookWorld(fails);
  const direct = webhookWorld();
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
  const at = webhookWorld({
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
  const at = webhookWorld(faults);
  assert.equal((await stripePost(at, event('charge.succeeded', charge()))).status, 503);
  assert.deepEqual(
    at.ledger.rows().map((row) => row.kind),
    ['delivery'],
  );
  assert.equal(statusOf(await stripePost(at, event('charge.succeeded', charge()))), '200 accepted');
  assert.equal(factCount(at), 1);
});

test('22 503 where nothing could be stored, and where a signature could not be checked', async () => {
  const broken: Fault = () => {
    throw new Error('down');
  };
  const good = event('payout.paid', payout());
  assert.equal((await stripePost(webhookWorld({ ledger: broken, buffer: broken }), good)).status, 503);
  assert.equal((await stripePost(webhookWorld({ secrets: broken }), good)).status, 503);
  const bulky = event('payout.paid', payout({ blob: randomBytes(400_000).toString('hex') }));
  assert.equal((await stripePost(webhookWorld({ archive: broken }), bulky)).status, 503);
});

test('a body too large for a row lies in the archive, and the drain finds it there', async () => {
  let down = true;
  const at = webhookWorld({
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
  // The payout's movement, and what was stated of it.
  assert.equal(factCount(at), 2);
});
