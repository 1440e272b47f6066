import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { SSMClient } from '@aws-sdk/client-ssm';
import { policyMode } from '../../../shared/aws/policy-mode.ts';

const NAME = '/capstack/dev/policy/mode';

/** A parameter store over HTTP with the two operations we use. */
const parameterStore = async (context: TestContext, value: string | undefined) => {
  const stored = { value, down: false };
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => {
      text += chunk;
    });
    request.on('end', () => {
      const { Name, Value, Overwrite } = JSON.parse(text);
      assert.equal(Name, NAME);
      const putting = request.headers['x-amz-target'] === 'AmazonSSM.PutParameter';
      if (putting && Overwrite === true) stored.value = Value;
      const found = !stored.down && stored.value !== undefined;
      response.statusCode = found ? 200 : 400;
      response.setHeader('content-type', 'application/x-amz-json-1.1');
      const answer = found ? { Parameter: { Name, Value: stored.value } } : { __type: 'ParameterNotFound' };
      response.end(JSON.stringify(answer));
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
  context.after(() => (server.listening ? stop() : undefined));
  return { stored, mode: policyMode(client, NAME), stop };
};

test('what is written is what the next read says', async (context) => {
  const { mode } = await parameterStore(context, 'plan');
  assert.equal(await mode.read(), 'plan');
  for (const next of ['apply', 'off', 'plan'] as const) {
    await mode.write(next);
    assert.equal(await mode.read(assert.fail), next);
  }
});

test('missing, unreadable or unknown is off, with a reason', async (context) => {
  const { stored, mode, stop } = await parameterStore(context, undefined);
  const reasons: string[] = [];
  const read = () => mode.read((reason) => reasons.push(reason));
  assert.equal(await read(), 'off');
  for (const value of ['Apply', 'apply ', '', 'on']) {
    stored.value = value;
    assert.equal(await read(), 'off', value);
  }
  stored.value = 'apply';
  stored.down = true;
  assert.equal(await read(), 'off');
  await stop();
  assert.equal(await read(), 'off');
  assert.deepEqual(
    reasons.map((reason) => /cannot be read|holds none/.exec(reason)?.[0]),
    ['cannot be read', ...Array<string>(4).fill('holds none'), 'cannot be read', 'cannot be read'],
  );
});
