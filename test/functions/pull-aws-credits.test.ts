/** What AWS itself says is left of credits, where the configuration names none. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { tellAwsCredits } from '../../functions/pull/aws-credits.ts';
import { localBilling } from '../../scripts/local/services/billing.ts';
import { billingCredits } from '../../shared/aws/billing-credits.ts';
import type { CreditGrant } from '../../shared/contract/tenant.ts';
import { type Fact, revision } from '../../shared/event/fact.ts';
import { type CreditLot, statementFact } from '../../shared/event/statement.ts';
import { AWS, AWS_NORMALISER } from '../../shared/providers/aws-costs/costs.ts';
import { readCredits } from '../../shared/providers/aws-costs/credits.ts';
import { memoryArchive, quietInvocation } from '../support/memory-intake.ts';
import { memoryLedgerStore } from '../support/memory-ledger-store.ts';
import { day } from '../support/rows.ts';
import { serviceEndpoint } from '../support/service-endpoint.ts';
import { provenance, settingsOf } from '../support/settings.ts';

const PAYER = '123456789012';
const NOW = Date.parse('2026-03-18T12:07:00Z');

const world = async (configured: readonly CreditGrant[] = []) => {
  const local = localBilling({ now: () => NOW });
  const endpoint = await serviceEndpoint(local.service);
  const awsCredits = billingCredits({
    ...{ AWS_ENDPOINT_URL_BILLING: endpoint.client.endpoint, AWS_REGION: 'eu-west-1' },
    ...{ AWS_ACCESS_KEY_ID: 'AKIATEST', AWS_SECRET_ACCESS_KEY: 'test' },
  });
  const settings = settingsOf();
  const ledger = memoryLedgerStore();
  const control = (path: string, fields: object) =>
    local.control({
      method: 'POST',
      path: `/_control/${path}`,
      headers: {},
      body: Buffer.from(JSON.stringify(fields)),
    });
  return {
    endpoint,
    put: (...credits: object[]) =>
      control('credits', { put: credits.map((each) => ({ account: PAYER, ends: '2026-12-31', ...each })) }),
    limit: () => control('limits', { times: 1 }),
    append: (fact: Fact) => ledger.append(fact, provenance(settings)),
    tell: async (date = '2026-03-18', credits = configured) => {
      const context = quietInvocation(Date.parse(`${date}T12:07:00Z`));
      const aws = { payer: PAYER, requestsPerDay: 1, credits };
      const of = { settings, source: AWS, normaliser: AWS_NORMALISER, context, aws };
      await tellAwsCredits({ ledger, archive: memoryArchive(), awsCredits }, of, day(date));
      return context.lines;
    },
    left: (): Record<string, string> => {
      const latest = new Map<string, Fact>();
      for (const row of ledger.rows())
        if (row.kind === 'fact' && row.fact.kind === 'statement' && row.fact.subject === 'credit_lot')
          latest.set(row.fact.key.replace(`awscred:${PAYER}:`, ''), row.fact);
      return Object.fromEntries(
        [...latest].flatMap(([id, fact]) => {
          if (fact.kind !== 'statement' || fact.body === null) return [];
          const { remaining, expires_on } = JSON.parse(fact.body) as CreditLot;
          return [[id, `${remaining} ${expires_on}`]];
        }),
      );
    },
  };
};

test('lots are as AWS estimates them, and only those that bills may take from', async () => {
  const aws = await world();
  await aws.put(
    { id: '1', remaining: '1000.00', estimated: '912.40' },
    { id: '2', remaining: '50.00', estimated: '50.00', status: 'DISABLED' },
    { id: '3', remaining: '50.00', estimated: '50.00', begins: '2026-04-01' },
    { id: '4', remaining: '7.00', estimated: '-0.50', ends: undefined },
    { id: '5', account: '999999999999', remaining: '7.00' },
  );
  assert.deepEqual(await aws.tell(), []);
  assert.deepEqual(aws.left(), { 1: '912.4 2026-12-31', 4: '0 2099-12-31' });
  const [request] = aws.endpoint.requests;
  assert.match(request?.headers['authorization'] ?? '', /\/us-east-1\/billing\/aws4_request/);
  assert.equal(request?.headers['x-amz-target'], 'AWSBilling.GetCredits');
  assert.deepEqual(aws.endpoint.asked, [{ action: 'billing:GetCredits', resource: '*' }]);
  await aws.put({ id: '1', remaining: '1000.00', estimated: '900.00' });
  await aws.tell('2026-03-19');
  assert.equal(aws.left()['1'], '900 2026-12-31');
  await aws.endpoint.stop();
});

test('without an estimate, what bills took since the last closed one is taken off', async () => {
  const aws = await world();
  await aws.put({ id: '1', remaining: '1000.00' });
  const took = (date: string, amount: string) =>
    aws.append(
      statementFact(
        {
          key: `ce:${PAYER}:${date}:EC2:Credit`,
          revision: revision('final', 1),
          source: AWS,
          date: day(date),
        },
        'cost',
        { provider: AWS, service: 'EC2', recordType: 'credit', amount, currency: 'USD', estimated: true },
      ),
    );
  await took('2026-02-27', '-30');
  await took('2026-03-05', '-10');
  await aws.tell('2026-03-18');
  assert.equal(aws.left()['1'], '990 2026-12-31');
  await aws.endpoint.stop();
  // On the third, February's bill is not closed yet.
  const credit = { creditId: '1', remainingAmount: { currencyAmount: '1000.00', currencyCode: 'USD' } };
  const asOf = (date: string) => readCredits([credit], day(date)).grants[0]?.asOf;
  assert.deepEqual([asOf('2026-03-03'), asOf('2026-03-08')], ['2026-01-31', '2026-02-28']);
});

test('credits of the configuration are taken as written, and AWS is not asked', async () => {
  const grant = { id: 'own', remaining: '5', currency: 'USD', asOf: '2026-03-10', expiresOn: '2026-06-30' };
  const aws = await world([grant]);
  await aws.put({ id: '1', remaining: '1000.00' });
  await aws.tell();
  assert.deepEqual([aws.left(), aws.endpoint.requests.length], [{ own: '5 2026-06-30' }, 0]);
  // Taken out of the configuration, AWS's own word replaces them.
  await aws.tell('2026-03-19', []);
  assert.deepEqual(aws.left(), { 1: '1000 2026-12-31' });
  await aws.endpoint.stop();
});

test('who may not ask is told so and has none; a busy AWS changes nothing', async () => {
  const aws = await world();
  await aws.put({ id: '1', remaining: '10.00', estimated: '10.00' });
  await aws.tell();
  await aws.limit();
  const [busy] = await aws.tell('2026-03-19');
  assert.match(busy?.message ?? '', /AWS did not say what is left of credits/);
  assert.deepEqual(aws.left(), { 1: '10 2026-12-31' });
  aws.endpoint.deny();
  const [denied] = await aws.tell('2026-03-20');
  assert.equal(denied?.level, 'WARN');
  assert.deepEqual(aws.left(), {});
  await aws.endpoint.stop();
});

test('a lot without an end is taken back once AWS lists it no more', async () => {
  const aws = await world();
  await aws.put({ id: '1', remaining: '10.00', estimated: '10.00', ends: undefined });
  await aws.tell();
  assert.deepEqual(aws.left(), { 1: '10 2099-12-31' });
  await aws.put({ id: '1', status: 'DISABLED' });
  await aws.tell('2026-03-19');
  assert.deepEqual(aws.left(), {});
  await aws.endpoint.stop();
});

test('a signature that AWS takes for too old is a reason to ask again, and takes no credits back', async () => {
  const names = ['ExpiredTokenException', 'InvalidSignatureException', 'AccessDeniedException'];
  const server = createServer((_request, response) =>
    response.writeHead(400).end(JSON.stringify({ __type: names.shift() })),
  ).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { credits } = billingCredits({
    AWS_ENDPOINT_URL_BILLING: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ...{ AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'AKIATEST', AWS_SECRET_ACCESS_KEY: 'test' },
  });
  const outcomes: string[] = [];
  while (names.length > 0) outcomes.push((await credits(PAYER, NOW)).outcome);
  server.close();
  server.closeAllConnections();
  assert.deepEqual(outcomes, ['busy', 'busy', 'refused']);
});
