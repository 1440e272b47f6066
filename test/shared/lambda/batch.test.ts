import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Context, SQSEvent } from 'aws-lambda';
import { eventHandler } from '../../../shared/lambda/event.ts';
import { sqsHandler } from '../../../shared/lambda/sqs.ts';
import { streamHandler } from '../../../shared/lambda/stream.ts';

const context = { awsRequestId: 'r-1', getRemainingTimeInMillis: () => 5_000 } as unknown as Context;

test('a stream step names the records that failed; no return means none did', async () => {
  const some = streamHandler('probe', async (records) => records.map((record) => String(record.eventID)));
  assert.deepEqual(await some({ Records: [{ eventID: '7' }] }, context), {
    batchItemFailures: [{ itemIdentifier: '7' }],
  });
  const none = streamHandler('probe', async () => {});
  assert.deepEqual(await none({ Records: [] }, context), { batchItemFailures: [] });
});

test('an event that is no stream batch goes to the schedule, and fails where there is none', async () => {
  const events: unknown[] = [];
  const both = streamHandler(
    'probe',
    async () => {},
    async (event) => {
      events.push(event);
    },
  );
  await both({ refresh: true }, context);
  assert.deepEqual(events, [{ refresh: true }]);
  await assert.rejects(streamHandler('probe', async () => {})({ refresh: true }, context), /no stream batch/);
});

test('a step that throws fails the batch, so that Lambda retries it', async () => {
  const failing = async (): Promise<never> => {
    throw new Error('no table');
  };
  await assert.rejects(streamHandler('probe', failing)({ Records: [{}] }, context), /no table/);
  await assert.rejects(sqsHandler('probe', failing)({ Records: [] }, context), /no table/);
  await assert.rejects(eventHandler('probe', failing)({}, context), /no table/);
});

test('a queue step names the messages to be redelivered', async () => {
  const handler = sqsHandler('probe', async (records) => records.slice(1).map((record) => record.messageId));
  const event = { Records: [{ messageId: 'a' }, { messageId: 'b' }] } as SQSEvent;
  assert.deepEqual(await handler(event, context), { batchItemFailures: [{ itemIdentifier: 'b' }] });
});
