import { Duration } from 'aws-cdk-lib';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { DrainEnvironment } from '../../functions/drain/environment.ts';
import type { IngestEnvironment } from '../../functions/ingest/environment.ts';
import { secretPrefix } from '../../shared/contract/names.ts';
import type { StageSettings } from '../stages.ts';
import type { StatefulStack } from '../stateful-stack.ts';
import type { DeadLetters } from './dead-letters.ts';
import { PipelineFunction } from './pipeline-function.ts';
import { grantOfferedSecrets } from './provider-tokens.ts';
import { grantPlaidClient, grantSecrets } from './secrets.ts';

const DRAIN_TIMEOUT_SECONDS = 30;

/** Five hours at the visibility time-out: the ledger may be unreachable that long before messages are set aside. */
const MAX_RECEIVE_COUNT = 100;

/** The largest message SQS takes. */
const MAX_MESSAGE_BYTES = 1024 * 1024;

/** Webhooks in: stored in the ledger, or, while the ledger cannot be written, in a buffer that drains into it. */
export class Ingestion extends Construct {
  readonly ingest: PipelineFunction<IngestEnvironment>;
  readonly drain: PipelineFunction<DrainEnvironment>;
  readonly buffer: Queue;

  constructor(
    scope: Construct,
    id: string,
    settings: StageSettings,
    { ledger, archive }: StatefulStack,
    deadLetters: DeadLetters,
  ) {
    super(scope, id);
    this.buffer = new Queue(this, 'Buffer', {
      retentionPeriod: Duration.days(14),
      /** Six times the reader's time-out, so that a message is not handed out again while it is worked on. */
      visibilityTimeout: Duration.seconds(6 * DRAIN_TIMEOUT_SECONDS),
      maxMessageSizeBytes: MAX_MESSAGE_BYTES,
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      deadLetterQueue: { queue: deadLetters.queue, maxReceiveCount: MAX_RECEIVE_COUNT },
    });
    const shared = {
      STAGE: settings.stage,
      LEDGER_TABLE: ledger.table.tableName,
      ARCHIVE_BUCKET: archive.bucket.bucketName,
      TENANTS: JSON.stringify(settings.tenants),
    };

    this.ingest = new PipelineFunction<IngestEnvironment>(this, 'Ingest', settings, {
      folder: 'ingest',
      description: 'A webhook in; its facts, each stored exactly once, out',
      memoryMb: 512,
      timeoutSeconds: 10,
      environment: {
        ...shared,
        BUFFER_QUEUE_URL: this.buffer.queueUrl,
        SECRET_PREFIX: secretPrefix(settings.stage),
        PLAID_API_URL: settings.plaidApiUrl,
        SNS_URL: settings.snsUrl,
      },
    });
    ledger.grantAppend(this.ingest);
    archive.grantWrite(this.ingest);
    grantSecrets(this.ingest, settings.stage, 'webhook');
    grantPlaidClient(this.ingest, settings.stage);
    grantOfferedSecrets(this.ingest, settings.stage);
    this.ingest.allow('Buffer', { actions: ['sqs:SendMessage'], resources: [this.buffer.queueArn] });

    this.drain = new PipelineFunction<DrainEnvironment>(this, 'Drain', settings, {
      folder: 'drain',
      description: 'Buffered webhooks into the ledger',
      memoryMb: 512,
      timeoutSeconds: DRAIN_TIMEOUT_SECONDS,
      environment: shared,
    });
    ledger.grantAppend(this.drain);
    archive.grantWrite(this.drain);
    archive.grantRead(this.drain);
    this.drain.allow('ReadBuffer', {
      actions: [
        'sqs:ReceiveMessage',
        'sqs:DeleteMessage',
        'sqs:ChangeMessageVisibility',
        'sqs:GetQueueAttributes',
      ],
      resources: [this.buffer.queueArn],
    });
    const mapping = new EventSourceMapping(this, 'DrainMapping', {
      target: this.drain.function,
      eventSourceArn: this.buffer.queueArn,
      batchSize: 10,
      reportBatchItemFailures: true,
      maxConcurrency: 5,
    });
    mapping.node.addDependency(this.drain.role);
  }
}
