/** A file of days that a bank's own feed tells: kept, not counted, and said so. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { importWorld, statement } from '../support/import-world.ts';
import { cashFact, day } from '../support/rows.ts';
import { provenance, settingsOf } from '../support/settings.ts';

const ROWS = [
  '2026-01-05,-12.34,AWS EMEA,cloud',
  '2026-01-15,-5000.00,PAYROLL,payroll',
  '2026-01-20,900.00,ACME CORP,',
  '2026-01-31,-7.00,BANK FEE,',
];
const LOGIN = [{ item: 'item-1', accounts: { a1: 'checking' } }];

const plaid = (date: string, account = 'checking', item = 'item-1') =>
  cashFact({ key: `plaid:${item}:a1:${date}`, source: 'plaid', account, date: day(date), amountMinor: -1n });

/** What is answered of rows that do not count, once a feed has told these days. */
const answered = async (
  settings: Parameters<typeof settingsOf>[0],
  ...told: readonly ReturnType<typeof plaid>[]
) => {
  const tenant = settingsOf(settings);
  const world = importWorld(tenant);
  for (const fact of told) await world.ledger.append(fact, provenance(tenant));
  const { status, body } = await world.post(statement(ROWS));
  assert.equal(status, 200);
  assert.deepEqual([body.rows, body.accepted], [4, 4], 'every row is kept');
  return body.not_counted;
};

test('rows from the first day that Plaid tells are said not to count', async () => {
  assert.deepEqual(await answered({ plaid: LOGIN }, plaid('2026-01-15'), plaid('2026-01-18')), {
    ...{ rows: 3, from: '2026-01-15', to: '2026-01-31' },
  });
});

test('a login that began before the file covers all of it, however quiet its account was', async () => {
  assert.deepEqual(await answered({ plaid: LOGIN }, plaid('2025-06-01')), {
    ...{ rows: 4, from: '2026-01-05', to: '2026-01-31' },
  });
});

test('a login of old tells no more than its days, and another account’s tells nothing', async () => {
  const old = [plaid('2026-01-04', 'checking', 'gone'), plaid('2026-01-16', 'checking', 'gone')];
  assert.deepEqual(await answered({}, ...old), { rows: 2, from: '2026-01-05', to: '2026-01-15' });
  assert.equal(await answered({ plaid: LOGIN }, plaid('2026-01-02', 'savings')), undefined);
  assert.equal(await answered({ plaid: LOGIN }), undefined);
});

test('what the configuration says of an account is heard', async () => {
  const account = { account: 'checking', kind: 'bank' } as const;
  const accounts = [{ ...account, authority: 'csv' }];
  assert.equal(await answered({ plaid: LOGIN, accounts }, plaid('2026-01-02')), undefined);
  const late = [{ ...account, authority: 'plaid', from: '2026-01-20' }];
  assert.deepEqual(await answered({ plaid: LOGIN, accounts: late }, plaid('2026-01-02')), {
    ...{ rows: 2, from: '2026-01-20', to: '2026-01-31' },
  });
});
