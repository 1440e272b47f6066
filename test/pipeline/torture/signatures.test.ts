/** Clocks that differ, secrets that change, bodies as a gateway carries them: who is let in, and who is not. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import { receive } from '../../../functions/ingest/receive.ts';
import { webhookSecrets } from '../../../shared/aws/webhook-secrets.ts';
import { httpHandler } from '../../../shared/lambda/http.ts';
import { quietInvocation } from '../../support/memory-intake.ts';
import { whatItSays } from '../checkers/once.ts';
import { deployment } from './deployment.ts';
import { runs, seeded } from './seeds.ts';
import { generic, headersOf, NOW, type Sending, type Source, STORY } from './sendings.ts';

const first = (source: Source): Sending => {
  const found = STORY.find((sending) => sending.source === source);
  assert.ok(found);
  return found;
};

/** How far behind and ahead of ours a sender's clock may be, in seconds; absent where its signature bears no time. */
const TOLERANCES: readonly (readonly [Source, number, number])[] = [
  ['generic', 300, 300],
  ['payroll', 300, 300],
  ['stripe', 300, 60],
  ['plaid', 300, 60],
];

for (const [source, behind, ahead] of TOLERANCES)
  test(`a clock a second within the tolerance is believed, a second beyond it is not: ${source}`, async () => {
    // Whichever clock is wrong, only their difference counts.
    for (const nowMs of [NOW, NOW + 47 * 3_600_000, NOW - 400 * 86_400_000])
      for (const [seconds, status] of [
        [-behind - 1, 401],
        [-behind + 1, 200],
        [0, 200],
        [ahead - 1, 200],
        [ahead + 1, 401],
      ] as const) {
        const at = deployment();
        const clocks = { senderMs: nowMs + seconds * 1_000, nowMs };
        assert.equal(await at.post(first(source), clocks), status, `${seconds} s at ${nowMs}`);
        assert.equal(at.ledger.rows().length > 0, status === 200);
      }
  });

for (const source of ['chargebee', 'gusto'] as const)
  test(`a signature that bears no time is good whatever the clocks show: ${source}`, async () => {
    const at = deployment();
    for (const seconds of [-1e6, -301, 301, 1e6])
      assert.equal(await at.post(first(source), { senderMs: NOW + seconds * 1_000 }), 200);
  });

const MINUTE_MS = 60_000;
const NAME = '/capstack/dev/acme/stripe/webhook';

/** The parameter store as it is now; it may be down. */
const parameters = () => {
  const at = { values: {} as Record<string, string>, isDown: false, reads: 0 };
  const client = {
    send: async ({ input }: { input: { Names: string[] } }) => {
      at.reads += 1;
      if (at.isDown) throw Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException' });
      return {
        Parameters: input.Names.flatMap((name) => {
          const value = at.values[name];
          return value === undefined ? [] : [{ Name: name, Value: value }];
        }),
      };
    },
  };
  return { at, secrets: webhookSecrets(client as never, '/capstack/dev') };
};

/**
 * An operator changes the secret as the manual says: what was current becomes previous. Stripe signs with the old one for
 * a while, then with the new one; a stranger has one that was thrown away long ago.
 */
for (let seed = 1; seed <= runs(20); seed += 1)
  test(`while a secret changes nothing genuine is turned away and nothing else let in: seed ${seed}`, async () => {
    const random = seeded(seed);
    const { at: store, secrets } = parameters();
    store.values = { [`${NAME}/current`]: 'whsec_0', [`${NAME}/previous`]: 'whsec_gone' };
    const world = deployment({ secrets });
    let [version, changedMs, nowMs] = [0, Number.NEGATIVE_INFINITY, NOW];
    for (let step = 0; step < 60; step += 1) {
      nowMs += random.between(1, 4 * MINUTE_MS);
      store.isDown = random.chance(0.15) && store.reads > 0;
      if (!store.isDown && random.chance(0.1) && nowMs - changedMs > 10 * MINUTE_MS) {
        version += 1;
        changedMs = nowMs;
        store.values = {
          [`${NAME}/current`]: `whsec_${version}`,
          [`${NAME}/previous`]: `whsec_${version - 1}`,
        };
      }
      const sending = { ...first('stripe'), body: Buffer.from(JSON.stringify({ step })) };
      const secret = random.pick([`whsec_${version}`, `whsec_${Math.max(0, version - 1)}`, 'whsec_stolen']);
      const clocks = { senderMs: nowMs, nowMs, secret };
      const status = await world.post(sending, clocks);
      if (secret === 'whsec_stolen') assert.ok(status === 401 || status === 503, `${step}: ${status}`);
      // An outage may keep a new secret from us: then the sender is told to come again, never that it is wrong.
      else if (store.isDown)
        assert.ok(status === 200 || status === 503 || nowMs - changedMs < 5 * MINUTE_MS, `${step}`);
      else if (nowMs - changedMs > MINUTE_MS) assert.equal(status, 200, `${step}`);
    }
  });

test('a secret that was replaced twice is good no longer than what is cached of it', async () => {
  const { at: store, secrets } = parameters();
  store.values = { [`${NAME}/current`]: 'whsec_0' };
  const world = deployment({ secrets });
  const post = (nowMs: number) => world.post(first('stripe'), { senderMs: nowMs, nowMs, secret: 'whsec_0' });
  assert.equal(await post(NOW), 200);
  store.values = { [`${NAME}/current`]: 'whsec_2', [`${NAME}/previous`]: 'whsec_1' };
  assert.equal(await post(NOW + 5 * MINUTE_MS), 401);
});

const lambda = { awsRequestId: 'r', getRemainingTimeInMillis: () => 5_000 } as unknown as Context;

/** One event as the gateway hands it over: as text, or in base64, whatever it makes of the content type. */
const carried = (sending: Sending, headers: object, isBase64Encoded: boolean): APIGatewayProxyEventV2 =>
  ({
    version: '2.0',
    rawPath: `/v1/webhooks/acme/${sending.source}`,
    headers,
    pathParameters: { tenant: 'acme', source: sending.source },
    requestContext: { http: { method: 'POST' } },
    body: sending.body.toString(isBase64Encoded ? 'base64' : 'utf8'),
    isBase64Encoded,
  }) as unknown as APIGatewayProxyEventV2;

test('bodies in base64 and as text are the same bodies, to the last byte and letter', async () => {
  const odd = ['é', '漢字 🙂', 'a\u2028b', '\\u0000', '=?/+', ' \t '].map((description, n) =>
    generic(`odd-${n}`, {
      ...{ id: `o${n}`, type: 'income', amount: '1.00', currency: 'USD', date: '2026-02-01', description },
    }),
  );
  const story = [...STORY, ...odd];
  const says = async (isBase64: (index: number) => boolean) => {
    const at = deployment();
    const handler = httpHandler('ingest', (request) =>
      receive(at.ingest, { ...request, nowMs: NOW }, quietInvocation(NOW)),
    );
    for (const [index, sending] of story.entries()) {
      const answer = await handler(carried(sending, await headersOf(sending, NOW), isBase64(index)), lambda);
      assert.equal(answer.statusCode, 200, `${sending.source} ${sending.deliveryId}`);
    }
    await at.settle();
    assert.deepEqual(await at.faults(), []);
    return whatItSays(at.state.items());
  };
  const texts = await says(() => false);
  assert.deepEqual(await says(() => true), texts);
  assert.deepEqual(await says((index) => index % 2 === 0), texts);
});
