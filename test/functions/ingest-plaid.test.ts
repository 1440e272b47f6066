import assert from 'node:assert/strict';
import { test } from 'node:test';
import { receive } from '../../functions/ingest/receive.ts';
import { plaidKeys } from '../../functions/ingest/verification-keys.ts';
import type { HttpResponse } from '../../shared/lambda/http.ts';
import type { VerificationKey } from '../../shared/providers/provider.ts';
import { memorySecrets } from '../support/memory-intake.ts';
import { ITEM, plaidSignature, plaidWebhook, type TestKey, testKey } from '../support/plaid-payloads.ts';
import { settingsOf } from '../support/settings.ts';
import { NOW, SECONDS, statusOf, webhookWorld } from '../support/webhook-world.ts';

const KEY = testKey('key-1');
const CREDENTIALS = { 'acme/plaid/api/client_id': ['client'], 'acme/plaid/api/secret': ['secret'] };

/** The webhook door, with Plaid's keys behind it; `trouble` is thrown instead of an answer. */
const door = (credentials: Readonly<Record<string, readonly string[]>> = CREDENTIALS) => {
  const asked: string[] = [];
  const at = { trouble: undefined as Error | undefined, keys: new Map<string, VerificationKey>() };
  at.keys.set(KEY.id, KEY.publicKey);
  const verificationKeys = plaidKeys(
    {
      verificationKey: async (_credentials, id) => {
        asked.push(id);
        if (at.trouble !== undefined) throw at.trouble;
        return at.keys.get(id);
      },
    },
    memorySecrets(credentials),
  );
  const world = webhookWorld();
  const tenants = [
    settingsOf({ plaid: [{ item: ITEM, accounts: {} }] }),
    settingsOf({ tenant: 'other', plaid: [{ item: 'item-other', accounts: {} }] }),
  ];
  const post = async (
    body: Buffer,
    { key = KEY, tenant = 'acme', nowMs = NOW }: { key?: TestKey; tenant?: string; nowMs?: number } = {},
  ): Promise<HttpResponse> =>
    receive(
      { ...world.deps, tenants, verificationKeys },
      {
        method: 'POST',
        path: `/v1/webhooks/${tenant}/plaid`,
        pathParameters: { tenant, source: 'plaid' },
        query: {},
        headers: {
          'plaid-verification': await plaidSignature(key, body, SECONDS + Math.floor((nowMs - NOW) / 1000)),
        },
        rawBody: body,
        nowMs,
        traceparent: world.context.traceparent,
      },
      world.context,
    );
  return { ...world, at, asked, post };
};

test('a signed doorbell is kept with what it rings for; another within the same second rings again', async () => {
  const { post, ledger, asked } = door();
  assert.equal(statusOf(await post(plaidWebhook())), '200 ignored');
  assert.equal(statusOf(await post(plaidWebhook())), '200 ignored');
  const rows = ledger.rows();
  assert.equal(rows.length, 2);
  for (const row of rows) assert.deepEqual(row.kind === 'delivery' && row.doorbell, [`plaid:item:${ITEM}`]);
  assert.deepEqual(asked, [KEY.id], 'the key is fetched once');
});

test('every refusal is the same to the byte, and nothing is kept', async () => {
  const { post, ledger, asked } = door();
  const answers = [
    await post(plaidWebhook(), { key: testKey(KEY.id) }),
    await post(plaidWebhook(), { key: testKey('key-unknown') }),
    await post(plaidWebhook({ item_id: 'item-of-nobody' })),
    await post(plaidWebhook({ item_id: 'item-other' })),
    await post(plaidWebhook(), { tenant: 'other' }),
    await post(plaidWebhook(), { tenant: 'nobody' }),
    await post(Buffer.from('not json')),
  ];
  for (const answer of answers) assert.deepEqual(answer, answers[0]);
  assert.equal(answers[0]?.status, 401);
  assert.deepEqual(ledger.rows(), []);
  assert.deepEqual(asked, [KEY.id, 'key-unknown'], 'keys are fetched for items of the tenant only');
});

test('while Plaid does not answer, a webhook is asked to come again; a key once known stays good', async () => {
  const { post, at } = door();
  at.trouble = new Error('Plaid answered 500');
  assert.equal((await post(plaidWebhook())).status, 503);
  at.trouble = undefined;
  assert.equal((await post(plaidWebhook())).status, 200);
  at.trouble = new Error('Plaid answered 500');
  assert.equal((await post(plaidWebhook(), { nowMs: NOW + 2 * 86_400_000 })).status, 200);
});

test('a key is asked for again after a day, and no longer believed once it has expired', async () => {
  const { post, at, asked } = door();
  assert.equal((await post(plaidWebhook())).status, 200);
  at.keys.set(KEY.id, { ...KEY.publicKey, expiredSeconds: SECONDS + 60 });
  assert.equal((await post(plaidWebhook(), { nowMs: NOW + 86_399_000 })).status, 200);
  assert.equal(asked.length, 1);
  assert.equal((await post(plaidWebhook(), { nowMs: NOW + 86_400_000 })).status, 401);
  assert.equal(asked.length, 2);
});

test('made-up keys are asked for once a minute each, and 20 of them a minute', async () => {
  const { post, asked } = door();
  for (const nowMs of [NOW, NOW + 59_000])
    assert.equal((await post(plaidWebhook(), { key: testKey('key-x'), nowMs })).status, 401);
  assert.equal(asked.length, 1);
  assert.equal((await post(plaidWebhook(), { key: testKey('key-x'), nowMs: NOW + 60_000 })).status, 401);
  assert.equal(asked.length, 2);
  const statuses: number[] = [];
  for (let index = 0; index < 30; index++)
    statuses.push(
      (await post(plaidWebhook(), { key: testKey(`key-${index + 10}`), nowMs: NOW + 61_000 })).status,
    );
  assert.equal(statuses.filter((status) => status === 401).length, 19);
  assert.equal(statuses.filter((status) => status === 503).length, 11);
  assert.equal((await post(plaidWebhook(), { nowMs: NOW + 130_000 })).status, 200);
});

test('a tenant without an account at Plaid takes no webhooks of it', async () => {
  const { post, asked } = door({});
  assert.equal((await post(plaidWebhook())).status, 401);
  assert.deepEqual(asked, []);
});

test('what ails a bank login is kept and logged', async () => {
  const { post, context, ledger } = door();
  const body = plaidWebhook({
    webhook_type: 'ITEM',
    webhook_code: 'ERROR',
    error: { error_code: 'ITEM_LOGIN_REQUIRED' },
  });
  const answer = await post(body);
  assert.equal(statusOf(answer), '200 ignored');
  assert.match(JSON.parse(answer.body).reason, /sign in again/);
  assert.equal(ledger.rows().length, 1);
  assert.ok(context.lines.some((line) => line.level === 'WARN' && line.message.includes(ITEM)));
});
