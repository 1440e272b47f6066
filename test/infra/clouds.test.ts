import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseConfiguration } from '../../infra/configuration.ts';
import { at, ofType, synthesised, TENANTS, written } from './synthesis.ts';

const BILLING = 'billing_account: 01AB23-CD45EF-678901, project: acme-billing, dataset: billing';
const of = (rest: string): string =>
  `tenants:\n  - { name: acme, accounting_zone: UTC, base_currency: USD, livemode: true, ${rest} }\n`;

/** What the function that asks providers may do, by action. */
const pullMay = (configuration: string): readonly string[] => {
  const { pipeline } = synthesised({ configuration, validate: true });
  const policies = ofType(pipeline, 'AWS::IAM::Policy').filter(([id]) => /Pull(?!.*Poll)/.test(id));
  return policies.flatMap(([, { Properties }]) =>
    (at(Properties, 'PolicyDocument', 'Statement') as { Action: string | string[] }[]).flatMap(
      ({ Action }) => Action,
    ),
  );
};

test('costs and invoices may be read where a payer is named, and nothing else of the account’s billing', () => {
  const billing = (actions: readonly string[]) =>
    actions.filter((action) => /^(ce|invoicing|billing|aws-portal|budgets):/.test(action)).sort();
  const lots = 'credits: [{ id: a, remaining: 1, as_of: 2026-01-31, expires_on: 2027-01-31 }]';
  const always = ['ce:GetCostAndUsage', 'invoicing:ListInvoiceSummaries'];
  assert.deepEqual(billing(pullMay(of('aws: { payer: "123456789012" }'))), ['billing:GetCredits', ...always]);
  assert.deepEqual(billing(pullMay(of(`aws: { payer: "123456789012", ${lots} }`))), always);
  const without = pullMay(TENANTS);
  assert.ok(without.length > 0);
  assert.deepEqual(billing(without), []);
});

test('the day on which Google is paid reaches the functions; without one there is none', () => {
  const told = (rest: string): string =>
    written(
      ofType(
        synthesised({ configuration: of(`gcp: { ${BILLING}${rest} }`) }).pipeline,
        'AWS::Lambda::Function',
      ),
    );
  assert.match(told(', invoiced: { due_day: 30 }'), /\\"dueDay\\":30/);
  assert.ok(!told('').includes('dueDay'));
});

test('a day of the month is one, and a slip is named by its key', () => {
  for (const [rest, says] of [
    ['invoiced: { due_day: 0 }', /gcp\.invoiced\.due_day: expected 1 to 31/],
    ['invoiced: { due_day: 32 }', /gcp\.invoiced\.due_day: expected 1 to 31/],
    ['invoiced: { day: 3 }', /gcp\.invoiced\.(due_day: missing|day: unknown key)/],
    ['invoiced: true', /gcp\.invoiced: expected a mapping with due_day/],
  ] as const)
    assert.throws(() => parseConfiguration(of(`gcp: { ${BILLING}, ${rest} }`), 'my.yml'), says);
});
