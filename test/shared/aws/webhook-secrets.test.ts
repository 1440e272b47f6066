import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { webhookSecrets } from '../../../shared/aws/webhook-secrets.ts';
import { parameterStore } from '../../support/parameter-store.ts';

const NAME = '/capstack/dev/acme/stripe/webhook';

const secretsIn = async (context: TestContext, values: Record<string, string>) => {
  const store = await parameterStore(context, 'SecureString', values);
  return { ...store, secrets: webhookSecrets(store.client, '/capstack/dev') };
};

test('current comes before previous, both are read in one call and kept for five minutes', async (context) => {
  const { secrets, put, requests } = await secretsIn(context, {
    [`${NAME}/previous`]: 'old',
    [`${NAME}/current`]: 'new',
  });
  assert.deepEqual(await secrets.of('acme', 'stripe', 0), ['new', 'old']);
  assert.deepEqual(await secrets.of('acme', 'stripe', 299_999), ['new', 'old']);
  assert.equal(requests.length, 1);
  await put(`${NAME}/current`, 'newer');
  assert.deepEqual(await secrets.of('acme', 'stripe', 300_000), ['newer', 'old']);
  assert.deepEqual(await secrets.of('other', 'stripe', 300_000), []);
});

test('a refresh is granted once a minute', async (context) => {
  const { secrets, put } = await secretsIn(context, { [`${NAME}/current`]: 'a' });
  await secrets.of('acme', 'stripe', 0);
  assert.equal(await secrets.refreshed('acme', 'stripe', 59_999), undefined);
  await put(`${NAME}/current`, 'b');
  assert.deepEqual(await secrets.refreshed('acme', 'stripe', 60_000), ['b']);
  assert.equal(await secrets.refreshed('acme', 'stripe', 60_001), undefined);
  assert.deepEqual(await secrets.of('acme', 'stripe', 60_001), ['b']);
});

test('an outage of the store keeps the known secrets good, and fails where none are known', async (context) => {
  const { secrets, stop } = await secretsIn(context, { [`${NAME}/current`]: 'a' });
  await secrets.of('acme', 'stripe', 0);
  await stop();
  assert.deepEqual(await secrets.of('acme', 'stripe', 900_000), ['a']);
  await assert.rejects(secrets.of('other', 'stripe', 900_000));
});

test('the API key of a tenant is its own, or absent', async (context) => {
  const { secrets } = await secretsIn(context, { '/capstack/dev/acme/stripe/api/key': 'sk_1' });
  assert.equal(await secrets.apiKey('acme', 'stripe', 0), 'sk_1');
  assert.equal(await secrets.apiKey('other', 'stripe', 0), undefined);
});
