import { guarded, type LambdaHandler } from './guard.ts';
import { type Invocation, invocation } from './invocation.ts';
import { traceparentOf } from './trace.ts';

export type EventHandler = LambdaHandler<unknown, void>;

/** A Lambda that a rule or schedule invokes; a step that throws is retried by whoever invoked it. */
export const eventHandler = (
  name: string,
  step: (event: unknown, context: Invocation) => Promise<void>,
): EventHandler =>
  guarded(name, (event, context) => step(event, invocation(name, context, traceparentOf({}))));
