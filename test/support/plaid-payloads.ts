/** Synthetic objects in the shapes of Plaid's API; members that nothing reads are left out. */
import { createHash, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { SignJWT } from 'jose';
import type { Transaction } from '../../scripts/local/providers/plaid-item.ts';
import type { CurveKey } from '../../shared/providers/provider.ts';

export const ITEM = 'item-1';
export const CHECKING = 'acct-checking';

/** A posted card payment of 12.34 dollars; Plaid's positive is money out. */
export const bankRow = (fields: Readonly<Record<string, unknown>> = {}): Transaction => ({
  transaction_id: 'tx-1',
  account_id: CHECKING,
  amount: 12.34,
  iso_currency_code: 'USD',
  unofficial_currency_code: null,
  date: '2026-01-30',
  datetime: '2026-01-30T00:00:00Z',
  authorized_date: '2026-01-29',
  pending: false,
  pending_transaction_id: null,
  name: 'CARD PURCHASE OFFICE DEPOT 0042',
  merchant_name: 'Office Depot',
  counterparties: [{ name: 'Office Depot', type: 'merchant' }],
  personal_finance_category: { primary: 'GENERAL_MERCHANDISE', detailed: 'GENERAL_MERCHANDISE_OFFICE' },
  ...fields,
});

/** A webhook's body as Plaid writes it: indented. */
export const plaidWebhook = (fields: Readonly<Record<string, unknown>> = {}): Buffer =>
  Buffer.from(
    JSON.stringify(
      {
        webhook_type: 'TRANSACTIONS',
        webhook_code: 'SYNC_UPDATES_AVAILABLE',
        item_id: ITEM,
        initial_update_complete: true,
        historical_update_complete: true,
        environment: 'sandbox',
        ...fields,
      },
      null,
      2,
    ),
  );

export interface TestKey {
  readonly id: string;
  readonly privateKey: KeyObject;
  readonly publicKey: CurveKey;
}

export const testKey = (id: string): TestKey => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
  return { id, privateKey, publicKey: { x, y } };
};

/** The token of the `Plaid-Verification` header. */
export const plaidSignature = (
  key: TestKey,
  body: Uint8Array,
  issuedSeconds: number,
  claims: Readonly<Record<string, unknown>> = {},
): Promise<string> =>
  new SignJWT({ request_body_sha256: createHash('sha256').update(body).digest('hex'), ...claims })
    .setProtectedHeader({ alg: 'ES256', kid: key.id, typ: 'JWT' })
    .setIssuedAt(issuedSeconds)
    .sign(key.privateKey);
