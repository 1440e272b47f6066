import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { basicAuthorization, hasBasicCredentials } from '../../../shared/providers/basic-auth.ts';

const offered = (authorization: string | undefined, accepted: readonly string[]): boolean =>
  hasBasicCredentials({ headers: { authorization }, body: Buffer.alloc(0) }, accepted);

test('the current and the previous credentials open, others do not', () => {
  const accepted = ['hook:new', 'hook:old'];
  assert.ok(offered(basicAuthorization('hook', 'new'), accepted));
  assert.ok(offered(basicAuthorization('hook', 'old'), accepted));
  assert.ok(offered(basicAuthorization('hook', 'new').replace('Basic', 'basic'), accepted));
  for (const header of [
    undefined,
    '',
    'Basic ',
    'Basic',
    basicAuthorization('hook', 'older'),
    basicAuthorization('Hook', 'new'),
    basicAuthorization('hook', 'new').replace('Basic', 'Bearer'),
    `Basic ${Buffer.from('hook').toString('base64')}`,
    `${basicAuthorization('hook', 'new')} more`,
  ])
    assert.equal(offered(header, accepted), false, String(header));
});

test('without a secret nobody comes in, not even with empty credentials', () => {
  assert.equal(offered(basicAuthorization('', ''), []), false);
  assert.equal(offered('Basic ', ['']), false);
});

test('a password may hold colons, and only the very same text is the same', () => {
  fc.assert(
    fc.property(
      fc.string({ maxLength: 40 }),
      fc.string({ maxLength: 40 }),
      fc.string(),
      (user, password, other) => {
        fc.pre(!user.includes(':'));
        const secret = `${user}:${password}`;
        assert.ok(offered(basicAuthorization(user, password), [secret]));
        assert.equal(offered(basicAuthorization(user, password), [other]), other === secret);
      },
    ),
  );
});
