import assert from 'node:assert/strict';
import { test } from 'node:test';
import { capstack, server } from './capstack.ts';

const sizes = (min: number, max: number, desired: number) => ({ min, max, desired });
const decision = (id: string, fields: object) => ({
  decision_id: id.repeat(64),
  digest: `sha256:${id}`,
  ...{ status: 'planned', group: 'dev', from: sizes(1, 4, 2), to: sizes(1, 2, 1) },
  ...{ planned_at: '2026-06-01T08:00:00.000Z', not_before: '2026-06-01T09:00:00.000Z' },
  reason: 'p5 is 50 days ± 1.0; the stance is CONSERVE: dev group dev shrinks',
  expected: { cost: { monthly: { amount: '-12.26', currency: 'USD' } }, p5_days: null },
  outcomes: [],
  ...fields,
});
const PLANNED = decision('a', { outcomes: [{ status: 'applied', at: '2026-06-01T09:17:00.000Z' }] });
const ADVISED = decision('b', {
  ...{ group: 'prod', status: 'recommended', from: sizes(3, 12, 8), to: sizes(3, 9, 8) },
});
const BODY = {
  ...{
    stance: 'CONSERVE',
    stance_since: '2026-06-01T08:00:00.000Z',
    confirmed: true,
    hold: ['the forecast is old'],
  },
  savings: {
    ...{ since: '2026-06-01', until: null, predicted: { amount: '-12.26', currency: 'USD' } },
    realised: { status: 'measured', monthly: { amount: '-11.80', currency: 'USD' }, days: 9 },
  },
  groups: [
    { group: 'dev', plan: PLANNED, waiting: 'its dwell has not passed' },
    { group: 'prod', plan: ADVISED, waiting: null },
  ],
  decisions: [PLANNED],
  recommendations: [ADVISED],
};
const READ = { 'GET /v1/policy/decisions': [200, BODY] } as const;
const TOKEN = ['--token', 'mine'];

test('the stance, what holds it and what came of each decision are shown', async (context) => {
  const api = await server(context, READ);
  const { code, stdout } = await capstack(['policy', 'show', '--api', api.url, ...TOKEN]);
  assert.equal(code, 0);
  for (const part of [
    'HOLD, CONSERVE since 2026',
    'holds: the forecast is old',
    '-12.26 USD',
    'applied 2026-06-01 09:17',
    'the bills of 9 days say -11.80 USD',
    '3/9/8',
  ])
    assert.ok(stdout.includes(part), part);
});

test('what stands is shown with what it waits for', async (context) => {
  const api = await server(context, READ);
  const { stdout } = await capstack(['policy', 'plan', '--api', api.url, ...TOKEN]);
  for (const part of ['its dwell has not passed', 'a person', 'bbbbbbbbbbbb'])
    assert.ok(stdout.includes(part), part);
});

test('an approval quotes the digest, and leaves the change to whoever approved', async (context) => {
  const path = `/v1/policy/decisions/${'b'.repeat(64)}/approval`;
  const api = await server(context, { ...READ, [`POST ${path}`]: [202, { status: 'approved' }] });
  const { code, stdout } = await capstack(['policy', 'approve', 'bbb', '--api', api.url, ...TOKEN]);
  assert.equal(code, 0);
  assert.match(stdout, /--auto-scaling-group-name prod --min-size 3 --max-size 9 --desired-capacity 8/);
  assert.deepEqual(api.seen.at(-1)?.body, { digest: 'sha256:b' });
});

test('the mode is set and groups are ordered back', async (context) => {
  const api = await server(context, {
    'PUT /v1/policy/mode': [200, { mode: 'apply' }],
    'POST /v1/policy/restore': [202, { status: 'ordered' }],
  });
  const run = async (...words: string[]) =>
    (await capstack(['policy', ...words, '--api', api.url, ...TOKEN])).stdout;
  assert.equal(await run('mode', 'apply'), 'The mode is apply from the next run on.\n');
  assert.match(await run('restore', 'dev'), /^Ordered: dev gets/);
  assert.match(await run('restore'), /^Ordered: every group gets/);
  assert.deepEqual(
    api.seen.map(({ body }) => body),
    [{ mode: 'apply' }, { groups: ['dev'] }, {}],
  );
});

test('a mode that is none and an id that names no decision are said in one line', async (context) => {
  const api = await server(context, READ);
  const run = (...words: string[]) => capstack(['policy', ...words, '--api', api.url, ...TOKEN]);
  assert.deepEqual(await run('mode', 'on'), {
    code: 1,
    stdout: '',
    stderr: 'capstack: the mode is one of off, plan, apply, not on\n',
  });
  assert.match((await run('approve', 'zzz')).stderr, /^capstack: no decision begins with zzz/);
});
