import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { followStance } from '../../../functions/govern/budget.ts';
import { openDurable } from '../../../scripts/local/durable.ts';
import { type Budgets, budgetsService } from '../../../scripts/local/services/budgets.ts';
import { type Budget, budget } from '../../../shared/aws/budget.ts';
import { logger } from '../../../shared/lambda/logger.ts';
import type { Stance } from '../../../shared/policy/stance.ts';
import { FIRST_STATE } from '../../../shared/policy/state.ts';
import { type ServiceEndpoint, serviceEndpoint } from '../../support/service-endpoint.ts';

const NAME = 'capstack-test';
let service: Budgets;
let endpoint: ServiceEndpoint;
let ours: Budget;
const lines: string[] = [];

const named = (name: string): Budget =>
  budget(
    { accountId: '000000000000', name, monthlyUsd: 1000 },
    {
      AWS_ENDPOINT_URL_BUDGETS: endpoint.client.endpoint,
      ...{ AWS_ACCESS_KEY_ID: 'AKIATEST', AWS_SECRET_ACCESS_KEY: 'test', AWS_REGION: 'eu-west-1' },
    },
  );
const follow = (stance: Stance, hold: readonly string[] = [], which = ours): Promise<void> =>
  followStance(
    which,
    { ...FIRST_STATE, stance, hold },
    logger({}, (line) => lines.push(line)),
  );

beforeEach(async () => {
  service = budgetsService(openDurable(undefined));
  service.seed({ name: NAME, amount: '1000' });
  endpoint = await serviceEndpoint(service.service);
  ours = named(NAME);
  lines.length = 0;
});
afterEach(() => endpoint.stop());

test('the limit tightens with the stance and is relaxed with it', async () => {
  const limits: (string | undefined)[] = [];
  for (const stance of ['CONSERVE', 'CRITICAL', 'CONSERVE', 'NORMAL'] as const) {
    await follow(stance);
    limits.push(service.limit(NAME));
  }
  assert.deepEqual(limits, ['800.00', '600.00', '800.00', '1000.00']);
});

test('a limit that is right is not written again, and on hold nothing is asked', async () => {
  await follow('NORMAL');
  await follow('CRITICAL', ['the forecast is old']);
  assert.deepEqual(
    endpoint.asked.map(({ action, resource }) => [action, resource]),
    [['budgets:ViewBudget', `arn:aws:budgets::000000000000:budget/${NAME}`]],
  );
});

test('requests are signed for Budgets in the one region it has', async () => {
  await ours.limit();
  assert.match(
    endpoint.requests[0]?.headers['authorization'] ?? '',
    /^AWS4-HMAC-SHA256 Credential=AKIATEST\/\d{8}\/us-east-1\/budgets\/aws4_request, /,
  );
});

test('a budget that is gone or denied is told in the log, and stops nothing', async () => {
  await follow('CRITICAL', [], named('other'));
  assert.match(lines.at(-1) ?? '', /budget could not be set.*doesn't exist/);
  endpoint.deny();
  await follow('CRITICAL');
  assert.match(lines.at(-1) ?? '', /not authorized/);
  await assert.rejects(ours.setLimit('1'), /not authorized/);
  assert.equal(service.limit(NAME), '1000');
});

test('what is no limit is refused', async () => {
  await assert.rejects(ours.setLimit('-1'), /is no limit/);
  await assert.rejects(ours.setLimit('many'), /is no limit/);
});
