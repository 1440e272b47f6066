/** SQS: sending by functions; receiving and deleting by event source mappings. */
import { createHash } from 'node:crypto';
import { ACCOUNT, REGION } from '../attributes.ts';
import type { Durable } from '../durable.ts';
import type { ReceivedMessage } from '../durable-queue.ts';
import type { Access, LocalService } from '../service.ts';
import { ServiceFault } from './fault.ts';
import { type Input, type JsonOperation, jsonService, requiredText } from './json-protocol.ts';

export interface QueueSettings {
  readonly name: string;
  /** `VisibilityTimeout` of the template; 30 s where left out. */
  readonly visibilityTimeoutSeconds?: number;
  /** `RedrivePolicy` of the template. */
  readonly deadLetters?: { readonly queue: string; readonly maxReceiveCount: number };
}

export interface SqsOptions {
  readonly durable: Durable;
  readonly queues: readonly QueueSettings[];
  /** Told the queue's ARN when a message can be received, so that readers need not wait for their next look. */
  readonly sent?: (queueArn: string) => void;
  readonly clock?: () => number;
}

const DEFAULT_VISIBILITY_SECONDS = 30;
const MAX_MESSAGE_BYTES = 1024 * 1024;
const MAX_RECEIVED = 10;

/** Clients also know some errors by the names of the older, XML protocol. */
const QUERY_CODES: Readonly<Record<string, string>> = {
  'com.amazonaws.sqs#QueueDoesNotExist': 'AWS.SimpleQueueService.NonExistentQueue',
};

export const queueArn = (name: string): string => `arn:aws:sqs:${REGION}:${ACCOUNT}:${name}`;

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

/** `http://host/ACCOUNT/NAME`. */
const queueNameOf = (input: Input): string => requiredText(input, 'QueueUrl').split('/').at(-1) ?? '';

const wireMessage = (message: ReceivedMessage): object => ({
  MessageId: message.id,
  ReceiptHandle: message.receipt,
  MD5OfBody: md5(message.body),
  Body: message.body,
  Attributes: {
    SenderId: ACCOUNT,
    SentTimestamp: String(message.sentMs),
    ApproximateReceiveCount: String(message.receiveCount),
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedMs),
  },
  ...(Object.keys(message.attributes).length > 0 && { MessageAttributes: message.attributes }),
});

/** What each operation does with its queue. */
const operationsOn = (
  { durable, sent = () => undefined, clock = Date.now }: SqsOptions,
  operation: (action: string, handle: (queue: QueueSettings, input: Input) => object) => JsonOperation,
): Record<string, JsonOperation> => ({
  SendMessage: operation('SendMessage', ({ name }, input) => {
    const body = requiredText(input, 'MessageBody');
    if (Buffer.byteLength(body) > MAX_MESSAGE_BYTES)
      throw new ServiceFault(
        'InvalidParameterValue',
        `One or more parameters are invalid. Reason: Message must be shorter than ${MAX_MESSAGE_BYTES} bytes.`,
      );
    const MessageId = durable.queue(name).send(body, clock(), {
      attributes: (input['MessageAttributes'] ?? {}) as Record<string, unknown>,
      delayMs: Number(input['DelaySeconds'] ?? 0) * 1_000,
    });
    sent(queueArn(name));
    return { MessageId, MD5OfMessageBody: md5(body) };
  }),
  ReceiveMessage: operation('ReceiveMessage', ({ name, visibilityTimeoutSeconds, deadLetters }, input) => {
    const limit = Math.min(Number(input['MaxNumberOfMessages'] ?? 1), MAX_RECEIVED);
    const visibilitySeconds = Number(
      input['VisibilityTimeout'] ?? visibilityTimeoutSeconds ?? DEFAULT_VISIBILITY_SECONDS,
    );
    const messages = durable.queue(name).receive(limit, visibilitySeconds * 1_000, clock(), deadLetters);
    return messages.length === 0 ? {} : { Messages: messages.map(wireMessage) };
  }),
  /** Deleting twice succeeds, as it does on SQS. */
  DeleteMessage: operation('DeleteMessage', ({ name }, input) => {
    durable.queue(name).remove(requiredText(input, 'ReceiptHandle'));
    return {};
  }),
  GetQueueAttributes: operation('GetQueueAttributes', ({ name }) => {
    const { visible, hidden } = durable.queue(name).depth(clock());
    return {
      Attributes: {
        QueueArn: queueArn(name),
        ApproximateNumberOfMessages: String(visible),
        ApproximateNumberOfMessagesNotVisible: String(hidden),
      },
    };
  }),
});

export const sqsService = (options: SqsOptions): LocalService => {
  const settingsOf = (input: Input): QueueSettings => {
    const name = queueNameOf(input);
    const settings = options.queues.find((queue) => queue.name === name);
    if (settings) return settings;
    throw new ServiceFault(
      'com.amazonaws.sqs#QueueDoesNotExist',
      `The specified queue ${name} does not exist.`,
    );
  };
  return jsonService({
    signingName: 'sqs',
    target: 'AmazonSQS',
    version: '1.0',
    errorHeaders: (code) => ({ 'x-amzn-query-error': `${QUERY_CODES[code] ?? code};Sender` }),
    operations: operationsOn(options, (action, handle) => ({
      access: (input): Access[] => [{ action: `sqs:${action}`, resource: queueArn(queueNameOf(input)) }],
      handle: (input) => handle(settingsOf(input), input),
    })),
  });
};
