import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { logger } from './logger.ts';

export type LambdaHandler<Event, Result> = (event: Event, context: Context) => Promise<Result>;

/**
 * A handler whose every failure is logged with its cause, an approaching timeout included.
 * @param answer stands in for the result after a failure; without it the failure goes on to Lambda, which retries.
 */
export const guarded = <Event, Result>(
  name: string,
  handler: LambdaHandler<Event, Result>,
  answer?: () => Result,
): LambdaHandler<Event, Result> => {
  const wrapped = middy<Event, Result>()
    .onError((failed) => {
      logger({ function: name, requestId: failed.context.awsRequestId }).error('invocation failed', {
        error: failed.error,
      });
      if (answer !== undefined) failed.response = answer();
    })
    .handler(handler);
  return (event, context) => wrapped(event, context);
};
