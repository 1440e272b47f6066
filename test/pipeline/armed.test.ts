/** The policy armed, on the template's own function with the rights that its role has, and no others. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { autoScaling } from '../../shared/aws/auto-scaling.ts';
import { budget } from '../../shared/aws/budget.ts';
import { policyStore } from '../../shared/aws/policy-store.ts';
import { addDays, civilDateIn } from '../../shared/time/civil-date.ts';
import { until } from '../support/local-client.ts';
import { localWorld } from '../support/local-world.ts';

const CONFIGURATION = `
tenants:
  - { name: demo, accounting_zone: America/New_York, base_currency: USD, livemode: false }
`;
const HOUR_MS = 3_600_000;

const { run, client, admin, tables, stateTable } = await localWorld(CONFIGURATION);
const { endpoint, region, operator } = run.facts;
const credentials = { accessKeyId: operator.id, secretAccessKey: operator.secret };
const scaling = new AutoScalingClient({ endpoint, region, credentials });
after(() => scaling.destroy());
const policy = policyStore(tables, stateTable);
const groups = autoScaling(scaling);

const govern = () =>
  run.application.functions.find(({ title }) => title === 'govern') ?? assert.fail('no govern');
const decided = async () => (await client.request('GET', '/v1/policy/decisions', { token: admin })).body;
const sizes = async () =>
  Object.fromEntries(
    (await groups.describeManaged()).map(({ name, min, max, desired, baseline }) => [
      name.replace(/^capstack-|-asg$/g, ''),
      [min, max, desired, ...(baseline ? ['mirrored'] : [])],
    ]),
  );

/** Five months of spending, and cash for another fifty days. */
const shortRunway = (): object[] => {
  const today = civilDateIn('America/New_York', Date.now());
  const event = (id: string, type: string, amount: string, date: string, category?: string) => ({
    ...{ id, type, amount, currency: 'USD', date },
    ...(category && { category }),
  });
  return [
    event('opening', 'adjustment', '190000.00', addDays(today, -141), 'opening_balance'),
    ...Array.from({ length: 140 }, (_, index) =>
      event(`spend-${index}`, 'expense', '1000.00', addDays(today, -1 - index), 'payroll'),
    ),
  ];
};

/** Lets the dwell of what is planned pass, and the stance be confirmed: the clock of this test is the machine's. */
const dwell = async (): Promise<void> => {
  const lease = (await policy.lease('demo', Date.now(), 60_000)) ?? assert.fail('a run is at work');
  const { version, state } = await policy.state('demo');
  const since = new Date(Date.now() - 2 * HOUR_MS).toISOString();
  const passed = Object.entries(state.groups).map(([name, memory]) => [
    name,
    memory.standing?.status === 'planned'
      ? { ...memory, standing: { ...memory.standing, not_before: since } }
      : memory,
  ]);
  const record = {
    state: { ...state, since, groups: Object.fromEntries(passed) },
    decisions: [],
    outcomes: [],
  };
  assert.equal(await policy.record('demo', version, record, lease), 'recorded');
  await policy.release('demo', lease);
};

test('a short runway shrinks staging and dev, tells so, tightens the budget, and an order gives all back', async () => {
  assert.equal((await client.generic(shortRunway())).body.status, 'accepted');
  const planned = await until(decided, ({ decisions }) => decisions.length === 2);
  await run.settled();
  const whole = await sizes();
  assert.deepEqual(whole, { production: [3, 12, 8], staging: [2, 8, 4], dev: [1, 4, 2] });
  for (const { expected } of planned.decisions) {
    assert.ok(Number(expected.cost.monthly.amount) < 0);
    assert.ok(expected.p5_days.after >= expected.p5_days.before, JSON.stringify(expected));
  }
  const [advice] = planned.recommendations;
  assert.equal(advice.group, 'capstack-production-asg');

  await dwell();
  await govern().invoke({});
  assert.deepEqual(await sizes(), whole, 'mode plan writes nothing');
  await client.request('PUT', '/v1/policy/mode', { token: admin, body: { mode: 'apply' } });
  assert.equal((await govern().invoke({})).ok, true);
  const applied = await sizes();
  assert.deepEqual(applied['production'], [3, 12, 8]);
  assert.deepEqual(applied['dev'], [1, 2, 1, 'mirrored']);
  assert.deepEqual(applied['staging']?.at(-1), 'mirrored');
  const told = await decided();
  for (const { outcomes } of told.decisions)
    assert.deepEqual(
      outcomes.map(({ status }: { status: string }) => status),
      ['applied'],
    );
  const watched = budget(
    { accountId: '000000000000', name: 'capstack-local', monthlyUsd: 1000 },
    {
      ...{ AWS_ENDPOINT_URL: endpoint, AWS_REGION: region },
      ...{ AWS_ACCESS_KEY_ID: operator.id, AWS_SECRET_ACCESS_KEY: operator.secret },
    },
  );
  assert.equal(await watched.limit(), told.stance === 'CRITICAL' ? '600.00' : '800.00');

  const path = `/v1/policy/decisions/${advice.decision_id}/approval`;
  assert.equal(
    (await client.request('POST', path, { token: admin, body: { digest: 'sha256:other' } })).status,
    409,
  );
  assert.equal(
    (await client.request('POST', path, { token: admin, body: { digest: advice.digest } })).status,
    202,
  );
  assert.equal((await client.request('POST', '/v1/policy/restore', { token: admin, body: {} })).status, 202);
  assert.equal((await govern().invoke({})).ok, true);
  assert.deepEqual(await sizes(), whole);
  const { recommendations, groups: now } = await decided();
  assert.deepEqual(
    recommendations[0].outcomes.map(({ status }: { status: string }) => status),
    ['approved'],
  );
  assert.ok(now.some((group: { hands_off: string | null }) => group.hands_off === 'given back by order'));
});

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const asGovern = async (fields: Record<string, string>): Promise<number> => {
  const body = Buffer.from(new URLSearchParams({ Version: '2011-01-01', ...fields }).toString());
  const request = { method: 'POST', path: '/', headers: FORM, body };
  return (await run.application.callAs(govern().roleArn, 'autoscaling', request)).status;
};
const tag = (group: string, key: string): Record<string, string> => ({
  'Tags.member.1.ResourceId': group,
  'Tags.member.1.ResourceType': 'auto-scaling-group',
  'Tags.member.1.Key': key,
  'Tags.member.1.Value': 'true',
});

test('the role of the policy may size staging and dev and set its one tag there, and nothing of production', async () => {
  const update = (group: string) =>
    asGovern({
      Action: 'UpdateAutoScalingGroup',
      AutoScalingGroupName: `capstack-${group}-asg`,
      MaxSize: '12',
    });
  assert.deepEqual(
    [await update('staging'), await update('dev'), await update('production')],
    [200, 200, 403],
  );
  for (const Action of ['CreateOrUpdateTags', 'DeleteTags']) {
    const asked = (group: string, key: string) => asGovern({ Action, ...tag(`capstack-${group}-asg`, key) });
    assert.equal(await asked('dev', 'capstack-baseline'), 200, Action);
    assert.equal(await asked('dev', 'capstack-environment'), 403, Action);
    assert.equal(await asked('production', 'capstack-baseline'), 403, Action);
  }
});
