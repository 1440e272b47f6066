import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readUpdate } from '../../../../shared/providers/plaid/sync.ts';
import { bankRow, CHECKING, ITEM } from '../../../support/plaid-payloads.ts';
import { settingsOf } from '../../../support/settings.ts';

const settings = settingsOf({
  accountingZone: 'America/New_York',
  plaid: [{ item: ITEM, accounts: { [CHECKING]: 'bank:checking' } }],
});

const account = (type: string, current: number | null, fields: object = {}) => ({
  account_id: CHECKING,
  type,
  balances: { current, available: 1, iso_currency_code: 'USD', ...fields },
});

const balances = (accounts: readonly unknown[], ordinal = 1) =>
  readUpdate(
    {
      item: ITEM,
      since: null,
      fetchedAt: '2026-02-01T03:00:00.000Z',
      pages: [{ added: [bankRow()], modified: [], removed: [], accounts, next_cursor: 'c', has_more: false }],
    },
    ordinal,
    settings,
  ).events.flatMap((event) => ('fact' in event && event.fact.kind === 'statement' ? [event.fact] : []));

test('what a bank says it holds is a statement of its day, in the tenant’s zone, under our name of the account', () => {
  const [fact] = balances([account('depository', 1234.56)]);
  assert.deepEqual(
    [fact?.date, fact?.subject, fact?.key],
    ['2026-01-31', 'balance', `plaid:${ITEM}:${CHECKING}:balance:2026-01-31`],
  );
  assert.deepEqual(JSON.parse(fact?.body ?? ''), {
    account: 'bank:checking',
    amountMinor: '123456',
    currency: 'USD',
  });
  const [later] = balances([account('depository', 1)], 2);
  assert.ok(later && fact && later.revision > fact.revision, 'the later update of a day counts');
});

test('what is owed on a card is negative', () => {
  assert.match(balances([account('credit', 99.5)])[0]?.body ?? '', /"amountMinor":"-9950"/);
  assert.match(balances([account('depository', -12)])[0]?.body ?? '', /"amountMinor":"-1200"/);
});

test('loans, investments and balances that are not told state nothing', () => {
  const told = [
    account('loan', 5),
    account('investment', 5),
    account('depository', null),
    account('depository', 5, { iso_currency_code: null }),
    account('depository', 1.005),
    { account_id: CHECKING },
    null,
  ];
  assert.deepEqual(balances(told), []);
});
