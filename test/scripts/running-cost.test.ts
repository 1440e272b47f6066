import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deploymentOf, monthlyCost, total } from '../../scripts/running-cost.ts';
import { synthesised, TENANTS } from '../infra/synthesis.ts';

const WITH_CACHE = {
  hasCache: true,
  alarms: 13,
  readsCosts: false,
  tellsPeople: false,
  scheduled: { runs: 4_000, runGb: 3_000 },
};

test('a company of a hundred thousand events a month pays less than ten dollars', () => {
  assert.ok(total(monthlyCost(WITH_CACHE, 100_000)) < 10);
});

test('the cache is the largest line of a small company, and its price is the smallest that is charged', () => {
  const lines = monthlyCost(WITH_CACHE, 1_000);
  const cache = lines.find(({ service }) => service === 'ElastiCache Serverless')?.usd ?? 0;
  // 0.1 GB, 730 hours, $0.084 a GB-hour.
  assert.ok(Math.abs(cache - 6.132) < 0.01);
  assert.ok(lines.every(({ usd }) => usd <= cache));
  const without = total(monthlyCost({ ...WITH_CACHE, hasCache: false }, 1_000));
  assert.ok(Math.abs(total(lines) - without - cache) < 1e-9);
});

test('more events never cost less, and alarms cost from the eleventh', () => {
  const totals = [0, 1_000, 100_000, 10_000_000].map((events) => total(monthlyCost(WITH_CACHE, events)));
  assert.deepEqual(
    totals,
    [...totals].sort((a, b) => a - b),
  );
  const alarmCost = (alarms: number): number =>
    total(monthlyCost({ ...WITH_CACHE, hasCache: false, alarms }, 0));
  assert.equal(alarmCost(10), alarmCost(3));
  assert.ok(Math.abs(alarmCost(12) - alarmCost(10) - 0.2) < 1e-9);
});

test('a deployment is read from its templates', () => {
  const resources = (...types: string[]): { Resources: Record<string, { Type: string }> } => ({
    Resources: Object.fromEntries(types.map((Type, index) => [`R${index}`, { Type }])),
  });
  const alarm = 'AWS::CloudWatch::Alarm';
  assert.deepEqual(deploymentOf([resources('AWS::ElastiCache::ServerlessCache', alarm), resources(alarm)]), {
    hasCache: true,
    alarms: 2,
    readsCosts: false,
    tellsPeople: false,
    scheduled: { runs: 0, runGb: 0 },
  });
  assert.deepEqual(deploymentOf([resources(alarm)]), {
    hasCache: false,
    alarms: 1,
    readsCosts: false,
    tellsPeople: false,
    scheduled: { runs: 0, runGb: 0 },
  });
});

test('telling people costs cents at a company’s size, and nothing where nobody is told', () => {
  const told = total(monthlyCost({ ...WITH_CACHE, tellsPeople: true }, 1_000));
  const more = told - total(monthlyCost(WITH_CACHE, 1_000));
  assert.ok(more > 0 && more < 0.05, `${more}`);
  const alert = { Type: 'AWS::Lambda::Function', Environment: { Variables: { PAGERDUTY_URL: '' } } };
  assert.equal(deploymentOf([{ Resources: { alert } }]).tellsPeople, true);
});

test('asking what the cloud costs costs a cent each time, and nothing where no bill is read', () => {
  const asking = total(monthlyCost({ ...WITH_CACHE, readsCosts: true }, 1_000));
  assert.ok(Math.abs(asking - total(monthlyCost(WITH_CACHE, 1_000)) - 0.61) < 1e-9);
  const role = { Type: 'AWS::IAM::Policy', Properties: { Action: 'ce:GetCostAndUsage' } };
  assert.equal(deploymentOf([{ Resources: { role } }]).readsCosts, true);
  assert.equal(deploymentOf([{ Resources: {} }]).readsCosts, false);
});

test('a function that the clock calls is priced by its memory, as the template of a product’s database shows', () => {
  const of = (configuration: string) => {
    const { stateful, pipeline } = synthesised({ configuration });
    return deploymentOf([stateful, pipeline]);
  };
  const query = '{ name: plans, kind: subscriptions, relation: capstack.plans }';
  const without = of(TENANTS);
  const reading = of(TENANTS.replace(' }\n', `, postgres: { queries: [${query}] } }\n`));
  assert.ok(without.scheduled.runs > 3 * 730);
  assert.equal(reading.scheduled.runs - without.scheduled.runs, 730);
  // Half a gigabyte, every hour.
  assert.equal(reading.scheduled.runGb - without.scheduled.runGb, 365);
  const besides = { scheduled: without.scheduled };
  assert.deepEqual({ ...reading, ...besides }, without, 'neither network nor alarms of its own');
  const busy = 10_000_000;
  const difference = total(monthlyCost(reading, busy)) - total(monthlyCost(without, busy));
  // 730 requests at 0.2 dollars a million, 730 GB-seconds at 13.3334 a million.
  assert.ok(Math.abs(difference - (730 * 0.2e-6 + 730 * 0.0000133334)) < 1e-9);
  assert.equal(total(monthlyCost(reading, 1_000)), total(monthlyCost(without, 1_000)), 'within what is free');
});
