import assert from 'node:assert/strict';
import { createHash, createHmac, sign } from 'node:crypto';
import { test } from 'node:test';
import { plaid } from '../../../../shared/providers/plaid/webhook.ts';
import { bankRow, ITEM, plaidSignature, plaidWebhook, testKey } from '../../../support/plaid-payloads.ts';
import { settingsOf } from '../../../support/settings.ts';

const NOW = Date.UTC(2026, 1, 1, 12);
const SECONDS = NOW / 1000;
const BODY = plaidWebhook();
const KEY = testKey('key-1');
const settings = settingsOf({ plaid: [{ item: ITEM, accounts: {} }] });

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const bodyHash = (body: Uint8Array): string => createHash('sha256').update(body).digest('hex');
const CLAIMS = { iat: SECONDS, request_body_sha256: bodyHash(BODY) };

/** Both halves of the check, as the door makes them: with the one key that there is. */
const isAuthentic = async (
  token: string | undefined,
  { body = BODY, nowMs = NOW, key = KEY.publicKey, at = settings } = {},
): Promise<boolean> => {
  const request = { headers: { 'plaid-verification': token }, body };
  return plaid.keyId(request, at, nowMs) === KEY.id && plaid.verifyWith(request, key);
};

/** A token whose signature is made by `crypto.sign`, in either encoding. */
const handSigned = (header: object, dsaEncoding: 'der' | 'ieee-p1363', claims: object = CLAIMS): string => {
  const input = `${part(header)}.${part(claims)}`;
  const signature = sign('sha256', Buffer.from(input), { key: KEY.privateKey, dsaEncoding });
  return `${input}.${signature.toString('base64url')}`;
};
const HEADER = { alg: 'ES256', kid: KEY.id, typ: 'JWT' };

test('a token of these bytes by the key it names is good', async () => {
  assert.equal(await isAuthentic(await plaidSignature(KEY, BODY, SECONDS)), true);
  assert.equal(await isAuthentic(handSigned(HEADER, 'ieee-p1363')), true);
});

test('11 a signature of 64 bytes only: the same one in DER is refused', async () => {
  assert.equal(await isAuthentic(handSigned(HEADER, 'der')), false);
});

test('11 the token does not choose its algorithm', async () => {
  for (const alg of ['none', 'HS256', 'ES384', 'RS256', 'es256', undefined])
    assert.equal(await isAuthentic(handSigned({ ...HEADER, alg }, 'ieee-p1363')), false, String(alg));
  const input = `${part({ ...HEADER, alg: 'none' })}.${part(CLAIMS)}`;
  assert.equal(await isAuthentic(`${input}.`), false);
  const hmac = `${part({ ...HEADER, alg: 'HS256' })}.${part(CLAIMS)}`;
  const mac = createHmac('sha256', KEY.publicKey.x).update(hmac).digest('base64url');
  assert.equal(await isAuthentic(`${hmac}.${mac}`), false);
});

test('11 another key is refused, by its name and by what it signs', async () => {
  const stranger = testKey('key-1');
  assert.equal(await isAuthentic(await plaidSignature(stranger, BODY, SECONDS)), false);
  assert.equal(await isAuthentic(await plaidSignature(testKey('key-2'), BODY, SECONDS)), false);
  assert.equal(await isAuthentic(handSigned({ alg: 'ES256' }, 'ieee-p1363')), false);
  assert.equal(await isAuthentic(handSigned({ ...HEADER, kid: '../x' }, 'ieee-p1363')), false);
});

test('11 a token counts for 300 s, and for 60 s before its time', async () => {
  const token = await plaidSignature(KEY, BODY, SECONDS);
  for (const [offsetSeconds, good] of [
    [300, true],
    [301, false],
    [-60, true],
    [-61, false],
  ] as const)
    assert.equal(await isAuthentic(token, { nowMs: NOW + offsetSeconds * 1000 }), good, `${offsetSeconds}`);
  assert.equal(await isAuthentic(handSigned(HEADER, 'ieee-p1363', { ...CLAIMS, iat: undefined })), false);
  assert.equal(await isAuthentic(handSigned(HEADER, 'ieee-p1363', { ...CLAIMS, iat: '1' })), false);
});

test('11 the bytes are signed, not what they say', async () => {
  const token = await plaidSignature(KEY, BODY, SECONDS);
  assert.equal(await isAuthentic(token, { body: Buffer.concat([BODY, Buffer.from('\n')]) }), false);
  const restyled = Buffer.from(JSON.stringify(JSON.parse(BODY.toString())));
  assert.equal(await isAuthentic(token, { body: restyled }), false);
  const claiming = await plaidSignature(KEY, BODY, SECONDS, { request_body_sha256: bodyHash(restyled) });
  assert.equal(await isAuthentic(claiming), false);
});

test('a key signs until it expires', async () => {
  const token = await plaidSignature(KEY, BODY, SECONDS);
  const until = (expiredSeconds: number) => ({ key: { ...KEY.publicKey, expiredSeconds } });
  assert.equal(await isAuthentic(token, until(SECONDS + 1)), true);
  assert.equal(await isAuthentic(token, until(SECONDS)), false);
});

test("a good signature about nobody's item, or another tenant's, is nobody's", async () => {
  const token = await plaidSignature(KEY, BODY, SECONDS);
  assert.equal(await isAuthentic(token, { at: settingsOf() }), false);
  assert.equal(
    await isAuthentic(token, { at: settingsOf({ plaid: [{ item: 'item-2', accounts: {} }] }) }),
    false,
  );
  for (const body of [
    Buffer.from('not json'),
    Buffer.from('{}'),
    plaidWebhook({ item_id: `${ITEM}#` }),
    Buffer.from(JSON.stringify(bankRow())),
  ])
    assert.equal(await isAuthentic(await plaidSignature(KEY, body, SECONDS), { body }), false);
});

test('a header that is no token is refused', async () => {
  for (const token of [undefined, '', 'x', 'a.b.c', '...', `${'a'.repeat(9000)}.b.c`])
    assert.equal(await isAuthentic(token), false, token);
});
