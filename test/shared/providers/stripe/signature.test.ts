import assert from 'node:assert/strict';
import { test } from 'node:test';
import Stripe from 'stripe';
import { verifyStripe } from '../../../../shared/providers/stripe/signature.ts';

const SECRET = 'whsec_test_secret';
const T = 1_712_345_678;
const NOW = T * 1000;
const BODY = Buffer.from('{\n  "id": "evt_test_webhook",\n  "object": "event"\n}');
/** A published vector, not computed here. */
const V1 = 'f22b68e3cc77813013ad5bee3c024793eca745f7f982788bebf0af6fca3ca37c';

const verify = (
  header: string | undefined,
  more: { body?: Buffer; secrets?: string[]; nowMs?: number } = {},
): boolean =>
  verifyStripe(
    { headers: { 'stripe-signature': header }, body: more.body ?? BODY },
    more.secrets ?? [SECRET],
    more.nowMs ?? NOW,
  );

/** Stripe's own signer. */
const signed = (secret: string, timestamp = T, payload = BODY.toString()): string =>
  Stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp });

test('10 the published vector verifies', () => {
  assert.equal(verify(`t=${T},v1=${V1}`), true);
  assert.equal(verify(`t=${T},v1=${V1.toUpperCase()}`), true);
});

test("what Stripe's own library signs verifies", () => {
  assert.equal(signed(SECRET).includes(V1), true);
  assert.equal(verify(signed(SECRET)), true);
});

test('10 during a rotation one good signature of two, or one good secret of two, is enough', () => {
  const foreign = 'a'.repeat(64);
  assert.equal(verify(`t=${T},v1=${foreign},v1=${V1}`), true);
  assert.equal(verify(`t=${T},v1=${V1},v1=${foreign}`), true);
  assert.equal(verify(signed('whsec_old'), { secrets: ['whsec_new', 'whsec_old'] }), true);
  assert.equal(verify(signed('whsec_old'), { secrets: ['whsec_new'] }), false);
  assert.equal(verify(signed(SECRET), { secrets: [] }), false);
});

test('10 a time more than 300 s old or 60 s ahead is refused', () => {
  assert.equal(verify(signed(SECRET), { nowMs: NOW + 300_000 }), true);
  assert.equal(verify(signed(SECRET), { nowMs: NOW + 300_001 }), false);
  assert.equal(verify(signed(SECRET), { nowMs: NOW - 60_000 }), true);
  assert.equal(verify(signed(SECRET), { nowMs: NOW - 60_001 }), false);
  assert.equal(verify(signed(SECRET), { nowMs: NOW - 3_600_000 }), false);
});

test('10 the bytes count, not their meaning', () => {
  const restyled = Buffer.from(JSON.stringify(JSON.parse(BODY.toString())));
  assert.equal(verify(signed(SECRET), { body: restyled }), false);
  assert.equal(verify(signed(SECRET), { body: Buffer.concat([BODY, Buffer.from('\n')]) }), false);
  const binary = Buffer.from([0x7b, 0xff, 0xfe, 0x7d]);
  assert.equal(verify(signed(SECRET), { body: binary }), false);
});

test('10 other schemes, other times and broken headers prove nothing', () => {
  for (const header of [
    undefined,
    '',
    'garbage',
    `t=${T}`,
    `v1=${V1}`,
    `t=${T},v0=${V1}`,
    `t=${T + 1},v1=${V1}`,
    `t=${T},t=${T + 1},v1=${V1}`,
    `t=-${T},v1=${V1}`,
    `t=${T},v1=${V1.slice(0, 63)}`,
    `t=${T},v1=`,
    `t=${T},v1=${V1}00`,
    `=,=${V1}`,
  ])
    assert.equal(verify(header), false, String(header));
});
