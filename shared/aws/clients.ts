import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/**
 * Three attempts of at most 1.5 s: a service that hangs is given up with time left, in a 10 s run, to try the next one.
 * Connections stay open between invocations.
 */
const SETTINGS = {
  maxAttempts: 3,
  requestHandler: {
    connectionTimeout: 500,
    requestTimeout: 1_500,
    throwOnRequestTimeout: true,
    httpsAgent: { keepAlive: true, maxSockets: 64 },
    httpAgent: { keepAlive: true, maxSockets: 64 },
  },
} as const;

export const documentClient = (): DynamoDBDocumentClient =>
  DynamoDBDocumentClient.from(new DynamoDBClient(SETTINGS), {
    marshallOptions: { removeUndefinedValues: true },
  });

export const queueClient = (): SQSClient => new SQSClient(SETTINGS);

export const parameterClient = (): SSMClient => new SSMClient(SETTINGS);

/** Path style works on every S3 endpoint, the local one included. */
export const objectClient = (): S3Client => new S3Client({ ...SETTINGS, forcePathStyle: true });

export const busClient = (): EventBridgeClient => new EventBridgeClient(SETTINGS);

export const autoScalingClient = (): AutoScalingClient => new AutoScalingClient(SETTINGS);
