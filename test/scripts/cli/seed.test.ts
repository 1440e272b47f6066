import assert from 'node:assert/strict';
import { test } from 'node:test';
import { capstack, server } from './capstack.ts';

const START = `
opening_balances:
  - { account: checking, currency: USD, amount: "250000.00", as_of: 2026-01-31 }
plan:
  - { id: series-a-2, kind: tranche, date: 2027-04-01, amount: "1500000", probability: 0.8 }
`;

test('each balance and each item is told at the owner’s door, as the file has it', async (context) => {
  const { url, seen } = await server(context, {
    'POST /v1/imports': [200, { status: 'accepted', opening_balance: { status: 'accepted' } }],
    'POST /v1/plan': [200, { status: 'accepted', id: 'series-a-2' }],
  });
  const { code, stdout } = await capstack(['seed', '-', '--api', url, '--token', 't', '--json'], {
    stdin: START,
  });
  assert.equal(code, 0);
  assert.deepEqual(JSON.parse(stdout), {
    seeded: [
      { what: 'opening balance of checking', status: 'accepted' },
      { what: 'plan item series-a-2', status: 'accepted' },
    ],
  });
  const [item] = [
    { id: 'series-a-2', kind: 'tranche', date: '2027-04-01', amount: '1500000', probability: 0.8 },
  ];
  assert.deepEqual(
    seen.map(({ path, body }) => [path, body]),
    [
      [
        '/v1/imports',
        {
          account: 'checking',
          currency: 'USD',
          coverage: { from: '2026-02-01', to: '2026-02-01', partial_days: ['2026-02-01'] },
          opening_balance: '250000.00',
        },
      ],
      ['/v1/plan', item],
    ],
  );
});

test('a file that says something else is refused in one line that names the place', async () => {
  const balance = (amount: string, asOf: string): string =>
    `opening_balances: [{ account: a, currency: USD, amount: ${amount}, as_of: ${asOf} }]`;
  const wrong: readonly [content: string, says: RegExp][] = [
    ['x: 1', /x is not a known key/],
    ['plan: [{ kind: tranche }]', /plan\[0\]\.id must have an id/],
    [balance('5', '2026-01-01'), /amount must be a decimal in quotes/],
    [balance('"5"', '2026-02-30'), /as_of must be a real calendar date/],
    ['{', /is no YAML/],
  ];
  for (const [stdin, says] of wrong) {
    const { code, stderr } = await capstack(['seed', '-'], { stdin });
    assert.equal(code, 1, stdin);
    assert.match(stderr, says);
    assert.equal(stderr.trim().split('\n').length, 1, stderr);
  }
});
