import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseConfiguration } from '../../infra/configuration.ts';
import { posthogProject } from '../../infra/product-analytics.ts';
import { ofType, synthesised, TENANTS, written } from './synthesis.ts';

const parse = (posthog: string) =>
  parseConfiguration(
    `tenants:\n  - { name: a, accounting_zone: UTC, base_currency: USD, livemode: false, posthog: ${posthog} }\n`,
    'my.yml',
  ).tenants[0]?.posthog;

test('a project at PostHog reaches the functions with its metrics', () => {
  const written = parse(
    '{ host: us.posthog.com, project: 42, metrics: [{ name: signups, event: user signed up }] }',
  );
  assert.deepEqual(written && posthogProject(written), {
    host: 'us.posthog.com',
    project: '42',
    metrics: [{ name: 'signups', event: 'user signed up' }],
  });
});

test('a slip in it is named by its key', () => {
  const of = (metrics: string, host = 'us.posthog.com') =>
    `{ host: ${host}, project: 42, metrics: [${metrics}] }`;
  const metric = '{ name: a, event: b }';
  for (const [posthog, says] of [
    [of(metric, 'us.i.posthog.com'), /posthog\.host: write the host you sign in at/],
    [of(metric, 'https://us.posthog.com'), /posthog\.host/],
    [of(''), /posthog\.metrics: name at least one/],
    [of(`${metric}, ${metric}`), /posthog\.metrics: give each metric a name of its own/],
    [of('{ name: a }'), /posthog\.metrics\[0\]: write either event or query/],
    [of('{ name: a, event: b, query: "{from} {before}" }'), /write either event or query/],
    [of('{ name: a, query: SELECT 1 }'), /ask for the days from/],
    [of('{ name: "A:b", event: b }'), /metrics\[0\]\.name/],
  ] as const)
    assert.throws(() => parse(posthog), says, posthog);
});

test('who compares a reading with the one before may read the ledger by buckets, and nobody else', () => {
  const metrics = 'metrics: [{ name: a, event: b }]';
  for (const [rest, may] of [
    ['', false],
    [`posthog: { host: eu.posthog.com, project: 1, ${metrics} }`, true],
  ] as const) {
    const { pipeline } = synthesised({ configuration: TENANTS.replace(' }', `, ${rest} }`) });
    const policies = ofType(pipeline, 'AWS::IAM::Policy').filter(([id]) => id.includes('Poll'));
    assert.equal(policies.length, 1);
    assert.equal(written(policies).includes('/index/byBucket'), may, rest);
  }
});
