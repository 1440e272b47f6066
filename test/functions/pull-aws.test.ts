import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { CostExplorerClient } from '@aws-sdk/client-cost-explorer';
import { type AwsDeps, sweepAwsCosts } from '../../functions/pull/aws-costs.ts';
import { localCostExplorer } from '../../scripts/local/services/cost-explorer.ts';
import { type CostExplorer, costExplorer } from '../../shared/aws/cost-explorer.ts';
import type { AwsAccount } from '../../shared/contract/tenant.ts';
import type { StatementBodies, Subject } from '../../shared/event/statement.ts';
import { memoryArchive, quietInvocation } from '../support/memory-intake.ts';
import { memoryLedgerStore } from '../support/memory-ledger-store.ts';
import { serviceEndpoint } from '../support/service-endpoint.ts';
import { settingsOf } from '../support/settings.ts';
import { statedIn } from '../support/stated.ts';

const PAYER = '123456789012';
const EC2 = 'Amazon Elastic Compute Cloud - Compute';
const at = (text: string): number => Date.parse(`${text}:00Z`);

interface Row {
  readonly date: string;
  readonly service?: string;
  readonly type?: string;
  readonly amount: string;
}

/** An account at AWS, whose bill one tenant reads through the SDK's own client. */
const world = async (account: Partial<AwsAccount> = {}, pageSize = 100) => {
  let nowMs = at('2026-03-18T12:07');
  const local = localCostExplorer({ pageSize, now: () => nowMs });
  const endpoint = await serviceEndpoint(local.service);
  const client = new CostExplorerClient({ ...endpoint.client, maxAttempts: 1 });
  const ranges: string[] = [];
  const asked = costExplorer(client);
  const explorer: CostExplorer = {
    costs: (range, page) => {
      ranges.push(`${range.from}..${range.before}`);
      return asked.costs(range, page);
    },
  };
  const settings = settingsOf({
    aws: { payer: PAYER, requestsPerDay: 100, credits: [], ...account },
  });
  const ledger = memoryLedgerStore();
  const awsCredits = { credits: async () => ({ outcome: 'credits', credits: [] }) as const };
  const deps: AwsDeps = { ledger, archive: memoryArchive(), costExplorer: explorer, awsCredits };
  const control = (path: string, fields: object) =>
    local.control({
      method: 'POST',
      path: `/_control/${path}`,
      headers: {},
      body: Buffer.from(JSON.stringify(fields)),
    });
  const full = (rows: readonly Row[]) => rows.map((row) => ({ service: EC2, type: 'Usage', ...row }));
  const stated = <Of extends Subject>(wanted: Of): ReadonlyMap<string, StatementBodies[Of]> =>
    new Map(
      statedIn(ledger.rows()).flatMap(([key, body, subject]) => (subject === wanted ? [[key, body]] : [])),
    );
  return {
    endpoint,
    ledger,
    ranges,
    put: (...rows: Row[]) => control('costs', { put: full(rows) }),
    remove: (...rows: Row[]) => control('costs', { remove: full(rows) }),
    limit: (times: number) => control('limits', { times }),
    move: (text: string): void => {
      nowMs = at(text);
    },
    sweep: async (rung = false) => {
      const context = { ...quietInvocation(nowMs), remainingMs: () => 300_000 };
      await sweepAwsCosts(deps, settings, context, rung);
      return context;
    },
    stated,
    cost: (date: string, type = 'Usage') =>
      stated('cost').get(`ce:${PAYER}:${date}:${EC2}:${type}:UnblendedCost`),
    stop: endpoint.stop,
  };
};

test('17 CE: a restated day is a revision, an unchanged one adds nothing, one that is gone is taken back', async () => {
  const aws = await world();
  await aws.put({ date: '2026-03-16', amount: '39.1603300457' }, { date: '2026-03-17', amount: '12.5' });
  await aws.sweep();
  assert.deepEqual(aws.cost('2026-03-16'), {
    provider: 'aws',
    service: EC2,
    recordType: 'usage',
    amount: '39.1603300457',
    currency: 'USD',
    estimated: true,
  });
  const facts = () => aws.ledger.rows().filter(({ kind }) => kind === 'fact').length;
  const before = facts();
  aws.move('2026-03-19T00:07');
  await aws.sweep();
  assert.equal(facts(), before);
  await aws.put({ date: '2026-03-16', amount: '40' });
  aws.move('2026-03-19T12:07');
  await aws.sweep();
  assert.equal(aws.cost('2026-03-16')?.amount, '40');
  assert.equal(facts(), before + 1);
  await aws.put({ date: '2026-03-16', amount: '39.1603300457' });
  await aws.remove({ date: '2026-03-17', amount: '' });
  aws.move('2026-03-20T00:07');
  await aws.sweep();
  assert.equal(aws.cost('2026-03-16')?.amount, '39.1603300457');
  assert.equal(aws.cost('2026-03-17'), undefined);
  await aws.stop();
});

test('17 CE: a month is estimated until it is over, and then final, whatever its amounts', async () => {
  const aws = await world();
  await aws.put({ date: '2026-03-16', amount: '10' });
  await aws.sweep();
  assert.equal(aws.cost('2026-03-16')?.estimated, true);
  aws.move('2026-04-02T12:07');
  await aws.sweep();
  assert.deepEqual([aws.cost('2026-03-16')?.estimated, aws.cost('2026-03-16')?.amount], [false, '10']);
  await aws.stop();
});

test('17 CE: credits and refunds are rows of their own, negative; unknown record types are told as other', async () => {
  const aws = await world();
  const date = '2026-03-16';
  await aws.put(
    { date, amount: '100' },
    { date, type: 'Credit', amount: '-60.0000000001' },
    { date, type: 'Refund', amount: '-1E-7' },
    { date, type: 'Tax', amount: '8' },
    { date, type: 'MoonTax', amount: '1' },
  );
  const { lines } = await aws.sweep();
  const told = ['Usage', 'Credit', 'Refund', 'Tax', 'MoonTax'].map((type) => {
    const { recordType, amount } = aws.cost(date, type) ?? {};
    return `${recordType} ${amount}`;
  });
  assert.deepEqual(told, ['usage 100', 'credit -60.0000000001', 'refund -0.0000001', 'tax 8', 'other 1']);
  assert.ok(lines.some(({ message }) => message.includes('not known here')));
  assert.ok(aws.ledger.rows().every((row) => row.kind !== 'fact' || row.fact.kind === 'statement'));
  await aws.stop();
});

test('17 CE: GroupBy leaves Total empty, and a day without costs states nothing', async () => {
  const aws = await world();
  await aws.put({ date: '2026-03-16', amount: '10' });
  await aws.sweep();
  assert.equal(aws.stated('cost').size, 1);
  const [page] = aws.ledger
    .rows()
    .filter((row) => row.kind === 'delivery' && row.deliveryId.startsWith('costs:'));
  assert.ok(page?.kind === 'delivery' && page.body !== undefined);
  assert.ok(gunzipSync(page.body).toString().includes('"Total":{}'));
  await aws.stop();
});

test('17 CE: the day’s requests end in the midst of the pages; the next day reads them all', async () => {
  const aws = await world({ requestsPerDay: 3 }, 2);
  const rows = Array.from({ length: 10 }, (_, index) => ({
    date: `2026-03-0${(index % 9) + 1}`,
    service: `S${index}`,
    amount: '1',
  }));
  await aws.put(...rows);
  const { lines } = await aws.sweep();
  assert.ok(lines.some(({ message }) => message.includes('are used up')));
  assert.deepEqual([aws.endpoint.requests.length, aws.stated('cost').size], [3, 6]);
  aws.move('2026-03-18T13:07');
  await aws.sweep();
  assert.equal(aws.endpoint.requests.length, 3);
  aws.move('2026-03-19T00:07');
  await aws.sweep();
  assert.equal(aws.endpoint.requests.length, 6);
  await aws.stop();
});

test('17 CE: a request that was turned away counts, is not repeated by the client, and the next run asks again', async () => {
  const aws = await world({ requestsPerDay: 2 });
  await aws.put({ date: '2026-03-16', amount: '10' });
  await aws.limit(1);
  const { lines } = await aws.sweep();
  assert.ok(lines.some(({ level, message }) => level === 'WARN' && message.includes('gave no costs')));
  assert.deepEqual([aws.endpoint.requests.length, aws.stated('cost').size], [1, 0]);
  aws.move('2026-03-18T13:07');
  await aws.sweep();
  assert.deepEqual([aws.endpoint.requests.length, aws.stated('cost').size], [2, 1]);
  await aws.stop();
});

test('17 CE: on the first day of a month no range is empty, and none reaches into today', async () => {
  const aws = await world();
  aws.move('2026-03-01T00:07');
  await aws.put({ date: '2026-02-28', amount: '10' });
  const { lines } = await aws.sweep();
  assert.deepEqual(lines, []);
  assert.equal(aws.cost('2026-02-28')?.amount, '10');
  assert.equal(aws.ranges[0], '2026-01-01..2026-03-01');
  assert.equal(aws.ranges.at(-1), '2025-03-01..2025-04-01');
  assert.ok(aws.ranges.every((range) => (range.split('..')[0] ?? '') < (range.split('..')[1] ?? '')));
  await aws.stop();
});

test('17 CE: what changes between two pages begins the reading again, and nothing is lost', async () => {
  const aws = await world({}, 1);
  await aws.put({ date: '2026-03-15', amount: '1' }, { date: '2026-03-16', amount: '2' });
  const { costs } = costExplorer(new CostExplorerClient({ ...aws.endpoint.client, maxAttempts: 1 }));
  const range = { from: '2026-03-01', before: '2026-03-18' } as never;
  const first = await costs(range, undefined);
  assert.ok(first.outcome === 'page' && first.next !== undefined);
  await aws.put({ date: '2026-03-14', amount: '3' });
  assert.equal((await costs(range, first.next)).outcome, 'restart');
  await aws.endpoint.stop();
});

test('17 CE: it is read twice a day, and once an hour where a budget rings', async () => {
  const aws = await world();
  await aws.sweep();
  const first = aws.ranges.length;
  aws.move('2026-03-18T12:37');
  await aws.sweep(true);
  aws.move('2026-03-18T20:07');
  await aws.sweep();
  assert.equal(aws.ranges.length, first);
  await aws.sweep(true);
  assert.equal(aws.ranges.length, first + 1);
  await aws.stop();
});

test('17 what is left of credits follows the bills since their day, the lot that ends first going first', async () => {
  const grant = { currency: 'USD', asOf: '2026-03-10' } as const;
  const aws = await world({
    credits: [
      { ...grant, id: 'big', remaining: '1000', expiresOn: '2027-01-31' },
      { ...grant, id: 'small', remaining: '15', expiresOn: '2026-06-30' },
      { ...grant, id: 'gone', remaining: '5', expiresOn: '2026-03-12' },
    ],
  });
  await aws.put(
    { date: '2026-03-10', type: 'Credit', amount: '-500' },
    { date: '2026-03-14', type: 'Credit', amount: '-10' },
    { date: '2026-03-15', type: 'Credit', amount: '-10' },
  );
  await aws.sweep();
  const left = [...aws.stated('credit_lot')].map(
    ([key, { remaining, expires_on }]) => `${key} ${remaining} ${expires_on}`,
  );
  assert.deepEqual(left.sort(), [
    `awscred:${PAYER}:big 995 2027-01-31`,
    `awscred:${PAYER}:gone 0 2026-03-12`,
    `awscred:${PAYER}:small 0 2026-06-30`,
  ]);
  await aws.stop();
});
