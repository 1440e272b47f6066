import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { localAccessToken, type PlaidStub, plaidStub } from '../../../scripts/local/providers/plaid.ts';
import { plaidApi } from '../../../shared/providers/plaid/api.ts';
import { plaid } from '../../../shared/providers/plaid/webhook.ts';
import { bankRow, CHECKING, ITEM } from '../../support/plaid-payloads.ts';
import { settingsOf } from '../../support/settings.ts';

const CREDENTIALS = { client_id: 'client', secret: 'secret' };

const post = async (stub: PlaidStub, path: string, fields: object) => {
  const { status, body } = await stub({
    method: 'POST',
    path,
    headers: {},
    body: Buffer.from(JSON.stringify(fields)),
  });
  return { status, body: JSON.parse(body.toString()) };
};
const bank = (stub: PlaidStub, fields: object) =>
  post(stub, '/_control/transactions', { item_id: ITEM, ...fields });
const sync = (stub: PlaidStub, cursor?: string, fields: object = {}) =>
  post(stub, '/transactions/sync', {
    ...CREDENTIALS,
    access_token: localAccessToken(ITEM),
    ...(cursor !== undefined && { cursor }),
    ...fields,
  });
const stubOf = (pageSize = 100): PlaidStub => plaidStub({ apiUrl: 'http://nowhere.invalid', pageSize });

test('the net change since the cursor is told: added, modified, removed, nothing', async () => {
  const stub = stubOf();
  await bank(stub, { put: [bankRow(), bankRow({ transaction_id: 'tx-2' })] });
  const first = (await sync(stub)).body;
  assert.deepEqual([first.added.length, first.modified, first.removed, first.has_more], [2, [], [], false]);
  await bank(stub, {
    put: [bankRow({ amount: 1 }), bankRow({ transaction_id: 'tx-3' })],
    remove: ['tx-2', 'tx-3'],
  });
  const second = (await sync(stub, first.next_cursor)).body;
  assert.deepEqual(second.added, []);
  assert.deepEqual(second.modified, [bankRow({ amount: 1 })]);
  assert.deepEqual(second.removed, [{ transaction_id: 'tx-2', account_id: CHECKING }]);
  const third = (await sync(stub, second.next_cursor)).body;
  assert.deepEqual([third.added, third.modified, third.removed], [[], [], []]);
});

test('pages hold what was asked for at most, and fail when something changes between them', async () => {
  const stub = stubOf();
  await bank(stub, { put: [1, 2, 3].map((n) => bankRow({ transaction_id: `tx-${n}` })) });
  const first = (await sync(stub, undefined, { count: 2 })).body;
  assert.deepEqual([first.added.length, first.has_more], [2, true]);
  assert.equal((await sync(stub, first.next_cursor, { count: 2 })).body.added.length, 1);
  await bank(stub, { put: [bankRow({ transaction_id: 'tx-4' })] });
  const { status, body } = await sync(stub, first.next_cursor, { count: 2 });
  assert.deepEqual([status, body.error_code], [400, 'TRANSACTIONS_SYNC_MUTATION_DURING_PAGINATION']);
  assert.equal((await sync(stub)).body.added.length, 4);
});

test('a cursor of an earlier run begins at the beginning', async () => {
  const before = stubOf();
  await bank(before, { put: [bankRow()] });
  const { next_cursor: cursor } = (await sync(before)).body;
  const now = stubOf();
  await bank(now, { put: [bankRow({ transaction_id: 'tx-9' })] });
  assert.equal((await sync(now, cursor)).body.added.length, 1);
});

test('callers without credentials or with a strange token are refused', async () => {
  const stub = stubOf();
  assert.equal((await sync(stub, undefined, { secret: undefined })).body.error_code, 'INVALID_API_KEYS');
  assert.equal((await sync(stub, undefined, { access_token: 'x' })).body.error_code, 'INVALID_ACCESS_TOKEN');
  assert.equal((await post(stub, '/accounts/get', CREDENTIALS)).status, 400);
  assert.equal((await post(stub, '/_control/transactions', {})).status, 400);
});

test('its webhooks verify under the key it hands out, and no other key is known', async () => {
  const received: { headers: Record<string, string | undefined>; body: Buffer; url: string | undefined }[] =
    [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const headers = { 'plaid-verification': String(request.headers['plaid-verification']) };
    received.push({ headers, body: Buffer.concat(chunks), url: request.url });
    response.end('{"status":"ignored"}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const stub = plaidStub({ apiUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
  const answer = await post(stub, '/_control/webhooks', { item_id: ITEM, tenant: 'acme' });
  server.close();
  assert.deepEqual(answer, { status: 200, body: { status: 'ignored' } });

  const [webhook] = received;
  assert.ok(webhook);
  assert.equal(webhook.url, '/v1/webhooks/acme/plaid');
  assert.match(webhook.body.toString(), /^\{\n {2}"/);
  const keyId = plaid.keyId(webhook, settingsOf({ plaid: [{ item: ITEM, accounts: {} }] }), Date.now());
  const api = plaidApi('http://plaid.local', async (url, { body }) => {
    const { status, body: text } = await stub({
      method: 'POST',
      path: new URL(url).pathname,
      headers: {},
      body: Buffer.from(body),
    });
    return { status, text: async () => text.toString() };
  });
  const credentials = { clientId: 'client', secret: 'secret' };
  const key = await api.verificationKey(credentials, keyId ?? '');
  assert.ok(key !== undefined && (await plaid.verifyWith(webhook, key)));
  assert.equal(await api.verificationKey(credentials, 'another'), undefined);
});
