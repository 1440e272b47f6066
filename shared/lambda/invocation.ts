import type { Context } from 'aws-lambda';
import { type Log, logger, writeLine } from './logger.ts';
import { type MetricValues, metricLine } from './metrics.ts';

/** What every step is told about the run it is in. */
export interface Invocation {
  /** The clock, read once when the run began. */
  readonly nowMs: number;
  /** W3C trace context of this run. */
  readonly traceparent: string;
  readonly log: Log;
  readonly requestId: string;
  /** Milliseconds until Lambda ends the run. */
  remainingMs(): number;
  /** Emits metrics; `properties` are searchable in the log but no dimensions. */
  metrics(values: MetricValues, properties?: Readonly<Record<string, string | number>>): void;
}

export const invocation = (
  name: string,
  context: Context,
  traceparent: string,
  nowMs: number = Date.now(),
): Invocation => ({
  nowMs,
  traceparent,
  log: logger({ function: name, requestId: context.awsRequestId, traceparent }),
  requestId: context.awsRequestId,
  remainingMs: () => context.getRemainingTimeInMillis(),
  metrics: (values, properties = {}) =>
    writeLine(metricLine(values, { function: name, traceparent, ...properties }, nowMs)),
});
