import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import {
  GetParameterCommand,
  GetParametersCommand,
  ParameterAlreadyExists,
  ParameterNotFound,
  ParameterPatternMismatchException,
  PutParameterCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { openDurable } from '../../../scripts/local/durable.ts';
import { type Ssm, ssmService } from '../../../scripts/local/services/ssm.ts';
import { type ServiceEndpoint, serviceEndpoint } from '../../support/service-endpoint.ts';

const MODE = '/capstack/test/policy/mode';
const SECRET = '/capstack/test/demo/stripe/webhook/current';

let ssm: Ssm;
let endpoint: ServiceEndpoint;
let client: SSMClient;

beforeEach(async () => {
  ssm = ssmService(openDurable(undefined), () => 1_800_000_000_000);
  ssm.seed({ name: MODE, value: 'plan', type: 'String', allowedPattern: '^(off|plan|apply)$' });
  ssm.seed({ name: SECRET, value: 'whsec_x', type: 'SecureString' });
  endpoint = await serviceEndpoint(ssm.service);
  client = new SSMClient(endpoint.client);
});
afterEach(async () => {
  client.destroy();
  await endpoint.stop();
});

const read = async (Name: string) =>
  (await client.send(new GetParameterCommand({ Name, WithDecryption: true }))).Parameter;

test('a value that was put is read back, with its version, type and time', async () => {
  const { Version } = await client.send(
    new PutParameterCommand({ Name: MODE, Value: 'apply', Overwrite: true }),
  );
  const parameter = await read(MODE);
  assert.deepEqual([parameter?.Value, parameter?.Version, Version], ['apply', 2, 2]);
  assert.equal(parameter?.Type, 'String');
  assert.equal(parameter?.LastModifiedDate?.getTime(), 1_800_000_000_000);
});

test('seeding again keeps what was put since', async () => {
  await client.send(new PutParameterCommand({ Name: MODE, Value: 'off', Overwrite: true }));
  ssm.seed({ name: MODE, value: 'plan', type: 'String' });
  assert.equal((await read(MODE))?.Value, 'off');
});

test('a secret shows its value only to who asks for decryption', async () => {
  const names = { Names: [SECRET, '/capstack/test/none'] };
  const open = await client.send(new GetParametersCommand({ ...names, WithDecryption: true }));
  assert.deepEqual(
    open.Parameters?.map(({ Value }) => Value),
    ['whsec_x'],
  );
  assert.deepEqual(open.InvalidParameters, ['/capstack/test/none']);
  const closed = await client.send(new GetParametersCommand(names));
  assert.ok(!closed.Parameters?.[0]?.Value?.includes('whsec_x'));
});

test('refusals carry the names that the client knows', async () => {
  const put = (Value: string, Overwrite: boolean) =>
    client.send(new PutParameterCommand({ Name: MODE, Value, Overwrite }));
  await assert.rejects(read('/none'), (error) => error instanceof ParameterNotFound);
  await assert.rejects(put('off', false), (error) => error instanceof ParameterAlreadyExists);
  await assert.rejects(put('on', true), (error) => error instanceof ParameterPatternMismatchException);
  await assert.rejects(put('x'.repeat(4097), true), { name: 'ValidationException' });
  await assert.rejects(client.send(new PutParameterCommand({ Name: '/new', Value: 'x' })), {
    name: 'ValidationException',
  });
  assert.equal((await read(MODE))?.Value, 'plan');
});

test('IAM is asked for every name; a leading slash is not part of the ARN', async () => {
  await client.send(new GetParametersCommand({ Names: [MODE, SECRET] }));
  const arn = 'arn:aws:ssm:us-east-1:000000000000:parameter/capstack/test';
  assert.deepEqual(endpoint.asked, [
    { action: 'ssm:GetParameters', resource: `${arn}/policy/mode` },
    { action: 'ssm:GetParameters', resource: `${arn}/demo/stripe/webhook/current` },
  ]);
  endpoint.deny();
  await assert.rejects(read(MODE), { name: 'AccessDeniedException' });
});
