import assert from 'node:assert/strict';
import { test } from 'node:test';
import { attemptAll } from '../../../shared/concurrency/attempt-all.ts';
import { logger } from '../../../shared/lambda/logger.ts';

const written = (error: unknown) => {
  const lines: string[] = [];
  logger({ function: 'pull' }, (line) => lines.push(line)).error('invocation failed', { error });
  const [line = '{}'] = lines;
  return JSON.parse(line) as { error: Record<string, unknown> };
};

test('the log says what each provider of a failed sweep said, and why', async () => {
  const failing = (words: string, cause?: Error) => async () => {
    throw new Error(words, { cause });
  };
  const failed: unknown = await attemptAll([
    failing('Gusto answered 503'),
    failing('Plaid is silent', new Error('ECONNRESET')),
  ]).catch((error: unknown) => error);
  const { error } = written(failed);
  const errors = error['errors'] as { message: string; cause?: { message: string } }[];
  assert.deepEqual(
    errors.map(({ message, cause }) => [message, cause?.message]),
    [
      ['Gusto answered 503', undefined],
      ['Plaid is silent', 'ECONNRESET'],
    ],
  );
  assert.equal('errors' in written(new Error('alone')).error, false);
});
