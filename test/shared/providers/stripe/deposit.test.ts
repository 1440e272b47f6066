import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isStripePayout } from '../../../../shared/providers/stripe/deposit.ts';
import { settingsOf } from '../../../support/settings.ts';

const connected = settingsOf({ stripe: true });

test('a deposit that names Stripe is the end of a payout, where Stripe sends us its events', () => {
  assert.equal(isStripePayout(connected, 1n, ['STRIPE TRANSFER ST-1']), true);
  assert.equal(isStripePayout(connected, 1n, [undefined, null, 'ach credit: Stripe']), true);
});

test('where Stripe sends us none, its deposits are income', () => {
  assert.equal(isStripePayout(settingsOf({ stripe: false }), 1n, ['STRIPE TRANSFER ST-1']), false);
});

test('money out, and a name that only contains the letters, are no payout', () => {
  assert.equal(isStripePayout(connected, -1n, ['STRIPE BILLING']), false);
  assert.equal(isStripePayout(connected, 1n, ['PINSTRIPE CAPITAL']), false);
});
