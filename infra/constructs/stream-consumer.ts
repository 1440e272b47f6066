import { Duration } from 'aws-cdk-lib';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { EventSourceMapping, type IEventSourceDlq, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { exportName, type PipelineFunction } from './pipeline-function.ts';
import type { StreamFailures } from './stream-failures.ts';

export interface StreamConsumerProps {
  readonly table: TableV2;
  readonly consumer: PipelineFunction;
  /** Filter pattern of the records wanted; the others cost nothing. */
  readonly filter: Readonly<Record<string, unknown>>;
  readonly batchSize: number;
  readonly batchWindowSeconds: number;
  readonly retryAttempts: number;
  /** A bucket receives whole records; a queue their numbers, which suffice where the table can be read again. */
  readonly onFailure: StreamFailures | IQueue;
}

/** A stream keeps records for 24 hours; giving up earlier leaves time for them to reach the failure destination. */
const MAX_RECORD_AGE = Duration.hours(22);

/** One reader of a table's stream. A record that cannot be processed is cut out, kept, and the others go on. */
export class StreamConsumer extends Construct {
  constructor(scope: Construct, id: string, props: StreamConsumerProps) {
    super(scope, id);
    const { table, consumer } = props;
    const streamArn = table.tableStreamArn;
    if (streamArn === undefined) throw new Error(`${table.node.path} has no stream`);
    consumer.allow('ReadStream', {
      actions: ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'],
      resources: [streamArn],
    });
    consumer.allow(
      'FindStream',
      { actions: ['dynamodb:ListStreams'], resources: [`${table.tableArn}/stream/*`] },
      {
        pattern: `${exportName(table, table.tableArn)}/stream/*`,
        reason:
          'Lambda lists the streams of the table before it reads; the three reading actions name the one stream.',
      },
    );
    const mapping = new EventSourceMapping(this, 'Mapping', {
      target: consumer.function,
      eventSourceArn: streamArn,
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: props.batchSize,
      maxBatchingWindow: Duration.seconds(props.batchWindowSeconds),
      bisectBatchOnError: true,
      reportBatchItemFailures: true,
      retryAttempts: props.retryAttempts,
      maxRecordAge: MAX_RECORD_AGE,
      filters: [{ pattern: JSON.stringify(props.filter) }],
      onFailure: destination(props.onFailure),
    });
    /** Lambda reads the stream as the role from the moment the mapping is made. */
    mapping.node.addDependency(consumer.role);
  }
}

/** The library's own S3 destination would grant listing and deleting too. */
const destination = (target: StreamFailures | IQueue): IEventSourceDlq => ({
  bind: () => {
    if ('queueArn' in target) return { destination: target.queueArn };
    return { destination: target.bucket.bucketArn };
  },
});
