import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { guarded, type LambdaHandler } from './guard.ts';
import { type Invocation, invocation } from './invocation.ts';
import { traceparentOf } from './trace.ts';

export type SqsHandler = LambdaHandler<SQSEvent, SQSBatchResponse>;

/** A Lambda that reads a queue with partial batch failures; the step returns the ids of messages to be redelivered. */
export const sqsHandler = (
  name: string,
  step: (records: readonly SQSRecord[], context: Invocation) => Promise<readonly string[]>,
): SqsHandler =>
  guarded(name, async (event, context) => {
    const failed = await step(event.Records, invocation(name, context, traceparentOf({})));
    return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
  });
