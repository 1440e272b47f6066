import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { SSMClient } from '@aws-sdk/client-ssm';
import { webhookSecrets } from '../../../shared/aws/webhook-secrets.ts';

const NAME = '/capstack/dev/acme/stripe/webhook';

/** A parameter store over HTTP with the one operation we use. */
const parameterStore = async (values: Record<string, string>) => {
  const state = { values, calls: 0, down: false };
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => {
      text += chunk;
    });
    request.on('end', () => {
      state.calls += 1;
      response.statusCode = state.down ? 500 : 200;
      const { Names, WithDecryption } = JSON.parse(text) as { Names: string[]; WithDecryption: boolean };
      const found = Names.filter((name) => WithDecryption && name in state.values);
      response.setHeader('content-type', 'application/x-amz-json-1.1');
      response.end(
        JSON.stringify({ Parameters: found.map((Name) => ({ Name, Value: state.values[Name] })) }),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const client = new SSMClient({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  const stop = (): Promise<void> => {
    client.destroy();
    return new Promise((resolve) => server.close(() => resolve()));
  };
  return { state, secrets: webhookSecrets(client, '/capstack/dev'), stop };
};

test('current comes before previous, both are read in one call and kept for five minutes', async () => {
  const { state, secrets, stop } = await parameterStore({
    [`${NAME}/previous`]: 'old',
    [`${NAME}/current`]: 'new',
  });
  assert.deepEqual(await secrets.of('acme', 'stripe', 0), ['new', 'old']);
  assert.deepEqual(await secrets.of('acme', 'stripe', 299_999), ['new', 'old']);
  assert.equal(state.calls, 1);
  state.values[`${NAME}/current`] = 'newer';
  assert.deepEqual(await secrets.of('acme', 'stripe', 300_000), ['newer', 'old']);
  assert.deepEqual(await secrets.of('other', 'stripe', 300_000), []);
  await stop();
});

test('a refresh is granted once a minute', async () => {
  const { state, secrets, stop } = await parameterStore({ [`${NAME}/current`]: 'a' });
  await secrets.of('acme', 'stripe', 0);
  assert.equal(await secrets.refreshed('acme', 'stripe', 59_999), undefined);
  state.values[`${NAME}/current`] = 'b';
  assert.deepEqual(await secrets.refreshed('acme', 'stripe', 60_000), ['b']);
  assert.equal(await secrets.refreshed('acme', 'stripe', 60_001), undefined);
  assert.deepEqual(await secrets.of('acme', 'stripe', 60_001), ['b']);
  await stop();
});

test('an outage of the store keeps the known secrets good, and fails where none are known', async () => {
  const { state, secrets, stop } = await parameterStore({ [`${NAME}/current`]: 'a' });
  await secrets.of('acme', 'stripe', 0);
  state.down = true;
  assert.deepEqual(await secrets.of('acme', 'stripe', 900_000), ['a']);
  await assert.rejects(secrets.of('other', 'stripe', 900_000));
  await stop();
});

test('the API key of a tenant is its own, or absent', async () => {
  const { secrets, stop } = await parameterStore({ '/capstack/dev/acme/stripe/api/key': 'sk_1' });
  assert.equal(await secrets.apiKey('acme', 'stripe', 0), 'sk_1');
  assert.equal(await secrets.apiKey('other', 'stripe', 0), undefined);
  await stop();
});
