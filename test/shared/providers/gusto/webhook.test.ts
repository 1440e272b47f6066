import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { parseGustoDoorbell } from '../../../../shared/providers/gusto/doorbell.ts';
import { gusto } from '../../../../shared/providers/gusto/webhook.ts';
import { COMPANY, PAYROLL } from '../../../support/gusto-payloads.ts';
import { settingsOf } from '../../../support/settings.ts';

const settings = settingsOf({ gusto: { company: COMPANY, taxes: 'impound' } });
const TOKEN = 'made-up-verification-token';

const bodyOf = (fields: Readonly<Record<string, unknown>> = {}): Buffer =>
  Buffer.from(
    JSON.stringify({
      uuid: 'e0000000-0000-4000-8000-000000000001',
      event_type: 'payroll.processed',
      resource_type: 'Company',
      resource_uuid: COMPANY,
      entity_type: 'Payroll',
      entity_uuid: PAYROLL,
      timestamp: 1_772_452_800,
      ...fields,
    }),
  );

const signature = (body: Buffer, secret = TOKEN, encoding: 'hex' | 'base64' = 'hex'): string =>
  createHmac('sha256', secret).update(body).digest(encoding);

const verified = (body: Buffer, header: string | undefined, secrets: readonly string[] = [TOKEN]): boolean =>
  gusto.verify({ headers: { 'x-gusto-signature': header }, body }, secrets, 0);

test('16 the signature is hex over the raw bytes, under the current or the previous token', () => {
  const body = bodyOf();
  assert.ok(verified(body, signature(body)));
  assert.ok(verified(body, signature(body), ['newer-token', TOKEN]));
  assert.equal(verified(body, signature(body), ['newer-token']), false);
  assert.equal(verified(body, signature(body), []), false);
  assert.equal(verified(Buffer.concat([body, Buffer.from(' ')]), signature(body)), false);
  assert.equal(verified(body, signature(body, TOKEN, 'base64')), false);
  assert.equal(verified(body, undefined), false);
});

test('16 an event of a payroll rings for it, and says nothing by itself', () => {
  for (const type of ['processed', 'paid', 'cancelled', 'reversed', 'partially_reversed', 'deleted']) {
    const reading = gusto.interpret(bodyOf({ event_type: `payroll.${type}` }), settings);
    assert.ok(reading.outcome === 'ignored');
    assert.deepEqual(reading.doorbells.map(parseGustoDoorbell), [{ kind: 'payroll', id: PAYROLL }]);
  }
});

test('16 an event of a contractor payment rings for it', () => {
  const fields = { entity_type: 'ContractorPayment', entity_uuid: 'c-1' };
  for (const type of ['created', 'cancelled']) {
    const reading = gusto.interpret(
      bodyOf({ ...fields, event_type: `contractor_payment.${type}` }),
      settings,
    );
    assert.ok(reading.outcome === 'ignored');
    assert.deepEqual(reading.doorbells.map(parseGustoDoorbell), [{ kind: 'contractor_payment', id: 'c-1' }]);
  }
  assert.equal(parseGustoDoorbell('gusto:employee:c-1'), undefined);
});

test('16 events of others, and about other things, ring for nothing', () => {
  const silent = (body: Buffer, at = settings): void => {
    const reading = gusto.interpret(body, at);
    assert.ok(reading.outcome === 'ignored');
    assert.deepEqual(reading.doorbells, []);
  };
  silent(bodyOf({ resource_uuid: 'another-company' }));
  silent(bodyOf({ entity_type: 'Employee', event_type: 'employee.updated' }));
  silent(bodyOf(), settingsOf());
  assert.equal(gusto.interpret(Buffer.from('[]'), settings).outcome, 'quarantined');
  assert.equal(gusto.interpret(bodyOf({ entity_uuid: 'two words' }), settings).outcome, 'quarantined');
});

test('16 a delivery goes by its uuid, and by its hash where it has none', () => {
  const deliveryId = (body: Buffer): string => gusto.deliveryId({ headers: {}, body });
  assert.equal(deliveryId(bodyOf()), 'e0000000-0000-4000-8000-000000000001');
  assert.equal(deliveryId(bodyOf({ timestamp: 1 })), deliveryId(bodyOf()));
  assert.match(deliveryId(bodyOf({ uuid: undefined })), /^sha256-[0-9a-f]{64}$/);
});

test('16 a verification token is an offer, and nothing else is', () => {
  const offer = (value: unknown): string | undefined =>
    gusto.offeredSecret?.(Buffer.from(JSON.stringify(value)));
  assert.equal(offer({ verification_token: TOKEN }), TOKEN);
  assert.equal(offer({ verification_token: 'short' }), undefined);
  assert.equal(offer({ verification_token: `${TOKEN}\n` }), undefined);
  assert.equal(gusto.offeredSecret?.(bodyOf()), undefined);
});
