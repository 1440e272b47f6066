/** Event source mappings on SQS queues: receive, invoke, delete what succeeded. */
import { randomUUID } from 'node:crypto';
import type { LocalResource } from './assembly.ts';
import { REGION } from './attributes.ts';
import type { EventSource } from './event-source.ts';
import type { InvocationResult } from './execution-environment.ts';
import { type CallAs, queueUrlOf, sqsRequest } from './failure-destination.ts';
import type { LocalFunction } from './lambda.ts';
import { wake } from './wake.ts';

export interface QueueMappingOptions {
  readonly mapping: LocalResource;
  readonly target: LocalFunction;
  readonly callAs: CallAs;
  readonly gatewayUrl: string;
  readonly log: (line: string) => void;
}

interface Message {
  readonly MessageId: string;
  readonly ReceiptHandle: string;
  readonly Body: string;
  readonly MD5OfBody?: string;
  readonly Attributes?: Record<string, string>;
  readonly MessageAttributes?: Record<string, Record<string, unknown>>;
}

const IDLE_PAUSE_MS = 200;
/** SQS hands out no more at a time. */
const RECEIVE_LIMIT = 10;

/** `StringValue` to `stringValue`: Lambda spells the attributes' fields its own way. */
const lambdaAttributes = (attributes: Message['MessageAttributes'] = {}): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(attributes).map(([name, fields]) => [
      name,
      Object.fromEntries(
        Object.entries(fields).map(([field, value]) => [
          field.charAt(0).toLowerCase() + field.slice(1),
          value,
        ]),
      ),
    ]),
  );

const lambdaRecord = (message: Message, arn: string): object => ({
  messageId: message.MessageId,
  receiptHandle: message.ReceiptHandle,
  body: message.Body,
  attributes: message.Attributes ?? {},
  messageAttributes: lambdaAttributes(message.MessageAttributes),
  md5OfBody: message.MD5OfBody ?? '',
  eventSource: 'aws:sqs',
  eventSourceARN: arn,
  awsRegion: REGION,
});

/** The messages that may be deleted. An unknown identifier fails the whole batch, as Lambda documents it. */
const succeeded = (result: InvocationResult, messages: readonly Message[], partial: boolean): Message[] => {
  if (!result.ok) return [];
  const failures = partial
    ? ((result.value as { batchItemFailures?: { itemIdentifier?: string }[] } | null)?.batchItemFailures ??
      [])
    : [];
  const failed = new Set(failures.map(({ itemIdentifier }) => itemIdentifier));
  const known = new Set<string | undefined>(messages.map(({ MessageId }) => MessageId));
  if ([...failed].some((identifier) => !known.has(identifier))) return [];
  return messages.filter(({ MessageId }) => !failed.has(MessageId));
};

export const queueMapping = ({
  mapping,
  target,
  callAs,
  gatewayUrl,
  log,
}: QueueMappingOptions): EventSource => {
  const { properties } = mapping;
  const arn = String(properties['EventSourceArn']);
  const QueueUrl = queueUrlOf(arn, gatewayUrl);
  const batchSize = Math.min(Number(properties['BatchSize'] ?? RECEIVE_LIMIT), RECEIVE_LIMIT);
  const partial = ((properties['FunctionResponseTypes'] ?? []) as string[]).includes(
    'ReportBatchItemFailures',
  );
  const bell = wake();
  let busy = true;

  const call = async <Answer>(operation: string, input: object): Promise<Answer> => {
    const answer = await callAs(target.roleArn, 'sqs', sqsRequest(operation, { QueueUrl, ...input }));
    if (answer.status !== 200) throw new Error(`${operation} answered ${answer.status}: ${answer.body}`);
    return JSON.parse(String(answer.body) || '{}');
  };

  const turn = async (): Promise<void> => {
    const { Messages: messages = [] } = await call<{ Messages?: Message[] }>('ReceiveMessage', {
      MaxNumberOfMessages: batchSize,
      MessageSystemAttributeNames: ['All'],
      MessageAttributeNames: ['All'],
    });
    busy = messages.length > 0;
    if (messages.length === 0) return bell.pause(IDLE_PAUSE_MS);
    const result = await target.invoke({ Records: messages.map((message) => lambdaRecord(message, arn)) });
    const done = succeeded(result, messages, partial);
    for (const { ReceiptHandle } of done) await call('DeleteMessage', { ReceiptHandle });
  };
  const running = (async () => {
    while (!bell.stopped())
      try {
        await turn();
      } catch (error) {
        if (bell.stopped()) return;
        log(`queue ${arn.split(':').at(-1)}: ${error instanceof Error ? error.message : error}`);
        await bell.pauseUnlessStopped(1_000);
      }
  })();
  return {
    id: randomUUID(),
    notify: (changed) => {
      if (changed === arn) bell.ring();
    },
    isBusy: () => busy,
    stop: async () => {
      bell.stop();
      await running;
    },
  };
};
