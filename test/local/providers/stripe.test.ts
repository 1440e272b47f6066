import assert from 'node:assert/strict';
import { test } from 'node:test';
import Stripe from 'stripe';
import { stripeStub } from '../../../scripts/local/providers/stripe.ts';
import { bodyOf, CREATED, transaction } from '../../support/stripe-payloads.ts';

type Stub = ReturnType<typeof stripeStub>;

const get = (
  stub: Stub,
  path: string,
  headers: Record<string, string> = { authorization: 'Bearer sk_test' },
) => {
  const { status, body } = stub({ method: 'GET', path, headers, body: Buffer.alloc(0) });
  return { status, body: JSON.parse(body.toString()) };
};
const issue = (stub: Stub, value: unknown): number =>
  stub({ method: 'POST', path: '/_issue', headers: {}, body: bodyOf(value) }).status;

test("an id it did not issue is missing, in Stripe's own words for it", () => {
  const { status, body } = get(stripeStub(), '/v1/balance_transactions/txn_x');
  assert.equal(status, 404);
  assert.equal(body.error.code, 'resource_missing');
  assert.equal(body.error.type, 'invalid_request_error');
});

test('what was issued is answered, to callers with a key', () => {
  const stub = stripeStub();
  assert.equal(issue(stub, transaction()), 200);
  assert.equal(get(stub, '/v1/balance_transactions/txn_ch1').body.net, 4728);
  assert.equal(get(stub, '/v1/balance_transactions/txn_ch1', {}).status, 401);
  for (const bad of [null, {}, { id: 'x' }, { created: 1 }]) assert.equal(issue(stub, bad), 400);
});

test('lists run newest first, in pages, within their bounds', () => {
  const stub = stripeStub();
  for (const [index, id] of ['a', 'b', 'c', 'd'].entries())
    issue(stub, transaction({ id: `txn_${id}`, created: CREATED + Math.min(index, 2) }));
  const ids = (query: string): [string[], boolean] => {
    const { body } = get(stub, `/v1/balance_transactions?${query}`);
    return [body.data.map((each: { id: string }) => each.id), body.has_more];
  };
  assert.deepEqual(ids(''), [['txn_d', 'txn_c', 'txn_b', 'txn_a'], false]);
  assert.deepEqual(ids('limit=2'), [['txn_d', 'txn_c'], true]);
  assert.deepEqual(ids('limit=2&starting_after=txn_c'), [['txn_b', 'txn_a'], false]);
  assert.deepEqual(ids(`created[gte]=${CREATED + 1}&created[lt]=${CREATED + 2}`), [['txn_b'], false]);
  assert.equal(get(stub, '/v1/balance_transactions?limit=101').status, 400);
  assert.equal(get(stub, '/v1/charges').status, 404);
});

test("Stripe's own client reads it", async () => {
  const stub = stripeStub();
  issue(stub, transaction());
  const client = new Stripe('sk_test_1', {
    maxNetworkRetries: 0,
    httpClient: Stripe.createFetchHttpClient(async (input, init) => {
      const { pathname, search } = new URL(String(input));
      const headers = Object.fromEntries(new Headers(init?.headers));
      const answer = stub({
        method: init?.method ?? 'GET',
        path: pathname + search,
        headers,
        body: Buffer.alloc(0),
      });
      return new Response(answer.body.toString(), { status: answer.status, headers: answer.headers });
    }),
  });
  assert.equal((await client.balanceTransactions.retrieve('txn_ch1')).fee, 172);
  const found: string[] = [];
  for await (const each of client.balanceTransactions.list({ limit: 1 })) found.push(each.id);
  assert.deepEqual(found, ['txn_ch1']);
  await assert.rejects(client.balanceTransactions.retrieve('txn_x'), {
    code: 'resource_missing',
    statusCode: 404,
  });
});
