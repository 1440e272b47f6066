/** The door of AWS Budgets, tried by the command line: with the stand-in for SNS, and as far as a stranger can try it. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { receive } from '../../../functions/ingest/receive.ts';
import { keysOfBoth, snsCertificates } from '../../../functions/ingest/verification-keys.ts';
import { budgetSamples } from '../../../scripts/cli/budget-samples.ts';
import { snsStub } from '../../../scripts/local/providers/sns.ts';
import { snsApi } from '../../../shared/providers/aws-budgets/api.ts';
import { settingsOf } from '../../support/settings.ts';
import { webhookWorld } from '../../support/webhook-world.ts';
import { capstack } from './capstack.ts';

const TOPIC = 'arn:aws:sns:us-east-1:123456789012:budgets';
const aws = { payer: '123456789012', requestsPerDay: 12, credits: [] };
const settings = settingsOf({ tenant: 'demo', aws: { ...aws, budgetsTopic: TOPIC } });

/** The door as it is, with the stand-in for SNS behind it, where the local pipeline has both. */
const pipeline = async (context: TestContext, isTopicNamed = true) => {
  const stub = snsStub({ apiUrl: '' });
  const sns = snsApi('http://sns.local/{region}', async (url) => {
    const { pathname, search } = new URL(url);
    const headers = { get: () => null };
    const answer = await stub({ method: 'GET', path: pathname + search, headers: {}, body: Buffer.alloc(0) });
    return { status: answer.status, headers, text: async () => answer.body.toString() };
  });
  const world = webhookWorld();
  const deps = {
    ...world.deps,
    tenants: [isTopicNamed ? settings : settingsOf({ tenant: 'demo', aws })],
    verificationKeys: keysOfBoth({ keyOf: async () => undefined }, snsCertificates(sns)),
  };
  const door = (source: string, rawBody: Buffer) =>
    receive(
      deps,
      {
        method: 'POST',
        path: `/v1/webhooks/demo/${source}`,
        pathParameters: { tenant: 'demo', source },
        query: {},
        headers: {},
        rawBody,
        nowMs: Date.now(),
        traceparent: world.context.traceparent,
      },
      world.context,
    );
  const server = createServer(async (request, response) => {
    const [path = '', body] = [request.url, await buffer(request)];
    const local = '/_local/stub/sns';
    const answer = path.startsWith(local)
      ? await stub({ method: 'POST', path: path.slice(local.length), headers: {}, body })
      : await door(path.split('/').at(-1) ?? '', body);
    response.writeHead(answer.status).end(answer.body === undefined ? '' : answer.body.toString());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  context.after(() => server.close());
  const address = server.address();
  assert(address !== null && typeof address === 'object');
  return { url: `http://127.0.0.1:${address.port}`, door, ledger: world.ledger };
};

const TEST = ['webhooks', 'test', '--source', 'aws-budgets'];

test('a pipeline with the topic takes what SNS signed, and nothing else', async (context) => {
  const { url, ledger } = await pipeline(context);
  const run = await capstack([...TEST, '--api', url, '--json']);
  assert.deepEqual([run.code, run.stderr], [0, '']);
  const { deliveries } = JSON.parse(run.stdout) as { deliveries: { delivery: string; answered: string }[] };
  assert.deepEqual(
    deliveries.map(({ answered }) => answered),
    ['200 ignored', '200 ignored', ...Array.from({ length: 7 }, () => '401'), '404'],
  );
  const kept = ledger.rows().filter(({ kind }) => kind === 'delivery');
  assert.equal(kept.length, 1, 'one delivery, however often it came');
  assert.ok(
    ledger.rows().every(({ kind }) => kind === 'delivery'),
    'and nothing is made of it',
  );
});

test('a topic that the configuration does not name is told to be looked at', async (context) => {
  const { url } = await pipeline(context, false);
  const run = await capstack([...TEST, '--api', url]);
  assert.equal(run.code, 1);
  assert.match(run.stderr, /2 of 10 deliveries were answered otherwise: .*budgets_topic \(--topic\)/);
});

test('what can be sent to a deployment is refused, each for its own reason', async (context) => {
  const { door } = await pipeline(context);
  const samples = await budgetSamples(
    { api: 'https://example.com', topic: TOPIC, isLocal: false },
    Date.now(),
  );
  assert.equal(samples.length, 4);
  for (const { what, expected, body } of samples)
    assert.equal(String((await door('aws-budgets', Buffer.from(body))).status), expected, what);
  // A message of another topic would be refused before anything else is looked at.
  assert.ok(samples.every(({ body }) => (JSON.parse(body) as { TopicArn: string }).TopicArn === TOPIC));
});

test('a deployment has to be told its topic', async () => {
  const run = await capstack([...TEST, '--api', 'https://example.com']);
  assert.deepEqual([run.code, run.stdout], [1, '']);
  assert.match(run.stderr, /name the topic of the configuration with --topic/);
});
