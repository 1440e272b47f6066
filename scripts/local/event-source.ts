/** Starts the template's event source mappings, once their roles may do what reading needs. */
import type { Assembly, LocalResource } from './assembly.ts';
import type { Checkpoints } from './checkpoints.ts';
import type { DynamoEngine } from './dynamodb-engine.ts';
import { type CallAs, failureDestination } from './failure-destination.ts';
import { decide } from './iam.ts';
import type { LocalFunction } from './lambda.ts';
import type { Policies } from './policies.ts';
import { queueMapping } from './queue-mapping.ts';
import { streamMapping } from './stream-mapping.ts';
import type { LocalTable } from './tables.ts';

/** Something that is read in the background and invokes a function. */
export interface EventSource {
  readonly id: string;
  /** What the ARN names has changed: look now. */
  readonly notify: (arn: string) => void;
  /** Whether there is, or may just have become, something to read. */
  readonly isBusy: () => boolean;
  readonly stop: () => Promise<void>;
}

export interface EventSourceOptions {
  readonly assembly: Assembly;
  readonly policies: Policies;
  readonly functions: readonly LocalFunction[];
  readonly tables: readonly LocalTable[];
  readonly engine: DynamoEngine;
  readonly checkpoints: Checkpoints;
  readonly callAs: CallAs;
  readonly gatewayUrl: string;
  readonly log: (line: string) => void;
}

const STREAM_ACTIONS = ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'];
const QUEUE_ACTIONS = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];

/** Lambda reads in the name of the function's role, and refuses a mapping whose role may not. */
const assertMayRead = (mapping: LocalResource, target: LocalFunction, policies: Policies): void => {
  const resource = String(mapping.properties['EventSourceArn']);
  for (const action of resource.includes(':sqs:') ? QUEUE_ACTIONS : STREAM_ACTIONS) {
    const access = { action, resource };
    const verdict = decide(policies.principal(target.roleArn), policies.onResource(resource), access);
    if (!verdict.allowed) throw new Error(`event source mapping ${mapping.logicalId}: ${verdict.reason}`);
  }
};

/** A function by its name or ARN, which mappings and targets use alike. */
export const functionNamed = (
  functions: readonly LocalFunction[],
  nameOrArn: string,
): LocalFunction | undefined => functions.find(({ name, arn }) => name === nameOrArn || arn === nameOrArn);

/** @throws Error where a mapping names no function or table of the template, or its role may not read. */
export const startEventSources = (options: EventSourceOptions): Promise<EventSource[]> => {
  const { assembly, functions, tables, policies } = options;
  const keepFailure = failureDestination(options.callAs, options.gatewayUrl, options.log);
  return Promise.all(
    assembly
      .ofType('AWS::Lambda::EventSourceMapping')
      .filter(({ properties }) => properties['Enabled'] !== false)
      .map(async (mapping) => {
        const { EventSourceArn, FunctionName } = mapping.properties;
        const target = functionNamed(functions, String(FunctionName));
        if (!target)
          throw new Error(`event source mapping ${mapping.logicalId}: no function ${FunctionName}`);
        assertMayRead(mapping, target, policies);
        if (String(EventSourceArn).includes(':sqs:')) return queueMapping({ ...options, mapping, target });
        const table = tables.find(({ arn }) => String(EventSourceArn).startsWith(`${arn}/stream/`));
        if (!table)
          throw new Error(`event source mapping ${mapping.logicalId}: no table for ${EventSourceArn}`);
        return streamMapping({ ...options, mapping, target, table, keepFailure });
      }),
  );
};
