import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseConfiguration } from '../../infra/configuration.ts';
import { stageSettings } from '../../infra/stages.ts';

const file = (...tenants: readonly string[]): string =>
  `policy: { tenant: a }\ntenants:\n${tenants
    .map(
      (rest, index) =>
        `  - { name: ${'ab'[index]}, accounting_zone: UTC, base_currency: USD, livemode: false, ${rest} }\n`,
    )
    .join('')}`;

const parse = (...tenants: readonly string[]) => parseConfiguration(file(...tenants), 'my.yml');

test('a site and a company reach the functions as they are written', () => {
  const configuration = parse('chargebee: { site: acme-test }, gusto: { company: 7d3f-01 }');
  const urls = {
    stripeApiUrl: '',
    plaidApiUrl: '',
    chargebeeApiUrl: '',
    gustoApiUrl: '',
    fxApiUrl: '',
    snsUrl: '',
    googleApisUrl: '',
    posthogUrl: '',
    mixpanelUrl: '',
    pagerDutyUrl: '',
    slackUrl: '',
  };
  const [tenant] = stageSettings(configuration, { stage: 'dev', distDir: '', ...urls }).tenants;
  assert.deepEqual(tenant?.chargebee, { site: 'acme-test' });
  assert.deepEqual(tenant?.gusto, { company: '7d3f-01', taxes: 'impound' });
});

test('a site or a company is one tenant’s, and a slip is named by its key', () => {
  for (const [tenants, says] of [
    [
      ['chargebee: { site: acme }', 'chargebee: { site: acme }'],
      /tenants\[1\]\.chargebee\.site: acme is another/,
    ],
    [['gusto: { company: c }', 'gusto: { company: c }'], /tenants\[1\]\.gusto\.company: c is another/],
    [
      ['chargebee: { site: https://acme.chargebee.com }'],
      /tenants\[0\]\.chargebee\.site: write what stands before/,
    ],
    [['gusto: { company: c, taxes: weekly }'], /tenants\[0\]\.gusto\.taxes: expected impound/],
    [['gusto: { compny: c }'], /tenants\[0\]\.gusto\.compny: unknown key/],
    [['chargebee: acme'], /tenants\[0\]\.chargebee: expected a mapping with site/],
  ] as const)
    assert.throws(() => parse(...tenants), says);
});
