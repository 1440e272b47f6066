import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseConfiguration } from '../../infra/configuration.ts';
import { mixpanelProject, posthogProject } from '../../infra/product-analytics.ts';
import { ofType, synthesised, TENANTS, written } from './synthesis.ts';

const tenant = (section: string) =>
  parseConfiguration(
    `tenants:\n  - { name: a, accounting_zone: UTC, base_currency: USD, livemode: false, ${section} }\n`,
    'my.yml',
  ).tenants[0];
const parse = (posthog: string) => tenant(`posthog: ${posthog}`)?.posthog;
const parseMixpanel = (mixpanel: string) => tenant(`mixpanel: ${mixpanel}`)?.mixpanel;

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

test('a project at Mixpanel reaches the functions, with a time zone only where its clock is not UTC', () => {
  const metrics = 'metrics: [{ name: signups, event: Sign Up }]';
  const of = (zone: string) => {
    const written = parseMixpanel(`{ region: eu, project: 42, ${zone} ${metrics} }`);
    return written && mixpanelProject(written);
  };
  const project = { region: 'eu', project: '42', metrics: [{ name: 'signups', event: 'Sign Up' }] };
  assert.deepEqual(of(''), project);
  assert.deepEqual(of('timezone: UTC,'), project);
  assert.deepEqual(of('timezone: America/New_York,'), { ...project, timezone: 'America/New_York' });
});

test('a slip in it is named by its key too', () => {
  const of = (metrics: string, rest = 'region: us, project: 42') => `{ ${rest}, metrics: [${metrics}] }`;
  const metric = '{ name: a, event: b }';
  for (const [mixpanel, says] of [
    [of(metric, 'region: uk, project: 42'), /mixpanel\.region: expected us, eu or in/],
    [of(metric, 'project: 42'), /mixpanel\.region/],
    [of(metric, 'region: us, project: acme'), /mixpanel\.project: expected the project’s number/],
    [of(metric, 'region: us, project: 42, timezone: EST'), /mixpanel\.timezone: not a time zone/],
    [of(''), /mixpanel\.metrics: name at least one/],
    [of(`${metric}, ${metric}`), /mixpanel\.metrics: give each metric a name of its own/],
    [of('{ name: a }'), /mixpanel\.metrics\[0\]\.event/],
    [of('{ name: a, event: b, query: c }'), /metrics\[0\]\.query: unknown key/],
  ] as const)
    assert.throws(() => parseMixpanel(mixpanel), says, mixpanel);
});

test('who compares a reading with the one before may read the ledger by buckets, and nobody else', () => {
  const metrics = 'metrics: [{ name: a, event: b }]';
  for (const [rest, may] of [
    ['', false],
    [`posthog: { host: eu.posthog.com, project: 1, ${metrics} }`, true],
    [`mixpanel: { region: eu, project: 1, ${metrics} }`, true],
  ] as const) {
    const { pipeline } = synthesised({ configuration: TENANTS.replace(' }', `, ${rest} }`) });
    const policies = ofType(pipeline, 'AWS::IAM::Policy').filter(([id]) => id.includes('Poll'));
    assert.equal(policies.length, 1);
    assert.equal(written(policies).includes('/index/byBucket'), may, rest);
  }
});
