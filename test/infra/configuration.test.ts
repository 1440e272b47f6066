import assert from 'node:assert/strict';
import { join, resolve } from 'node:path';
import { describe, test } from 'node:test';
import { parseConfiguration, readConfiguration, STAGE_NAME } from '../../infra/configuration.ts';

const TENANT = '{ name: acme, accounting_zone: Europe/Berlin, base_currency: EUR, livemode: true }';

const FIELDS = 'accounting_zone: UTC, base_currency: USD, livemode: true';
const withBanks = (logins: string): string => `tenants:\n  - { name: a, ${FIELDS}, plaid: ${logins} }\n`;
const BANKS_OF_B = `  - { name: b, ${FIELDS}, plaid: [{ item_id: i-1 }] }\n`;

const complaint = (text: string): string => {
  try {
    parseConfiguration(text, 'c.yml');
  } catch (error) {
    return (error as Error).message;
  }
  return 'none';
};

test('one tenant is all that must be written; the rest has defaults', () => {
  assert.deepEqual(parseConfiguration(`tenants: [${TENANT}]`, 'c.yml'), {
    stage: { name: 'dev', cache: 'serverless', batch_window_seconds: 0, log_retention_days: 30 },
    tenants: [
      {
        name: 'acme',
        accounting_zone: 'Europe/Berlin',
        base_currency: 'EUR',
        livemode: true,
        stripe: true,
        slices: 1,
      },
    ],
    policy: {
      tenant: 'acme',
      enter_days: 60,
      critical_days: 45,
      restore_days: 120,
      protected_minimum: 2,
      flap_budget: 8,
      spot_shift: false,
      monthly_budget_usd: 1000,
    },
    alerts: {
      p5_warning_days: 180,
      p5_page_days: 60,
      p5_critical_days: 45,
      burn_rate_std: 4000,
      forecast_age_hours: 3,
      channels: { pagerduty: false, slack: false },
      payroll_silence_days: [],
    },
    reconciliation: { frequency: 'daily', variance: 0.02, floor: 50, auto_pause: true },
    fx: { provider: 'ecb', rate_type: 'reference' },
    security: { rate_limit_per_minute: 100 },
  });
});

test('the file of the repository says the defaults, for one test tenant', () => {
  const shipped = readConfiguration(join(resolve(import.meta.dirname, '../..'), 'capstack.config.yml'));
  const { tenants, ...rest } = shipped;
  const { tenants: _, ...defaults } = parseConfiguration(
    `tenants: [${TENANT.replace('acme', 'demo')}]`,
    'c.yml',
  );
  assert.deepEqual(rest, defaults);
  assert.deepEqual(tenants, [
    {
      name: 'demo',
      accounting_zone: 'America/New_York',
      base_currency: 'USD',
      livemode: false,
      stripe: true,
      slices: 1,
    },
  ]);
});

test('bank logins name their accounts, or leave them unnamed; two accounts may be one of ours', () => {
  const { tenants } = parseConfiguration(
    withBanks(
      `[{ item_id: i-1, accounts: { a-1: 'bank:checking', a-2: 'bank:checking' } }, { item_id: I-1 }]`,
    ),
    'c.yml',
  );
  assert.deepEqual(tenants[0]?.plaid, [
    { item_id: 'i-1', accounts: { 'a-1': 'bank:checking', 'a-2': 'bank:checking' } },
    { item_id: 'I-1', accounts: {} },
  ]);
});

describe('a mistake is answered with file, line, key and remedy:', () => {
  const cases: readonly (readonly [what: string, text: string, says: RegExp])[] = [
    [
      'unknown section',
      `tenants: [${TENANT}]\npolicies: {}`,
      /^c\.yml:2: policies: unknown key; .* stage, auth, /,
    ],
    [
      'unknown key in a list',
      `tenants:\n  - ${TENANT}\n  - name: b\n    slice: 2`,
      /c\.yml:4: tenants\[1\]\.slice: unknown key; remove it or use one of name/,
    ],
    ['missing key', 'tenants:\n  - name: a', /c\.yml:2: tenants\[0\]\.livemode: missing; add it/],
    ['missing section', 'stage: {}', /^c\.yml:1: tenants: missing; add it$/],
    ['no tenant', 'stage: {}\ntenants: []', /^c\.yml:2: tenants: name at least one tenant$/],
    [
      'name',
      `tenants:\n  - ${TENANT.replace('acme', 'Acme_1')}`,
      /^c\.yml:2: tenants\[0\]\.name: use 1 to 32 of a-z/,
    ],
    [
      'zone',
      `tenants: [${TENANT.replace('Europe/Berlin', 'CET')}]`,
      /accounting_zone: not a time zone; write one such as/,
    ],
    [
      'currency',
      `tenants: [${TENANT.replace('EUR', 'EURO')}]`,
      /base_currency: not a currency; write its ISO/,
    ],
    ['switch', `tenants: [${TENANT.replace('true', '"yes"')}]`, /livemode: expected true .* or false/],
    [
      'number',
      `tenants: [${TENANT}]\nsecurity:\n  rate_limit_per_minute: 1.5`,
      /^c\.yml:3: security\.rate_limit_per_minute: expected a whole number of requests from 1/,
    ],
    [
      'retention',
      `tenants: [${TENANT}]\nstage: { log_retention_days: 31 }`,
      /log_retention_days: CloudWatch keeps logs for one of 1, 3, 5/,
    ],
    ['e-mail', `tenants: [${TENANT}]\nstage: { alarm_email: me }`, /alarm_email: not an e-mail address$/],
    [
      'issuer',
      `tenants: [${TENANT}]\nauth: { issuer: "http://x", audience: a }`,
      /auth\.issuer: .* https address/,
    ],
    ['stage', `tenants: [${TENANT}]\nstage: { name: Prod }`, /stage\.name: start with a letter/],
    [
      'order',
      `tenants: [${TENANT}]\npolicy:\n  critical_days: 60`,
      /^c\.yml:3: policy\.critical_days: 60 must be below/,
    ],
    [
      'flapping',
      `tenants: [${TENANT}]\npolicy:\n  restore_days: 60`,
      /^c\.yml:3: policy\.restore_days: 60 must be above/,
    ],
    [
      'twin',
      `tenants:\n  - ${TENANT}\n  - ${TENANT}`,
      /^c\.yml:3: tenants\[1\]\.name: acme is there already/,
    ],
    [
      'unnamed policy',
      `tenants: [${TENANT}, ${TENANT.replace('acme', 'b')}]`,
      /^c\.yml:1: policy\.tenant: missing; name one of acme, b$/,
    ],
    [
      'strange policy',
      `tenants: [${TENANT}]\npolicy:\n  tenant: b`,
      /^c\.yml:3: policy\.tenant: no such tenant/,
    ],
    [
      'item',
      withBanks(`[{ item_id: 'a b' }]`),
      /^c\.yml:2: tenants\[0\]\.plaid\[0\]\.item_id: copy the item_id from Plaid as it is$/,
    ],
    [
      'account name in use',
      withBanks(`[{ item_id: i-1, accounts: { a-1: 'transit:stripe' } }]`),
      /plaid\[0\]\.accounts\.a-1: that name has a meaning already/,
    ],
    [
      'item twice',
      withBanks('[{ item_id: i-1 }, { item_id: i-1 }]'),
      /plaid\[1\]\.item_id: i-1 is there already/,
    ],
    [
      'one bank account through two items',
      withBanks(`[{ item_id: i-1, accounts: { a-1: bank } }, { item_id: i-2, accounts: { a-2: bank } }]`),
      /plaid\[1\]\.accounts\.a-2: bank is read through another item/,
    ],
    [
      'another tenant’s item',
      `policy: { tenant: a }\n${withBanks('[{ item_id: i-1 }]')}${BANKS_OF_B}`,
      /tenants\[1\]\.plaid\[0\]\.item_id: i-1 is there already/,
    ],
    [
      'key written twice',
      `tenants: [${TENANT}]\ntenants: [${TENANT}]`,
      /^c\.yml:2: not YAML: Map keys must be unique/,
    ],
    ['broken YAML', 'tenants: [', /^c\.yml:1: not YAML: /],
    ['empty file', '', /^c\.yml:1: file: expected a mapping/],
  ];
  for (const [what, text, says] of cases) test(what, () => assert.match(complaint(text), says));

  test('several at once are all named', () => {
    assert.equal(complaint('tenants: []\nstage: { cache: redis }').split('\n').length, 2);
  });

  test('a file that is not there', () => {
    assert.throws(() => readConfiguration('/nowhere/c.yml'), /\/nowhere\/c\.yml: cannot be read/);
  });
});

test('a stage name makes a valid name of a cache: 40 characters, no double hyphen, none at the end', () => {
  for (const name of ['dev', 'a', 'eu-1', 'a234567890123456']) assert.match(name, STAGE_NAME);
  for (const name of ['', 'Dev', '1dev', 'dev-', 'd--v', 'a2345678901234567', 'dev/x', 'dev#'])
    assert.doesNotMatch(name, STAGE_NAME);
});
