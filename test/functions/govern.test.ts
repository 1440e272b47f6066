import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { SSMClient } from '@aws-sdk/client-ssm';
import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { type GovernDeps, govern } from '../../functions/govern/govern.ts';
import { openDurable } from '../../scripts/local/durable.ts';
import {
  autoScalingService,
  type AutoScaling as LocalScaling,
  SCALING_FAULTS,
} from '../../scripts/local/services/auto-scaling.ts';
import { DEMO_GROUPS } from '../../scripts/local/services/demo-groups.ts';
import { ssmService } from '../../scripts/local/services/ssm.ts';
import { autoScaling } from '../../shared/aws/auto-scaling.ts';
import { policyMode } from '../../shared/aws/policy-mode.ts';
import { type PolicyStore, policyStore } from '../../shared/aws/policy-store.ts';
import { reconciliationStore } from '../../shared/aws/reconciliation-store.ts';
import { type StateStore, stateStore } from '../../shared/aws/state-store.ts';
import { logger } from '../../shared/lambda/logger.ts';
import { LIST_PRICES } from '../../shared/policy/prices.ts';
import { type LocalLedgerTable, startLedgerTable } from '../support/dynamodb-local.ts';
import { memoryBudget } from '../support/memory-budget.ts';
import { runwayDocument, SETTINGS } from '../support/policy.ts';
import { type ServiceEndpoint, serviceEndpoint } from '../support/service-endpoint.ts';

const NOW_MS = Date.parse('2026-11-21T08:00:00Z');
const HOUR_MS = 3_600_000;
const MODE = '/capstack/test/policy/mode';

let local: LocalLedgerTable;
before(async () => {
  local = await startLedgerTable();
});
after(() => local.stop());

/** A State table, a parameter store and Auto Scaling of each test's own, behind the adapters that run on AWS. */
interface World {
  readonly deps: GovernDeps;
  readonly table: string;
  readonly state: StateStore;
  readonly policy: PolicyStore;
  readonly mode: ReturnType<typeof policyMode>;
  readonly scaling: LocalScaling;
  readonly scalingEndpoint: ServiceEndpoint;
  readonly parameterEndpoint: ServiceEndpoint;
  readonly lines: string[];
}

let world: World;
let closing: (() => unknown)[] = [];

beforeEach(async () => {
  const durable = openDurable(undefined);
  const clock = () => NOW_MS;
  const ssm = ssmService(durable, clock);
  ssm.seed({ name: MODE, value: 'plan', type: 'String' });
  const scaling = autoScalingService(durable, clock);
  for (const group of DEMO_GROUPS) scaling.seed(group);
  const parameterEndpoint = await serviceEndpoint(ssm.service);
  const scalingEndpoint = await serviceEndpoint(scaling.service);
  const table = await local.another();
  const [state, policy] = [stateStore(local.client, table), policyStore(local.client, table)];
  /** One attempt: what the client retries is not this step's affair. */
  const parameters = new SSMClient({ ...parameterEndpoint.client, maxAttempts: 1 });
  const groups = new AutoScalingClient({ ...scalingEndpoint.client, maxAttempts: 1 });
  const mode = policyMode(parameters, MODE);
  const reconciliation = reconciliationStore(local.client, table);
  const common = {
    settings: SETTINGS,
    prices: LIST_PRICES,
    effect: async () => null,
    budget: memoryBudget(),
  };
  const deps = { ...common, state, reconciliation, policy, groups: autoScaling(groups), mode };
  world = { deps, table, state, policy, mode, scaling, scalingEndpoint, parameterEndpoint, lines: [] };
  closing = [
    parameterEndpoint.stop,
    scalingEndpoint.stop,
    () => parameters.destroy(),
    () => groups.destroy(),
  ];
});
afterEach(async () => {
  for (const close of closing) await close();
});

const run = (nowMs = NOW_MS): Promise<number> =>
  govern(
    world.deps,
    nowMs,
    logger(
      {},
      (line) => world.lines.push(line),
      () => nowMs,
    ),
  );

let fences = 0;
/** A forecast computed at the moment it is stored. */
const forecast = async (p5: number | null, nowMs = NOW_MS, fields = {}): Promise<void> => {
  fences += 1;
  const fence = fences.toString().padStart(12, '0');
  const document = runwayDocument(p5, new Date(nowMs).toISOString(), fields);
  assert.equal(await world.state.putForecast(SETTINGS.tenant, { fence, document }), true);
};
/** What the policy would do by itself; what it recommends for production is tested apart. */
const decisions = async () =>
  (await world.policy.decisions(SETTINGS.tenant, 1000)).filter(
    ({ environment }) => environment !== 'production',
  );
const policyState = async () => (await world.policy.state(SETTINGS.tenant)).state;

/** Nothing was resized or tagged: only describing was asked for, and every group is as it was. */
const assertUntouched = (): void => {
  for (const { action } of world.scalingEndpoint.asked) assert.match(action, /^autoscaling:Describe/);
  for (const { name, tags, min, max, desired } of DEMO_GROUPS) {
    const group = world.scaling.group(name);
    assert.deepEqual(
      [group?.tags, group?.min, group?.max, group?.desired],
      [tags, min, max, desired],
      `${name} was changed`,
    );
  }
};

test('a short runway plans staging and dev, plans for no production group and changes nothing', async () => {
  await forecast(52);
  await run();
  const planned = (await decisions()).map((decision) => [decision.group, decision.status, decision.to]);
  assert.deepEqual(planned.sort(), [
    ['capstack-dev-asg', 'planned', { min: 1, max: 2, desired: 1 }],
    ['capstack-staging-asg', 'planned', { min: 1, max: 4, desired: 2 }],
  ]);
  assert.equal((await policyState()).stance, 'CONSERVE');
  assertUntouched();
});

test('19 the event again, the hour again, and a new forecast in the same stance record nothing new', async () => {
  await forecast(40);
  await run();
  const first = await decisions();
  assert.equal(first.length, 2);
  await run();
  await run(NOW_MS + HOUR_MS);
  await forecast(39.5, NOW_MS + 2 * HOUR_MS);
  await run(NOW_MS + 2 * HOUR_MS);
  assert.deepEqual(await decisions(), first);
});

test('runs at the same time record each decision once', async () => {
  await forecast(40);
  await Promise.all(Array.from({ length: 4 }, () => run()));
  assert.deepEqual((await decisions()).map(({ group }) => group).sort(), [
    'capstack-dev-asg',
    'capstack-staging-asg',
  ]);
});

test('a forecast that comes while a run is at work is looked at before it ends', async () => {
  await forecast(52);
  let overtaken = false;
  const overtakes: StateStore['forecast'] = async (tenant) => {
    const read = await world.state.forecast(tenant);
    if (!overtaken) {
      overtaken = true;
      await forecast(20);
      await run();
    }
    return read;
  };
  await govern(
    { ...world.deps, state: { forecast: overtakes } },
    NOW_MS,
    logger({}, () => undefined),
  );
  assert.deepEqual(
    (await decisions()).map((decision) => decision.forecast?.p5_days).sort(),
    [20, 20, 52, 52],
  );
  assert.equal((await policyState()).stance, 'CRITICAL');
});

test('a policy that lost its memory plans the same again, and records it no second time', async () => {
  await forecast(40);
  await run();
  const first = await decisions();
  const Key = { pk: `T#${SETTINGS.tenant}#POLICY`, sk: 'STANCE' };
  await local.client.send(new DeleteCommand({ TableName: world.table, Key }));
  assert.equal((await policyState()).stance, 'NORMAL');
  await run(NOW_MS + HOUR_MS);
  assert.equal((await policyState()).stance, 'CRITICAL');
  assert.deepEqual(await decisions(), first);
});

test('when the runway is long again each plan is withdrawn by a row of its own, and the first stays as it was', async () => {
  await forecast(52);
  await run();
  const first = await decisions();
  const later = NOW_MS + 3 * HOUR_MS;
  await forecast(null, later);
  await run(later);
  const all = await decisions();
  assert.equal((await policyState()).stance, 'NORMAL');
  assert.deepEqual(all.slice(-2), first);
  assert.deepEqual(
    all
      .slice(0, 2)
      .map(({ status, supersedes }) => [status, first.some((each) => each.decision_id === supersedes)]),
    [
      ['withdrawn', true],
      ['withdrawn', true],
    ],
  );
  assertUntouched();
});

test('apply mode changes nothing before its time either', async () => {
  await world.mode.write('apply');
  await forecast(40);
  await run();
  assert.deepEqual([...new Set((await decisions()).map(({ mode }) => mode))], ['apply']);
  assertUntouched();
});

test('off, an unreadable mode and a mode that is none hold the policy, and it says why', async () => {
  await forecast(40);
  const holds = async (reason: RegExp): Promise<void> => {
    await run();
    assert.match((await policyState()).hold.join(), /mode is off/);
    assert.ok(world.lines.some((line) => reason.test(line)));
  };
  await world.mode.write('off');
  await holds(/policy holds/);
  await world.mode.write('on' as 'off');
  await holds(/holds none of/);
  await world.mode.write('plan');
  world.parameterEndpoint.deny();
  await holds(/cannot be read/);
  assert.deepEqual(await decisions(), []);
  assert.deepEqual(world.scalingEndpoint.asked, []);
});

test('doubtful forecasts hold, and the hold ends with the doubt', async () => {
  await run();
  assert.match((await policyState()).hold.join(), /no forecast/);
  await forecast(40);
  await run(NOW_MS + 27 * HOUR_MS);
  assert.match((await policyState()).hold.join(), /older than 26 hours/);
  for (const fields of [
    { status: 'insufficient_data' },
    { trust: { partial: true, paused: false, conflicts: 0 } },
    { trust: { partial: false, paused: true, conflicts: 0 } },
    { trust: { partial: false, paused: false, conflicts: 1 } },
  ]) {
    await forecast(40, NOW_MS, fields);
    await run();
    assert.equal((await policyState()).hold.length, 1, JSON.stringify(fields));
  }
  assert.deepEqual(await decisions(), []);
  await forecast(40);
  await run();
  assert.deepEqual((await policyState()).hold, []);
  assert.equal((await decisions()).length, 2);
});

test('when the groups cannot be described the run fails, and the next one plans', async () => {
  await forecast(40);
  world.scaling.failNext('DescribeAutoScalingGroups', SCALING_FAULTS.throttling);
  await assert.rejects(run(), { name: 'Throttling' });
  assert.deepEqual(await decisions(), []);
  await run();
  assert.equal((await decisions()).length, 2);
});

test('more groups than a page and a transaction hold are all planned, each once', async () => {
  const tags = { 'capstack-managed': 'true', 'capstack-environment': 'dev' };
  const names = Array.from({ length: 120 }, (_, index) => `dev-${index}`);
  for (const name of names) world.scaling.seed({ name, min: 1, max: 4, desired: 2, tags });
  world.scaling.seed({
    name: 'not-ours',
    min: 1,
    max: 4,
    desired: 2,
    tags: { 'capstack-environment': 'dev' },
  });
  await forecast(40);
  await run();
  const planned = (await decisions()).map(({ group }) => group).sort();
  assert.deepEqual(planned, [...names, 'capstack-dev-asg', 'capstack-staging-asg'].sort());
});

test('a group that carries its baseline is restored to it when the runway is long', async () => {
  world.scaling.seed({
    name: 'shrunk',
    min: 1,
    max: 2,
    desired: 1,
    tags: {
      'capstack-managed': 'true',
      'capstack-environment': 'staging',
      'capstack-baseline': '2-4-8',
    },
  });
  await forecast(40);
  await run();
  const later = NOW_MS + HOUR_MS;
  await forecast(300, later);
  await run(later);
  assert.equal((await policyState()).stance, 'CONSERVE', 'from CRITICAL the way up leads through CONSERVE');
  const dayLater = later + 24 * HOUR_MS;
  await forecast(300, dayLater);
  await run(dayLater);
  const restoring = (await decisions()).find(
    ({ group, stance }) => group === 'shrunk' && stance === 'NORMAL',
  );
  assert.deepEqual(restoring?.to, { min: 2, max: 8, desired: 4 });
  assert.equal(restoring?.not_before, new Date(dayLater + 24 * HOUR_MS).toISOString());
});
