import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { resolveStacks } from '../../scripts/local/assembly.ts';
import type { InvocationResult } from '../../scripts/local/execution-environment.ts';
import type { CallAs } from '../../scripts/local/failure-destination.ts';
import type { LocalFunction } from '../../scripts/local/lambda.ts';
import { queueMapping } from '../../scripts/local/queue-mapping.ts';

const ROLE = 'arn:aws:iam::000000000000:role/drain';
const assembly = resolveStacks(
  [
    {
      name: 'app',
      template: {
        Resources: {
          Buffer: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'buffer' } },
          Mapping: {
            Type: 'AWS::Lambda::EventSourceMapping',
            Properties: {
              EventSourceArn: { 'Fn::GetAtt': ['Buffer', 'Arn'] },
              BatchSize: 2,
              FunctionResponseTypes: ['ReportBatchItemFailures'],
            },
          },
        },
      },
    },
  ],
  { gatewayUrl: 'http://gateway', apiUrl: '', cache: { host: '', port: 0 } },
);
const [mapping] = assembly.ofType('AWS::Lambda::EventSourceMapping');
assert.ok(mapping);

interface Received {
  readonly Records: readonly {
    messageId: string;
    body: string;
    receiptHandle: string;
    messageAttributes: object;
  }[];
}

/** A queue that hands each waiting message out once; what is not deleted stays hidden. */
const drain = async (
  bodies: readonly string[],
  respond: (event: Received) => InvocationResult,
): Promise<{ deleted: string[]; events: Received[] }> => {
  const waiting = bodies.map((body, index) => ({
    MessageId: `m${index}`,
    ReceiptHandle: `r${index}`,
    Body: body,
    MessageAttributes: { kind: { DataType: 'String', StringValue: 'x' } },
  }));
  const deleted: string[] = [];
  const events: Received[] = [];
  const { promise: emptied, resolve } = Promise.withResolvers<void>();
  const callAs: CallAs = async (role, signingName, request) => {
    assert.deepEqual([role, signingName], [ROLE, 'sqs']);
    const input = JSON.parse(request.body.toString());
    assert.equal(input.QueueUrl, 'http://gateway/000000000000/buffer');
    const operation = request.headers['x-amz-target'];
    if (operation === 'AmazonSQS.DeleteMessage') deleted.push(input.ReceiptHandle);
    else if (waiting.length === 0) resolve();
    const Messages =
      operation === 'AmazonSQS.ReceiveMessage' ? waiting.splice(0, input.MaxNumberOfMessages) : [];
    return { status: 200, headers: {}, body: JSON.stringify({ Messages }) };
  };
  const target = {
    title: 'drain',
    roleArn: ROLE,
    invoke: async (event: unknown) => {
      events.push(event as Received);
      return respond(event as Received);
    },
  } as LocalFunction;
  const source = queueMapping({ mapping, target, callAs, gatewayUrl: 'http://gateway', log: assert.fail });
  await emptied;
  await source.stop();
  return { deleted, events };
};

const ok = (value: unknown = null): InvocationResult => ({ ok: true, value });

describe('a queue mapping', () => {
  it('hands messages over in batches, spelt as Lambda spells them, and deletes them', async () => {
    const { deleted, events } = await drain(['a', 'b', 'c'], () => ok());
    assert.deepEqual(
      events.map(({ Records }) => Records.map(({ body }) => body)),
      [['a', 'b'], ['c']],
    );
    assert.deepEqual(deleted, ['r0', 'r1', 'r2']);
    const [record] = events[0]?.Records ?? [];
    assert.deepEqual(record?.messageAttributes, { kind: { dataType: 'String', stringValue: 'x' } });
  });

  it('keeps the messages that the function names', async () => {
    const { deleted } = await drain(['a', 'bad'], ({ Records }) =>
      ok({
        batchItemFailures: Records.filter(({ body }) => body === 'bad').map((each) => ({
          itemIdentifier: each.messageId,
        })),
      }),
    );
    assert.deepEqual(deleted, ['r0']);
  });

  it('keeps all of a batch that failed, or whose answer means nothing', async () => {
    const failed: InvocationResult = { ok: false, error: { errorType: 'E', errorMessage: '', trace: [] } };
    assert.deepEqual((await drain(['a', 'b'], () => failed)).deleted, []);
    const unknown = ok({ batchItemFailures: [{ itemIdentifier: '' }] });
    assert.deepEqual((await drain(['a', 'b'], () => unknown)).deleted, []);
  });
});
