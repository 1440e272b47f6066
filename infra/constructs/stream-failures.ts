import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { StageSettings } from '../stages.ts';
import { exportName, type PipelineFunction } from './pipeline-function.ts';

/** Stream batches that could not be processed: S3 receives the records themselves, a queue only their numbers. */
export class StreamFailures extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, settings: StageSettings) {
    super(scope, id);
    this.bucket = new Bucket(this, 'Bucket', {
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      lifecycleRules: [{ expiration: Duration.days(90) }],
      removalPolicy: settings.keepData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    Validations.of(this.bucket).acknowledge({
      id: 'AwsSolutions-S1',
      reason:
        'Holds copies of ledger rows, written by Lambda alone and expired after 90 days; the ledger is the record.',
    });
  }

  /** Lambda checks for `s3:ListBucket` when the mapping is made. */
  grantReceive(consumer: PipelineFunction): void {
    consumer.allow(
      'KeepFailedBatches',
      { actions: ['s3:PutObject'], resources: [this.bucket.arnForObjects('*')] },
      {
        pattern: `${exportName(this.bucket, this.bucket.bucketArn)}/*`,
        reason: 'Lambda chooses the names of the objects; nothing but failed batches lies in the bucket.',
      },
    );
    consumer.allow('FindFailureBucket', { actions: ['s3:ListBucket'], resources: [this.bucket.bucketArn] });
  }
}
