import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { guarded, type LambdaHandler } from './guard.ts';
import { type Invocation, invocation } from './invocation.ts';
import { traceparentOf } from './trace.ts';

export type StreamHandler = LambdaHandler<unknown, DynamoDBBatchResponse>;

const isStreamEvent = (event: unknown): event is DynamoDBStreamEvent =>
  typeof event === 'object' && event !== null && Array.isArray((event as { Records?: unknown }).Records);

/**
 * A Lambda that reads a DynamoDB stream with partial batch failures. The step returns the sequence numbers of the records
 * it could not handle, if any: Lambda retries from the lowest of them. A step that throws fails the whole batch.
 *
 * @param onSchedule handles every event that is no stream batch: the same function's rule or schedule.
 */
export const streamHandler = (
  name: string,
  // biome-ignore lint/suspicious/noConfusingVoidType: lets a step in which nothing can fail end without a return
  step: (records: readonly DynamoDBRecord[], context: Invocation) => Promise<readonly string[] | void>,
  onSchedule?: (event: unknown, context: Invocation) => Promise<void>,
): StreamHandler =>
  guarded(name, async (event, context) => {
    const run = invocation(name, context, traceparentOf({}));
    if (isStreamEvent(event)) {
      const failed = (await step(event.Records, run)) ?? [];
      return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
    }
    if (onSchedule === undefined)
      throw new Error(`${name} was invoked with an event that is no stream batch`);
    await onSchedule(event, run);
    return { batchItemFailures: [] };
  });
