import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plaidApi } from '../../../../shared/providers/plaid/api.ts';

const CREDENTIALS = { clientId: 'client', secret: 's3cret' };
const KEY = {
  alg: 'ES256',
  kty: 'EC',
  crv: 'P-256',
  kid: 'k',
  use: 'sig',
  x: 'x'.repeat(43),
  y: 'y'.repeat(43),
};

const api = (status: number, answer: unknown) => {
  const asked: { url: string; body: unknown }[] = [];
  const { verificationKey, transactionsSync } = plaidApi(
    'https://plaid.example/base',
    async (url, { body }) => {
      asked.push({ url, body: JSON.parse(body) });
      return { status, text: async () => (typeof answer === 'string' ? answer : JSON.stringify(answer)) };
    },
  );
  return {
    asked,
    key: () => verificationKey(CREDENTIALS, 'k'),
    sync: (cursor?: string) => transactionsSync(CREDENTIALS, 'token', cursor),
  };
};

test('a page is asked for under the base address, with the cursor where there is one', async () => {
  const { asked, sync } = api(200, {});
  await sync();
  await sync('c-1');
  const common = { client_id: 'client', secret: 's3cret', access_token: 'token', count: 500 };
  assert.deepEqual(asked, [
    { url: 'https://plaid.example/base/transactions/sync', body: common },
    { url: 'https://plaid.example/base/transactions/sync', body: { ...common, cursor: 'c-1' } },
  ]);
});

test('a key comes with the time of its end, if it has one', async () => {
  const point = { x: KEY.x, y: KEY.y };
  assert.deepEqual(await api(200, { key: { ...KEY, expired_at: null } }).key(), {
    ...point,
    expiredSeconds: undefined,
  });
  assert.deepEqual(await api(200, { key: { ...KEY, expired_at: 9 } }).key(), { ...point, expiredSeconds: 9 });
});

test('an unknown key is none; any other refusal says nothing of the key', async () => {
  assert.equal(await api(400, { error_code: 'INVALID_WEBHOOK_VERIFICATION_KEY_ID' }).key(), undefined);
  for (const answer of [{ error_code: 'INVALID_API_KEYS' }, 'not json'])
    await assert.rejects(api(400, answer).key(), /refused/);
  for (const status of [429, 500]) await assert.rejects(api(status, {}).key());
  for (const key of [{ ...KEY, crv: 'P-384' }, { ...KEY, alg: 'RS256' }, { ...KEY, x: 'short' }, undefined])
    await assert.rejects(api(200, { key }).key());
});

test('a refusal names its code; a busy or broken Plaid is an error', async () => {
  assert.deepEqual(await api(400, { error_code: 'ITEM_LOGIN_REQUIRED' }).sync(), {
    outcome: 'refused',
    status: 400,
    code: 'ITEM_LOGIN_REQUIRED',
  });
  for (const status of [429, 500, 503]) await assert.rejects(api(status, {}).sync(), new RegExp(`${status}`));
});
