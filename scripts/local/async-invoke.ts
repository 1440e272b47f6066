/** Asynchronous invocations: retried by Lambda itself, and kept where they fail for good. */
import { randomUUID } from 'node:crypto';
import type { Assembly } from './assembly.ts';
import { type CallAs, queueUrlOf, sqsRequest } from './failure-destination.ts';
import type { LocalFunction } from './lambda.ts';
import type { Wake } from './wake.ts';

export interface AsyncInvoker {
  /** Whether the event is done with: handled, or kept where failures go. False only when all stops. */
  readonly invoke: (target: LocalFunction, event: unknown) => Promise<boolean>;
  readonly pending: () => number;
}

export interface AsyncInvokerOptions {
  readonly assembly: Assembly;
  readonly callAs: CallAs;
  readonly gatewayUrl: string;
  readonly bell: Wake;
  readonly log: (line: string) => void;
}

const DEFAULT_RETRIES = 2;
/** Lambda waits one minute and then two; nobody waits that long at a desk. */
const FIRST_BACK_OFF_MS = 1_000;

interface InvokeSettings {
  readonly retries: number;
  /** ARN of a queue. */
  readonly onFailure: string | undefined;
}

const settingsOf = (assembly: Assembly, target: LocalFunction): InvokeSettings => {
  const config = assembly
    .ofType('AWS::Lambda::EventInvokeConfig')
    .find(({ properties }) => [target.name, target.arn].includes(String(properties['FunctionName'])));
  const destinations = config?.properties['DestinationConfig'] as
    | { OnFailure?: { Destination?: string } }
    | undefined;
  const deadLetters = target.resource.properties['DeadLetterConfig'] as { TargetArn?: string } | undefined;
  return {
    retries: Number(config?.properties['MaximumRetryAttempts'] ?? DEFAULT_RETRIES),
    onFailure: destinations?.OnFailure?.Destination ?? deadLetters?.TargetArn,
  };
};

export const asyncInvoker = (options: AsyncInvokerOptions): AsyncInvoker => {
  const { assembly, callAs, gatewayUrl, bell, log } = options;
  let pending = 0;

  const keep = async (
    target: LocalFunction,
    arn: string,
    event: unknown,
    error: object,
    attempts: number,
  ) => {
    const message = {
      version: '1.0',
      timestamp: new Date().toISOString(),
      requestContext: {
        requestId: randomUUID(),
        functionArn: `${target.arn}:$LATEST`,
        condition: 'RetriesExhausted',
        approximateInvokeCount: attempts,
      },
      requestPayload: event,
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
      responsePayload: error,
    };
    const input = { QueueUrl: queueUrlOf(arn, gatewayUrl), MessageBody: JSON.stringify(message) };
    const answer = await callAs(target.roleArn, 'sqs', sqsRequest('SendMessage', input));
    if (answer.status !== 200) log(`${target.title}: failed event lost, ${arn} answered ${answer.status}`);
  };

  const run = async (target: LocalFunction, event: unknown): Promise<boolean> => {
    const { retries, onFailure } = settingsOf(assembly, target);
    for (let attempt = 1; !bell.stopped(); attempt += 1) {
      const result = await target.invoke(event);
      if (result.ok) return true;
      if (attempt > retries) {
        if (onFailure) await keep(target, onFailure, event, result.error, attempt);
        return true;
      }
      await bell.pauseUnlessStopped(FIRST_BACK_OFF_MS * attempt);
    }
    return false;
  };
  return {
    invoke: async (target, event) => {
      pending += 1;
      try {
        return await run(target, event);
      } catch (error) {
        log(`${target.title}: ${error}`);
        return false;
      } finally {
        pending -= 1;
      }
    },
    pending: () => pending,
  };
};
