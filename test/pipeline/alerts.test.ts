/** A short runway through the whole local pipeline, to the stand-ins for PagerDuty and Slack. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { addDays, civilDateIn } from '../../shared/time/civil-date.ts';
import { capstack } from '../scripts/cli/capstack.ts';
import type { SentEvent } from '../support/alert-world.ts';
import { until } from '../support/local-client.ts';
import { localWorld } from '../support/local-world.ts';

const TODAY = civilDateIn('UTC', Date.now());
const { run, client, admin, invoke } = await localWorld(`
policy: { tenant: demo }
tenants:
  - { name: demo, accounting_zone: UTC, base_currency: USD, livemode: false }
  - { name: other, accounting_zone: UTC, base_currency: USD, livemode: false }
alerts: { channels: { pagerduty: true, slack: true } }
`);

const stub = async (path: string) => (await client.request('GET', `/_local/stub/${path}`)).body;
const events = async (): Promise<readonly SentEvent[]> => (await stub('pagerduty/_control/events')).events;
const messages = async (): Promise<readonly { webhook: string; text: string }[]> =>
  (await stub('slack/_control/messages')).messages;

const money = (id: string, type: string, amount: string, daysAgo: number, category?: string) => ({
  ...{ id, type, amount, currency: 'USD', date: addDays(TODAY, -daysAgo) },
  ...(category !== undefined && { category }),
});

test('a forecast that falls is at the stand-ins, once, and at nobody else’s', async () => {
  const weeks = Array.from({ length: 30 }, (_, week) =>
    money(`w${week}`, 'expense', '7000.00', 1 + 7 * week),
  );
  const opening = money('opening', 'adjustment', '1000000.00', 215, 'opening_balance');
  assert.equal((await client.generic([opening, ...weeks])).status, 200);
  await run.settled();
  const { body } = await client.request('GET', '/v1/runway', { token: admin });
  assert.equal(body.status, 'ok');
  assert.deepEqual(await events(), [], `p5 is ${body.p5_days}`);

  assert.equal((await client.generic([money('lost', 'expense', '760000.00', 1)])).status, 200);
  const sent = await until(events, (now) => now.some(({ dedup_key }) => dedup_key.endsWith(':p5')));
  await run.settled();
  const after = (await client.request('GET', '/v1/runway', { token: admin })).body;
  assert.ok(after.p5_days < 45, `p5 is ${after.p5_days}`);
  const [page] = sent.filter(({ dedup_key }) => dedup_key === 'runway:local:demo:p5');
  assert.match(page?.payload?.summary ?? '', /^demo \(local\): .*p5 is below 45$/);
  const told = (await messages()).filter(({ text }) => /rule p5/.test(text));
  assert.deepEqual(
    told.map(({ webhook }) => webhook),
    ['/services/local/demo'],
  );
  assert.match(told[0]?.text ?? '', new RegExp(`<${run.url}/\\|Runway page>`));

  await invoke('alert', { 'detail-type': 'Scheduled Event', detail: {} });
  await client.generic([money('small', 'expense', '10.00', 1)], {
    tenant: 'other',
    secret: 'local-secret_other',
  });
  await run.settled();
  assert.equal((await events()).filter(({ dedup_key }) => dedup_key.endsWith(':p5')).length, 1);
});

test('an alarm of the stage comes by the default bus', async () => {
  const { operator, region, endpoint } = run.facts;
  const credentials = { accessKeyId: operator.id, secretAccessKey: operator.secret };
  const rule = readFileSync(
    join(run.facts.dataDir, 'cdk.out', 'capstack-local-pipeline.template.json'),
    'utf8',
  );
  const [logicalId] = /AlarmsDeadLetters[0-9A-F]{8}/.exec(rule) ?? assert.fail();
  const name = `capstack-local-pipeline-${logicalId}`;
  const bus = new EventBridgeClient({ endpoint, region, credentials });
  await bus.send(
    new PutEventsCommand({
      Entries: [
        {
          Source: 'aws.cloudwatch',
          DetailType: 'CloudWatch Alarm State Change',
          Resources: [`arn:aws:local:us-east-1:000000000000:${name}`],
          Detail: JSON.stringify({
            alarmName: name,
            state: { value: 'ALARM', reason: 'Threshold Crossed', timestamp: new Date().toISOString() },
            configuration: { description: 'Read the dead letter queue' },
          }),
        },
      ],
    }),
  );
  bus.destroy();
  const key = 'runway:local:demo:alarm:DeadLetters';
  await until(events, (now) => now.some(({ dedup_key }) => dedup_key === key));
  await until(messages, (now) =>
    now.some(({ text }) => /DeadLetters: Read the dead letter queue/.test(text)),
  );
});

test('the command line tries the channels', async () => {
  const tried = await capstack(['alerts', 'test', '--api', run.url, '--json']);
  assert.deepEqual(JSON.parse(tried.stdout), {
    tenant: 'demo',
    channels: [
      { channel: 'pagerduty', outcome: 'accepted' },
      { channel: 'slack', outcome: 'accepted' },
    ],
  });
  assert.equal(tried.code, 0);
  await client.request('POST', '/_local/stub/slack/_control/answers', {
    body: { status: 410, body: 'channel_is_archived' },
  });
  const refused = await capstack(['alerts', 'test', '--api', run.url]);
  assert.equal(refused.code, 1);
  assert.match(refused.stdout, /REFUSED.*410 channel_is_archived/);
  assert.match(refused.stderr, /slack did not take the test notice/);
});

test('credentials are stored as others are, and a wrong one is said', async () => {
  const put = ['secrets', 'put', '--api', run.url, '--tenant', 'demo'];
  const stored = await capstack([...put, '--source', 'slack', '--credential', 'url'], {
    stdin: `${run.url}/_local/stub/slack/services/another`,
  });
  assert.equal(stored.code, 0, stored.stderr);
  assert.match(stored.stdout, /\/capstack\/local\/demo\/slack\/api\/url is stored/);
  assert.doesNotMatch(stored.stdout + stored.stderr, /another/);
});

test('the door is for admins only', async () => {
  const token = await client.token({ scopes: ['runway:read', 'policy:write'] });
  assert.equal((await client.request('POST', '/v1/alerts/test', { token })).status, 403);
  assert.equal((await client.request('POST', '/v1/alerts/test')).status, 401);
});
