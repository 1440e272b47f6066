import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultProvider } from '../../../shared/aws/lambda-credentials.ts';

const NAMES = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'] as const;

const under = async <Result>(
  values: readonly (string | undefined)[],
  run: () => Promise<Result>,
): Promise<Result> => {
  const before = NAMES.map((name) => process.env[name]);
  const set = (given: readonly (string | undefined)[]): void =>
    NAMES.forEach((name, index) => {
      const value = given[index];
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    });
  set(values);
  try {
    return await run();
  } finally {
    set(before);
  }
};

test('credentials are those of the environment, read at each use', async () => {
  const provide = defaultProvider();
  assert.deepEqual(await under(['a', 'b', 'c'], provide), {
    accessKeyId: 'a',
    secretAccessKey: 'b',
    sessionToken: 'c',
  });
  assert.deepEqual(await under(['x', 'y', undefined], provide), { accessKeyId: 'x', secretAccessKey: 'y' });
  await assert.rejects(under([undefined, 'y', undefined], provide), /no AWS credentials/);
});
