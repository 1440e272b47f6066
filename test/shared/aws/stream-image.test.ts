import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AttributeValue, DynamoDBRecord } from 'aws-lambda';
import { ledgerRowOf } from '../../../shared/aws/stream-image.ts';
import { itemOf } from '../../../shared/ledger/codec.ts';
import { type DeliveryRow, factRow, type LedgerRow } from '../../../shared/ledger/row.ts';
import { cashFact } from '../../support/rows.ts';
import { provenance, settingsOf } from '../../support/settings.ts';

/** As Lambda delivers it: binary in base64. */
const attribute = (value: unknown): AttributeValue => {
  if (typeof value === 'string') return { S: value };
  if (value instanceof Uint8Array) return { B: Buffer.from(value).toString('base64') };
  if (Array.isArray(value)) return { L: value.map(attribute) };
  throw new Error(`no attribute for ${typeof value}`);
};
const recordOf = (row: LedgerRow): DynamoDBRecord => ({
  dynamodb: {
    NewImage: Object.fromEntries(
      Object.entries(itemOf(row)).map(([name, value]) => [name, attribute(value)]),
    ),
  },
});

test('a row comes out of the stream as it went in', () => {
  const fact = factRow(cashFact({ key: 'k', amountMinor: 9_007_199_254_740_993n }), provenance(settingsOf()));
  assert.deepEqual(ledgerRowOf(recordOf(fact)), fact);
  const delivery: DeliveryRow = {
    pk: 'D#acme#stripe#evt_1',
    sk: 'ab',
    kind: 'delivery',
    tenant: 'acme',
    recordedAt: '2026-02-01T00:00:00.000Z',
    normaliser: 'stripe/1',
    traceparent: '',
    source: 'stripe',
    deliveryId: 'evt_1',
    body: Buffer.from([0, 255, 31]),
    bodyHash: 'sha256:ab',
    doorbell: ['stripe:balance_transaction:txn_1'],
  };
  assert.deepEqual(ledgerRowOf(recordOf(delivery)), delivery);
});

test('numbers stay exact and a removal has no row', () => {
  const row = ledgerRowOf({
    dynamodb: { NewImage: { n: { N: '9007199254740993' }, m: { M: { x: { BOOL: true } } } } },
  });
  assert.deepEqual({ ...row }, { n: '9007199254740993', m: { x: true } });
  assert.equal(ledgerRowOf({ dynamodb: {} }), undefined);
  assert.equal(ledgerRowOf({}), undefined);
});
