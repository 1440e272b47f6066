import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { signedHeaders, verifyCapstack } from '../../../../shared/providers/generic/signature.ts';

const BODY = Buffer.from('{"schema":1,"events":[]}');
const SECONDS = 1_769_860_800;
const NOW = SECONDS * 1000;

/** The scheme written out again, independently of the code under test. */
const signature = (secret: string, timestamp: string, id: string, body = BODY): string =>
  `v1=${createHmac('sha256', secret)
    .update(Buffer.concat([Buffer.from(`v1:${timestamp}:${id}:`), body]))
    .digest('hex')}`;

const headers = (fields: Record<string, string | undefined> = {}): Record<string, string | undefined> => ({
  'x-capstack-timestamp': `${SECONDS}`,
  'x-capstack-delivery-id': 'd-1',
  'x-capstack-signature': signature('s3cret', `${SECONDS}`, 'd-1'),
  ...fields,
});

const verify = (
  given: Record<string, string | undefined>,
  nowMs = NOW,
  secrets = ['s3cret'],
  body = BODY,
): boolean => verifyCapstack({ headers: given, body }, secrets, nowMs);

test('what the scheme signs verifies, and our own signer follows it', () => {
  assert.equal(verify(headers()), true);
  assert.deepEqual(signedHeaders('s3cret', 'd-1', BODY, NOW), headers());
});

test('two signatures in the header and two secrets at our side are both tried', () => {
  const old = signature('old', `${SECONDS}`, 'd-1');
  const current = signature('s3cret', `${SECONDS}`, 'd-1');
  assert.equal(verify(headers({ 'x-capstack-signature': `${old},${current}` })), true);
  assert.equal(verify(headers({ 'x-capstack-signature': `${old}, ${current}` })), true);
  assert.equal(verify(headers({ 'x-capstack-signature': old }), NOW, ['s3cret', 'old']), true);
  assert.equal(verify(headers({ 'x-capstack-signature': old })), false);
});

test('the clock may be 300 s off either way and no more', () => {
  for (const offset of [300_000, -300_000]) assert.equal(verify(headers(), NOW + offset), true);
  for (const offset of [300_001, -300_001]) assert.equal(verify(headers(), NOW + offset), false);
});

test('timestamp, delivery id and body are all signed', () => {
  assert.equal(verify(headers({ 'x-capstack-timestamp': `${SECONDS + 1}` })), false);
  assert.equal(verify(headers({ 'x-capstack-delivery-id': 'd-2' })), false);
  assert.equal(verify(headers(), NOW, ['s3cret'], Buffer.from('{"schema":1,"events":[ ]}')), false);
});

test('anything missing or malformed is refused', () => {
  for (const name of ['x-capstack-timestamp', 'x-capstack-delivery-id', 'x-capstack-signature'])
    for (const value of [undefined, '', 'x y', 'é'])
      assert.equal(verify(headers({ [name]: value })), false, name);
  assert.equal(verify(headers(), NOW, []), false);
  const unsigned = signature('s3cret', 'undefined', 'undefined');
  assert.equal(
    verify({ 'x-capstack-signature': unsigned }),
    false,
    'absent headers must not be read as the word undefined',
  );
});
