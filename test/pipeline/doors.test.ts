/** Payroll, exports and the operator's commands through the front doors, on real parts. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { addDays, type CivilDate, civilDateIn } from '../../shared/time/civil-date.ts';
import { capstack } from '../scripts/cli/capstack.ts';
import { type Answer, until } from '../support/local-client.ts';
import { localWorld } from '../support/local-world.ts';
import { payrollRun } from '../support/payroll.ts';

const CONFIGURATION = `
policy: { tenant: demo }
tenants:
  - { name: demo, accounting_zone: UTC, base_currency: USD, livemode: false }
  - { name: other, accounting_zone: UTC, base_currency: USD, livemode: false }
`;

const { run, client, admin, directory } = await localWorld(CONFIGURATION);

const today = (): CivilDate => civilDateIn('UTC', Date.now());
const runway = async (token = admin) => (await client.request('GET', '/v1/runway', { token })).body;
const plan = async () => (await client.request('GET', '/v1/plan', { token: admin })).body.items;
const statuses = ({ body }: Answer): string[] => body.events.map(({ status }: { status: string }) => status);

/** Waits until nothing is on its way and the runway shows this cash. */
const cashBecomes = async (amount: string, token = admin): Promise<void> => {
  await run.settled();
  const { cash } = await until(
    () => runway(token),
    (now) => now.cash.amount === amount,
  );
  assert.equal(cash.amount, amount);
};

describe('a payroll', () => {
  const payroll = (fields: Readonly<Record<string, unknown>>) => {
    const legs = [
      { leg: 'net', amountMinor: '7000000', cashDate: addDays(today(), 3) },
      { leg: 'tax', amountMinor: '3800000', cashDate: addDays(today(), 6) },
    ];
    return payrollRun({ legs, payDate: addDays(today(), 3), ...fields });
  };

  test('is planned while scheduled, leaves once paid, and comes back when cancelled', async () => {
    const income = { id: 'start', type: 'income', amount: '500000.00', currency: 'USD', date: today() };
    await client.generic([income]);
    assert.equal((await client.payroll(payroll({ revision: 1 }))).body.status, 'accepted');
    await until(plan, (items) => items.length === 2);
    await cashBecomes('500000.00');

    const paid = payroll({ revision: 3, status: 'paid' });
    assert.equal((await client.payroll(paid)).body.status, 'accepted');
    await until(plan, (items) => items.length === 0);
    await cashBecomes('392000.00');

    assert.equal((await client.payroll(paid)).body.status, 'duplicate');
    const late = await client.payroll(payroll({ revision: 2, status: 'funded' }));
    assert.deepEqual([late.body.status, new Set(statuses(late))], ['ignored', new Set(['ignored'])]);
    await cashBecomes('392000.00');

    const cancelled = await client.payroll(payroll({ revision: 4, status: 'cancelled' }));
    assert.equal(cancelled.body.status, 'accepted');
    await cashBecomes('500000.00');
    assert.deepEqual(await plan(), []);
  });

  test('told in two ways under one revision waits for a person', async () => {
    const other = payroll({ payrollId: 'run-2', revision: 1, status: 'paid' });
    assert.equal((await client.payroll(other)).body.status, 'accepted');
    const answer = await client.payroll({ ...other, grossMinor: '10000001' });
    assert.deepEqual([answer.status, answer.body.status], [200, 'conflict']);
    const { cash } = await until(runway, (now) => now.trust.conflicts === 2);
    assert.equal(cash.amount, '392000.00');
  });

  test('that does not add up is turned down with the reason, and nothing of it is stored', async () => {
    const before = (await runway()).inputs.hash;
    const answer = await client.payroll(payroll({ payrollId: 'run-3', netMinor: '1' }));
    assert.deepEqual([answer.status, answer.headers.get('content-type')], [400, 'application/problem+json']);
    assert.match(answer.body.detail, /the net legs add up to 7000000, but netMinor is 1/);
    await run.settled();
    assert.equal((await runway()).inputs.hash, before);
  });

  test('under the secret of another tenant is refused', async () => {
    const answer = await client.payroll(payroll({}), { secret: 'local-secret_other' });
    assert.equal(answer.status, 401);
  });
});

describe('exports of an account', () => {
  let other: string;
  before(async () => {
    other = await client.token({ tenant: 'other', scopes: ['import:write', 'runway:read'] });
  });

  /** Two coffees a day at one price, every day of these. */
  const csv = (days: readonly CivilDate[]): string =>
    [
      'date,amount,description',
      ...days.flatMap((day) => [`${day},-3.50,COFFEE`, `${day},-3.50,COFFEE`]),
    ].join('\n');
  const daysAgo = (first: number, last: number): CivilDate[] =>
    Array.from({ length: first - last + 1 }, (_, index) => addDays(today(), index - first));
  const post = (first: number, last: number, fields: object = {}) =>
    client.request('POST', '/v1/imports', {
      token: other,
      body: {
        account: 'checking',
        currency: 'USD',
        coverage: { from: addDays(today(), -first), to: addDays(today(), -last) },
        csv: csv(daysAgo(first, last)),
        ...fields,
      },
    });

  test('count each row once, sent twice and overlapping, on top of what there was', async () => {
    const first = await post(100, 51, { opening_balance: '10000.00' });
    assert.deepEqual([first.status, first.body.accepted], [200, 100]);
    await cashBecomes('9650.00', other);
    const again = await post(100, 51, { opening_balance: '10000.00' });
    assert.deepEqual(
      [again.body.status, again.body.duplicates, again.body.opening_balance.status],
      ['duplicate', 100, 'duplicate'],
    );
    const overlapping = await post(60, 1);
    assert.deepEqual([overlapping.body.accepted, overlapping.body.duplicates], [100, 20]);
    assert.equal(overlapping.body.discrepancy_count, 0);
    await cashBecomes('9300.00', other);
    const now = await runway(other);
    assert.deepEqual([now.status, now.burn.net_daily_mean], ['ok', '7.00']);
  });

  test('with fewer copies than the ledger has are told of, and take nothing away', async () => {
    const days = daysAgo(20, 10);
    const { body } = await post(20, 10, { csv: csv(days).replace(`\n${days[5]},-3.50,COFFEE`, '') });
    assert.deepEqual(body.discrepancies, [{ date: days[5], amount: '-3.50', description: 'COFFEE' }]);
    await cashBecomes('9300.00', other);
  });

  test('with one bad line are refused whole', async () => {
    const answer = await post(5, 1, { account: 'savings', csv: `date,amount\n${today()},x\n` });
    assert.equal(answer.status, 400);
    assert.match(answer.body.problems[0], /^line 2: amount "x"/);
    await cashBecomes('9300.00', other);
  });

  test('are for tokens that may import', async () => {
    const reader = await client.token({ tenant: 'other', scopes: ['runway:read', 'plan:write'] });
    const body = { account: 'checking', currency: 'USD', coverage: {}, csv: '' };
    assert.equal((await client.request('POST', '/v1/imports', { token: reader, body })).status, 403);
    assert.equal((await client.request('POST', '/v1/imports', { body })).status, 401);
  });
});

describe('the command line', () => {
  test('tries the webhook doors without moving money', async () => {
    await run.settled();
    const before = (await runway()).inputs.hash;
    const tried = await capstack(['webhooks', 'test', '--api', run.url, '--json']);
    assert.equal(tried.code, 0, tried.stdout + tried.stderr);
    const { deliveries } = JSON.parse(tried.stdout);
    assert.deepEqual([...new Set(deliveries.map(({ answered }: { answered: string }) => answered))].sort(), [
      '200 accepted',
      '200 duplicate',
      '200 ignored',
      '400',
      '401',
      '404',
    ]);
    await run.settled();
    assert.equal((await runway()).inputs.hash, before);
  });

  test('rotates a secret that it reads from standard input', async () => {
    const put = await capstack(
      ['secrets', 'put', '--tenant', 'demo', '--source', 'generic', '--api', run.url],
      {
        stdin: 'another-secret\n',
      },
    );
    assert.equal(put.code, 0, put.stderr);
    assert.match(put.stdout, /generic\/webhook\/current is stored.*the one before stays good/);
    assert.doesNotMatch(put.stdout + put.stderr, /another-secret/);
    const event = { id: 'rotated', type: 'adjustment', amount: '0', currency: 'USD', date: today() };
    assert.equal((await client.generic([event])).status, 200, 'the secret before still signs');
    const again = await capstack(
      ['secrets', 'put', '--tenant', 'demo', '--source', 'generic', '--api', run.url, '--json'],
      { stdin: 'another-secret' },
    );
    assert.deepEqual(JSON.parse(again.stdout), {
      name: '/capstack/local/demo/generic/webhook/current',
      status: 'unchanged',
    });
  });

  test('imports a long file in parts, and says what was new', async () => {
    const path = join(directory, 'long.csv');
    const rows = Array.from(
      { length: 500 },
      (_, index) => `${addDays(today(), index - 500)},-1.00,"ROW, ${index}"`,
    );
    writeFileSync(path, ['Posted,Value,Text', ...rows].join('\n'));
    const coverage = `${addDays(today(), -500)}..${addDays(today(), -1)}`;
    const args = ['import', path, '--account', 'long', '--currency', 'USD', '--coverage', coverage];
    const columns = ['--columns', 'date=Posted,amount=Value,description=Text', '--opening-balance', '600'];
    const first = await capstack([...args, ...columns, '--api', run.url, '--json']);
    assert.equal(first.code, 0, first.stderr);
    const { requests, rows: count, accepted, opening_balance: opening } = JSON.parse(first.stdout);
    assert.deepEqual([requests, count, accepted], [2, 500, 500]);
    assert.deepEqual([opening.date, opening.status], [addDays(today(), -501), 'accepted']);
    await cashBecomes('392100.00');
    const again = await capstack([...args, ...columns, '--api', run.url]);
    assert.equal(again.code, 0, again.stderr);
    assert.match(again.stdout, /│ +500 │ +0 │ +500 │ +0 │/);
    await cashBecomes('392100.00');
  });
});
