import { Duration, Validations } from 'aws-cdk-lib';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { PipelineFunction } from './pipeline-function.ts';

/** What no retry could deliver, for two weeks and with an alarm; shared, because it is meant to be empty. */
export class DeadLetters extends Construct {
  readonly queue: Queue;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.queue = new Queue(this, 'Queue', {
      retentionPeriod: Duration.days(14),
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
    });
    Validations.of(this.queue).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason: 'It is the dead letter queue.',
    });
  }

  grantSend(sender: PipelineFunction): void {
    sender.allow('SendDeadLetters', { actions: ['sqs:SendMessage'], resources: [this.queue.queueArn] });
  }
}
