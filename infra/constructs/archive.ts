import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  ObjectLockRetention,
  StorageClass,
} from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { StageSettings } from '../stages.ts';
import { exportName, type PipelineFunction } from './pipeline-function.ts';

/** Raw payloads too large for a ledger row. Kept for more than the twelve months an auditor may ask for. */
const RETENTION = Duration.days(400);

export class Archive extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, settings: StageSettings) {
    super(scope, id);
    this.bucket = new Bucket(this, 'Bucket', {
      versioned: true,
      objectLockEnabled: true,
      objectLockDefaultRetention: ObjectLockRetention.governance(RETENTION),
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      lifecycleRules: [
        {
          transitions: [
            { storageClass: StorageClass.GLACIER_INSTANT_RETRIEVAL, transitionAfter: Duration.days(90) },
          ],
        },
      ],
      removalPolicy: settings.keepData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    Validations.of(this.bucket).acknowledge({
      id: 'AwsSolutions-S1',
      reason:
        'Object Lock keeps every version for 400 days whoever asks; an access log bucket would add cost and guard nothing more.',
    });
  }

  grantWrite(writer: PipelineFunction): void {
    this.allowObjects(writer, 'WriteArchive', 's3:PutObject');
  }

  grantRead(reader: PipelineFunction): void {
    this.allowObjects(reader, 'ReadArchive', 's3:GetObject');
  }

  /** Copies of seals, in a corner of their own. */
  grantSeal(sealer: PipelineFunction): void {
    this.allowObjects(sealer, 'CopySeals', 's3:PutObject', 'seals/*');
  }

  private allowObjects(grantee: PipelineFunction, sid: string, action: string, keys = '*'): void {
    grantee.allow(
      sid,
      { actions: [action], resources: [this.bucket.arnForObjects(keys)] },
      {
        pattern: `${exportName(this.bucket, this.bucket.bucketArn)}/${keys}`,
        reason:
          'Each payload has an object of its own; Object Lock keeps what was there before under the same name.',
      },
    );
  }
}
