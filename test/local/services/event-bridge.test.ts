import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { type Durable, openDurable } from '../../../scripts/local/durable.ts';
import {
  type AcceptedEvent,
  type EventBridge,
  eventBridgeService,
} from '../../../scripts/local/services/event-bridge.ts';
import { type ServiceEndpoint, serviceEndpoint } from '../../support/service-endpoint.ts';

const NOW_MS = Date.parse('2026-11-21T08:00:00.750Z');

let durable: Durable;
let accepted: AcceptedEvent[];
let bridge: EventBridge;
let endpoint: ServiceEndpoint;
let client: EventBridgeClient;

const open = () =>
  eventBridgeService({
    durable,
    buses: ['news'],
    accepted: (event) => accepted.push(event),
    clock: () => NOW_MS,
  });

beforeEach(async () => {
  durable = openDurable(undefined);
  accepted = [];
  bridge = open();
  endpoint = await serviceEndpoint(bridge.service);
  client = new EventBridgeClient(endpoint.client);
});
afterEach(async () => {
  client.destroy();
  await endpoint.stop();
});

const entry = (detail: string, fields = {}) => ({
  EventBusName: 'news',
  Source: 'test.source',
  DetailType: 'Happened',
  Detail: detail,
  ...fields,
});
const put = (...Entries: object[]) => client.send(new PutEventsCommand({ Entries }));

test('an event is kept in the form that targets receive, until it is delivered', async () => {
  const { Entries, FailedEntryCount } = await put(
    entry('{"n":1}', { Time: new Date('2026-01-02T03:04:05Z'), Resources: ['arn:x'] }),
    entry('{"n":2}', { EventBusName: 'arn:aws:events:us-east-1:000000000000:event-bus/news' }),
  );
  assert.equal(FailedEntryCount, 0);
  assert.deepEqual(bridge.pending(), accepted);
  assert.deepEqual(accepted, [
    {
      bus: 'news',
      event: {
        version: '0',
        id: Entries?.[0]?.EventId,
        'detail-type': 'Happened',
        source: 'test.source',
        account: '000000000000',
        time: '2026-01-02T03:04:05Z',
        region: 'us-east-1',
        resources: ['arn:x'],
        detail: { n: 1 },
      },
    },
    {
      bus: 'news',
      event: {
        version: '0',
        id: Entries?.[1]?.EventId,
        'detail-type': 'Happened',
        source: 'test.source',
        account: '000000000000',
        time: '2026-11-21T08:00:00Z',
        region: 'us-east-1',
        resources: [],
        detail: { n: 2 },
      },
    },
  ]);
  bridge.delivered(Entries?.[0]?.EventId ?? '');
  assert.deepEqual(
    bridge.pending().map(({ event }) => event.detail),
    [{ n: 2 }],
  );
});

test('what was not delivered is pending after a restart, in order, and can then be delivered', async () => {
  for (let n = 1; n <= 11; n += 1) await put(entry(`{"n":${n}}`));
  bridge.delivered(bridge.pending()[0]?.event.id ?? '');
  const reopened = open();
  assert.deepEqual(
    reopened.pending().map(({ event }) => event.detail),
    Array.from({ length: 10 }, (_, index) => ({ n: index + 2 })),
  );
  for (const { event } of reopened.pending()) reopened.delivered(event.id);
  assert.deepEqual(reopened.pending(), []);
});

test('a bad entry is refused alone', async () => {
  const { Entries, FailedEntryCount } = await put(
    entry('not JSON'),
    entry('[1]'),
    entry('{}', { Source: '' }),
    entry('{}', { EventBusName: 'elsewhere' }),
    entry('{"good":true}'),
  );
  assert.equal(FailedEntryCount, 4);
  assert.deepEqual(
    Entries?.map(({ ErrorCode }) => ErrorCode),
    ['MalformedDetail', 'MalformedDetail', 'InvalidArgument', 'ResourceNotFoundException', undefined],
  );
  assert.deepEqual(
    bridge.pending().map(({ event }) => event.detail),
    [{ good: true }],
  );
});

test('more than ten entries are refused together', async () => {
  await assert.rejects(put(...Array.from({ length: 11 }, () => entry('{}'))), {
    name: 'ValidationException',
  });
  assert.deepEqual(bridge.pending(), []);
});

test('IAM is asked once for each bus', async () => {
  await put(entry('{}'), entry('{}'));
  assert.deepEqual(
    endpoint.asked.map(({ action, resource }) => [action, resource]),
    [['events:PutEvents', 'arn:aws:events:us-east-1:000000000000:event-bus/news']],
  );
  endpoint.deny();
  await assert.rejects(put(entry('{}')), { name: 'AccessDeniedException' });
});
