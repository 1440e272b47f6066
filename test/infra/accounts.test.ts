import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseConfiguration } from '../../infra/configuration.ts';

const withAccounts = (accounts: string): string =>
  `tenants:\n  - { name: a, accounting_zone: UTC, base_currency: USD, livemode: true, accounts: ${accounts} }\n`;

const complaint = (accounts: string): string => {
  try {
    parseConfiguration(withAccounts(accounts), 'c.yml');
  } catch (error) {
    return (error as Error).message;
  }
  return 'none';
};

test('an account names its kind, whose word counts and from when', () => {
  const { tenants } = parseConfiguration(
    withAccounts(
      '[{ name: "bank:a", kind: bank, authority: csv, from: 2026-03-01, stripe_destination: ba_1 }]',
    ),
    'c.yml',
  );
  assert.deepEqual(tenants[0]?.accounts, [
    { name: 'bank:a', kind: 'bank', authority: 'csv', from: '2026-03-01', stripe_destination: 'ba_1' },
  ]);
});

const WRONG: readonly (readonly [string, RegExp])[] = [
  ['[{ name: "bank:a", kind: purse, authority: csv }]', /accounts\[0\]\.kind: expected one of bank, card/],
  [
    '[{ name: "bank:a", kind: bank, authority: gut }]',
    /accounts\[0\]\.authority: expected one of plaid, csv/,
  ],
  [
    '[{ name: "bank:a", kind: bank, authority: csv, from: 2026-02-30 }]',
    /accounts\[0\]\.from: not a day; write one such as 2026-01-31/,
  ],
  [
    '[{ name: "bank:a", kind: bank, authority: csv }, { name: "bank:a", kind: bank, authority: plaid }]',
    /accounts\[1\]\.name: bank:a is there already/,
  ],
  [
    '[{ name: b1, kind: bank, authority: csv, stripe_destination: ba_1 }, { name: b2, kind: bank, authority: csv, stripe_destination: ba_1 }]',
    /accounts\[1\]\.stripe_destination: ba_1 is there already/,
  ],
];
for (const [accounts, says] of WRONG)
  test(`${accounts} is turned down`, () => {
    assert.match(complaint(accounts), says);
  });
