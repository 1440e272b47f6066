/** Where stream batches go that a function could not process: the whole record to S3, its numbers to SQS. */
import { randomUUID } from 'node:crypto';
import type { LocalResource } from './assembly.ts';
import { ACCOUNT } from './attributes.ts';
import type { LocalFunction } from './lambda.ts';
import type { ServiceRequest, ServiceResponse } from './service.ts';
import type { StreamRecord } from './stream-batch.ts';

export interface StreamFailure {
  readonly mapping: LocalResource;
  readonly target: LocalFunction;
  readonly shardId: string;
  readonly records: readonly StreamRecord[];
  readonly condition: string;
  readonly invocations: number;
}

export type KeepFailure = (failure: StreamFailure) => Promise<void>;

/** A request in the name of a role, with that role's rights. */
export type CallAs = (
  roleArn: string,
  signingName: string,
  request: ServiceRequest,
) => Promise<ServiceResponse>;

export const sqsRequest = (operation: string, input: object): ServiceRequest => ({
  method: 'POST',
  path: '/',
  headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `AmazonSQS.${operation}` },
  body: Buffer.from(JSON.stringify(input)),
});

/** `http://gateway/ACCOUNT/NAME` of `arn:aws:sqs:REGION:ACCOUNT:NAME`. */
export const queueUrlOf = (arn: string, gatewayUrl: string): string =>
  `${gatewayUrl}/${ACCOUNT}/${arn.split(':').at(-1)}`;

const metadata = ({ mapping, target, shardId, records, condition, invocations }: StreamFailure) => {
  const first = records[0]?.dynamodb;
  const last = records.at(-1)?.dynamodb;
  const arrival = (record: typeof first): string =>
    new Date((record?.ApproximateCreationDateTime ?? 0) * 1000).toISOString();
  return {
    requestContext: {
      requestId: randomUUID(),
      functionArn: `${target.arn}:$LATEST`,
      condition,
      approximateInvokeCount: invocations,
    },
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    version: '1.0',
    timestamp: new Date().toISOString(),
    DDBStreamBatchInfo: {
      shardId,
      startSequenceNumber: first?.SequenceNumber,
      endSequenceNumber: last?.SequenceNumber,
      approximateArrivalOfFirstRecord: arrival(first),
      approximateArrivalOfLastRecord: arrival(last),
      batchSize: records.length,
      streamArn: mapping.properties['EventSourceArn'],
    },
  };
};

const s3Request = (bucket: string, failure: StreamFailure): ServiceRequest => {
  const information = metadata(failure);
  const [day = '', time = ''] = information.timestamp.split('T');
  const moment = `${day}T${time.slice(0, 8).replaceAll(':', '.')}-${randomUUID()}`;
  const key = `aws/lambda/${failure.mapping.name}/${failure.shardId}/${day.replaceAll('-', '/')}/${moment}`;
  const body = JSON.stringify({ ...information, payload: JSON.stringify({ Records: failure.records }) });
  return {
    method: 'PUT',
    path: `/${bucket}/${key}`,
    headers: { 'content-type': 'application/json' },
    body: Buffer.from(body),
  };
};

/** @param gatewayUrl queue addresses begin with it. */
export const failureDestination = (
  callAs: CallAs,
  gatewayUrl: string,
  log: (line: string) => void,
): KeepFailure => {
  return async (failure) => {
    const { mapping, target } = failure;
    const config = mapping.properties['DestinationConfig'] as
      | { OnFailure?: { Destination?: string } }
      | undefined;
    const destination = config?.OnFailure?.Destination;
    if (destination === undefined) return;
    const isBucket = destination.startsWith('arn:aws:s3:::');
    const answer = isBucket
      ? await callAs(target.roleArn, 's3', s3Request(destination.replace('arn:aws:s3:::', ''), failure))
      : await callAs(
          target.roleArn,
          'sqs',
          sqsRequest('SendMessage', {
            QueueUrl: queueUrlOf(destination, gatewayUrl),
            MessageBody: JSON.stringify(metadata(failure)),
          }),
        );
    if (answer.status >= 300)
      log(`${target.title}: failed batch lost, ${destination} answered ${answer.status}: ${answer.body}`);
  };
};
