import assert from 'node:assert/strict';
import { test } from 'node:test';
import { receive } from '../../functions/ingest/receive.ts';
import { keysOfBoth, snsCertificates } from '../../functions/ingest/verification-keys.ts';
import { confirmSubscription } from '../../functions/pull/sns.ts';
import { type Certified, certified } from '../../scripts/local/providers/certificate.ts';
import { signedMessage } from '../../scripts/local/providers/sns.ts';
import { snsApi } from '../../shared/providers/aws-budgets/api.ts';
import { certificatePlace } from '../../shared/providers/aws-budgets/signature.ts';
import { parseConfirmationDoorbell } from '../../shared/providers/aws-costs/doorbell.ts';
import type { Ask } from '../../shared/providers/patience.ts';
import { quietInvocation } from '../support/memory-intake.ts';
import { settingsOf } from '../support/settings.ts';
import { NOW, statusOf, webhookWorld } from '../support/webhook-world.ts';

const TOPIC = 'arn:aws:sns:us-east-1:123456789012:budgets';
const PAYER = '123456789012';
const HOUR_MS = 3_600_000;
const GOOD: readonly [number, number] = [NOW - 24 * HOUR_MS, NOW + 24 * HOUR_MS];
const KEY = certified('sns.amazonaws.com', GOOD);
const settings = settingsOf({
  aws: { payer: PAYER, requestsPerDay: 12, budgetsTopic: TOPIC, credits: [] },
});

/** The webhook door, with SNS's certificates behind it. */
const door = (certificate = KEY.certificate) => {
  const asked: string[] = [];
  const ask: Ask = async (url, { redirect }) => {
    asked.push(url);
    assert.equal(redirect, 'error');
    return { status: 200, headers: { get: () => null }, text: async () => certificate };
  };
  const sns = snsApi('https://sns.{region}.amazonaws.com', ask);
  const world = webhookWorld();
  const tenants = [settings, settingsOf({ tenant: 'other' })];
  const verificationKeys = keysOfBoth({ keyOf: async () => undefined }, snsCertificates(sns));
  const post = async (message: object, tenant = 'acme'): Promise<string> =>
    statusOf(
      await receive(
        { ...world.deps, tenants, verificationKeys },
        {
          method: 'POST',
          path: `/v1/webhooks/${tenant}/aws-budgets`,
          pathParameters: { tenant, source: 'aws-budgets' },
          query: {},
          headers: {},
          rawBody: Buffer.from(JSON.stringify(message)),
          nowMs: NOW,
          traceparent: world.context.traceparent,
        },
        world.context,
      ),
    );
  const doorbells = () =>
    world.ledger.rows().flatMap((row) => (row.kind === 'delivery' ? (row.doorbell ?? []) : []));
  return { ...world, asked, post, doorbells, sns };
};

const message = (fields: object = {}, nowMs = NOW, key: Certified = KEY) =>
  signedMessage(key, fields as Record<string, unknown>, nowMs);

for (const SignatureVersion of ['1', '2'])
  test(`an alert signed in version ${SignatureVersion} rings for the costs, says what it says, and states nothing`, async () => {
    const at = door();
    const alert = message({ SignatureVersion });
    assert.equal(await at.post(alert), '200 ignored');
    assert.equal(await at.post(alert), '200 ignored');
    assert.deepEqual(at.doorbells(), [`aws:costs:${PAYER}`]);
    assert.ok(at.context.lines.some(({ message: text }) => text.includes('ACTUAL Amount: $912.40')));
    assert.ok(at.ledger.rows().every(({ kind }) => kind === 'delivery'));
    assert.equal(at.asked.length, 1, 'the certificate is fetched once');
  });

test('strangers, other topics, changed words and old messages are refused alike, and only ours make us fetch', async () => {
  const at = door();
  const good = message();
  const stranger = certified('sns.amazonaws.com', GOOD);
  const refused: readonly (readonly [string, object, string?])[] = [
    ['signed by somebody else', message({}, NOW, stranger)],
    ['another word', { ...good, Message: 'all is well' }],
    ['another subject', { ...good, Subject: 'x' }],
    ['a subject taken away', { ...good, Subject: undefined }],
    ['another topic, well signed', message({ TopicArn: `${TOPIC}2` })],
    ['another tenant’s door', good, 'other'],
    ['an unknown tenant', good, 'nobody'],
    ['an hour old', message({}, NOW - HOUR_MS - 1_000)],
    ['from the future', message({}, NOW + 120_000)],
    ['another version', message({ SignatureVersion: '3' })],
    ['a version it was not signed in', { ...good, SignatureVersion: '1' }],
    ['a certificate from elsewhere', message({ SigningCertURL: 'https://sns.evil.example/x.pem' })],
    ['no message at all', { Type: 'Notification' }],
  ];
  for (const [what, body, tenant] of refused) assert.equal(await at.post(body, tenant), '401 401', what);
  assert.deepEqual(at.ledger.rows(), []);
  assert.equal(at.asked.length, 1);
});

test('a certificate that has run out, or is none, vouches for nothing', async () => {
  const old = certified('sns.amazonaws.com', [NOW - 48 * HOUR_MS, NOW - 24 * HOUR_MS]);
  assert.equal(await door(old.certificate).post(message({}, NOW, old)), '401 401');
  assert.equal(await door('<html>').post(message()), '401 401');
});

test('certificates are taken from SNS’s own address only', () => {
  const path = '/SimpleNotificationService-0123456789abcdef.pem';
  const places = {
    [`https://sns.eu-west-1.amazonaws.com${path}`]: 'eu-west-1',
    [`http://sns.eu-west-1.amazonaws.com${path}`]: undefined,
    [`https://sns.eu-west-1.amazonaws.com.evil.example${path}`]: undefined,
    [`https://sns.eu-west-1.amazonaws.com@evil.example${path}`]: undefined,
    [`https://evil.example/sns.eu-west-1.amazonaws.com${path}`]: undefined,
    [`https://sns.eu-west-1.amazonaws.com:444${path}`]: undefined,
    [`https://bucket.sns.eu-west-1.amazonaws.com${path}`]: undefined,
    'https://sns.eu-west-1.amazonaws.com/../x.txt': undefined,
    [`https://sns.eu-west-1.amazonaws.com${path}?x=1`]: undefined,
    'not an address': undefined,
  };
  for (const [address, region] of Object.entries(places))
    assert.equal(certificatePlace(address)?.region, region, address);
});

test('a subscription to our topic is confirmed at SNS’s address, whatever link the message holds; to another, never', async () => {
  const at = door();
  const SubscribeURL = 'https://evil.example/?take=me';
  assert.equal(await at.post(message({ Type: 'SubscriptionConfirmation', SubscribeURL })), '200 ignored');
  const [doorbell = ''] = at.doorbells();
  const subscription = parseConfirmationDoorbell(doorbell);
  assert.ok(subscription !== undefined, doorbell);
  await confirmSubscription(at, settings, subscription, quietInvocation(NOW));
  const { host, searchParams } = new URL(at.asked.at(-1) ?? '');
  assert.deepEqual(
    [host, searchParams.get('TopicArn'), searchParams.get('Token')],
    ['sns.us-east-1.amazonaws.com', TOPIC, subscription.token],
  );
  const before = at.asked.length;
  const elsewhere = { ...subscription, topic: `${TOPIC}2` };
  await confirmSubscription(at, settings, elsewhere, quietInvocation(NOW));
  assert.equal(at.asked.length, before);
});

test('the end of a subscription is said, and nothing is fetched for it', async () => {
  const at = door();
  assert.equal(await at.post(message({ Type: 'UnsubscribeConfirmation' })), '200 ignored');
  assert.deepEqual(at.doorbells(), []);
  assert.ok(at.context.lines.some(({ level, message: text }) => level === 'WARN' && text.includes(TOPIC)));
});
