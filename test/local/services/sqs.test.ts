import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  QueueDoesNotExist,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { openDurable } from '../../../scripts/local/durable.ts';
import { sqsService } from '../../../scripts/local/services/sqs.ts';
import { type ServiceEndpoint, serviceEndpoint } from '../../support/service-endpoint.ts';

let nowMs = 0;
let sent: string[] = [];
let endpoint: ServiceEndpoint;
let client: SQSClient;
const urlOf = (name: string) => `${endpoint.client.endpoint}/000000000000/${name}`;

beforeEach(async () => {
  nowMs = 1_800_000_000_000;
  sent = [];
  endpoint = await serviceEndpoint(
    sqsService({
      durable: openDurable(undefined),
      queues: [
        {
          name: 'buffer',
          visibilityTimeoutSeconds: 60,
          deadLetters: { queue: 'dead', maxReceiveCount: 2 },
        },
        { name: 'dead' },
      ],
      sent: (arn) => sent.push(arn),
      clock: () => nowMs,
    }),
  );
  client = new SQSClient(endpoint.client);
});
afterEach(async () => {
  client.destroy();
  await endpoint.stop();
});

const receive = async (name: string, limit = 10) => {
  const { Messages: messages = [] } = await client.send(
    new ReceiveMessageCommand({
      QueueUrl: urlOf(name),
      MaxNumberOfMessages: limit,
      MessageSystemAttributeNames: ['All'],
    }),
  );
  return messages;
};
const send = (name: string, MessageBody: string) =>
  client.send(new SendMessageCommand({ QueueUrl: urlOf(name), MessageBody }));

test('messages come in the order of sending, are hidden while held and gone once deleted', async () => {
  /** The client compares the digests that the service answers, of the sent and of the received body. */
  for (const body of ['first', 'zweite €', '"third"']) await send('buffer', body);
  const messages = await receive('buffer');
  assert.deepEqual(
    messages.map(({ Body }) => Body),
    ['first', 'zweite €', '"third"'],
  );
  assert.deepEqual(await receive('buffer'), []);
  for (const { ReceiptHandle } of messages.slice(1))
    await client.send(new DeleteMessageCommand({ QueueUrl: urlOf('buffer'), ReceiptHandle }));
  nowMs += 60_000;
  const [again, ...others] = await receive('buffer');
  assert.deepEqual([again?.Body, others.length], ['first', 0]);
  assert.equal(again?.MessageId, messages[0]?.MessageId);
  assert.equal(again?.Attributes?.ApproximateReceiveCount, '2');
});

test('a receipt is void once the message was handed out again', async () => {
  await send('buffer', 'held too long');
  const [late] = await receive('buffer');
  nowMs += 60_000;
  await receive('buffer');
  await client.send(
    new DeleteMessageCommand({ QueueUrl: urlOf('buffer'), ReceiptHandle: late?.ReceiptHandle }),
  );
  const { Attributes } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl: urlOf('buffer'), AttributeNames: ['All'] }),
  );
  assert.equal(Attributes?.ApproximateNumberOfMessagesNotVisible, '1');
});

test('a message received too often moves to the dead letters', async () => {
  await send('buffer', 'poison');
  for (const _ of [1, 2]) {
    assert.equal((await receive('buffer')).length, 1);
    nowMs += 60_000;
  }
  assert.deepEqual(await receive('buffer'), []);
  assert.equal((await receive('dead'))[0]?.Body, 'poison');
});

test('no more messages than asked for, the oldest first', async () => {
  for (const body of ['a', 'b', 'c']) await send('buffer', body);
  assert.deepEqual(
    (await receive('buffer', 2)).map(({ Body }) => Body),
    ['a', 'b'],
  );
});

test('an unknown queue and a body over the limit are refused as SQS refuses them', async () => {
  await assert.rejects(send('nowhere', 'x'), (error) => error instanceof QueueDoesNotExist);
  await assert.rejects(send('buffer', 'x'.repeat(1024 * 1024 + 1)), { name: 'InvalidParameterValue' });
  assert.deepEqual(sent, []);
});

test('IAM is asked for the action on the queue, readers are told of what was sent, a denial is an error', async () => {
  await send('buffer', 'x');
  const arn = 'arn:aws:sqs:us-east-1:000000000000:buffer';
  assert.deepEqual(endpoint.asked, [{ action: 'sqs:SendMessage', resource: arn }]);
  assert.deepEqual(sent, [arn]);
  endpoint.deny();
  await assert.rejects(send('buffer', 'x'), { name: 'AccessDeniedException' });
});
