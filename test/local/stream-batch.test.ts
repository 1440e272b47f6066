import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { resolveStacks } from '../../scripts/local/assembly.ts';
import { type LocalFunction, localFunctions } from '../../scripts/local/lambda.ts';
import { type BatchOptions, processBatch, type StreamRecord } from '../../scripts/local/stream-batch.ts';

/** Fails on poison by throwing, by naming it, by naming nonsense, by hanging or by ending its worker. */
const HANDLER = `
const poison = ({ Records }, kind) => Records.findIndex((record) => record.kind === kind);
export const handler = async (event) => {
  if (poison(event, 'crash') >= 0) process.exit(3);
  if (poison(event, 'hang') >= 0) await new Promise((resolve) => setTimeout(resolve, 60_000));
  if (poison(event, 'throw') >= 0) throw new TypeError('poison');
  if (poison(event, 'nonsense') >= 0) return { batchItemFailures: [{ itemIdentifier: '' }] };
  const named = event.Records.filter((record) => record.kind === 'named');
  return { batchItemFailures: named.map((record) => ({ itemIdentifier: record.dynamodb.SequenceNumber })) };
};`;

const directory = mkdtempSync(join(tmpdir(), 'capstack-batch-'));
mkdirSync(join(directory, 'code'));
writeFileSync(join(directory, 'code/index.mjs'), HANDLER);
const toy = {
  Type: 'AWS::Lambda::Function',
  Properties: {
    Runtime: 'nodejs24.x',
    Handler: 'index.handler',
    Timeout: 1,
    Code: { S3Key: 'toy.zip' },
    Role: 'arn:aws:iam::000000000000:role/toy',
  },
};
const assembly = resolveStacks(
  [{ name: 'app', template: { Resources: { Toy: toy } } }],
  { gatewayUrl: 'http://127.0.0.1:1', apiUrl: '', cache: { host: '', port: 0 } },
  new Map([['toy.zip', join(directory, 'code')]]),
);
const [consumer] = localFunctions({
  assembly,
  gatewayUrl: 'http://127.0.0.1:1',
  logDir: join(directory, 'logs'),
  accessKey: () => ({ id: 'K', secret: 'S' }),
  log: () => undefined,
}) as [LocalFunction];
after(async () => {
  await consumer.stop();
  rmSync(directory, { recursive: true });
});

interface Item extends StreamRecord {
  readonly kind: string;
}

const NOW_SECONDS = 1_800_000_000;

const records = (...kinds: string[]): Item[] =>
  kinds.map((kind, index) => ({
    eventName: 'INSERT',
    kind,
    dynamodb: {
      SequenceNumber: String(index + 1),
      ApproximateCreationDateTime: kind === 'old' ? NOW_SECONDS - 7200 : NOW_SECONDS,
    },
  }));

interface Trace {
  /** Sequence numbers of each invocation. */
  readonly invoked: string[];
  readonly givenUp: string[];
  readonly checkpoints: string[];
  readonly backOffs: number[];
}

const numbers = (items: readonly StreamRecord[]): string =>
  items.map(({ dynamodb }) => dynamodb.SequenceNumber).join(',');

const run = async (batch: Item[], settings: Partial<BatchOptions<Item>> = {}): Promise<Trace> => {
  const trace: Trace = { invoked: [], givenUp: [], checkpoints: [], backOffs: [] };
  await processBatch(batch, {
    invoke: (items) => {
      trace.invoked.push(numbers(items));
      return consumer.invoke({ Records: items });
    },
    giveUp: async (items, condition, invocations) => {
      trace.givenUp.push(`${numbers(items)} ${condition} after ${invocations}`);
    },
    checkpoint: ({ dynamodb }) => {
      trace.checkpoints.push(dynamodb.SequenceNumber);
    },
    bisect: true,
    partialResponse: true,
    maxRetries: 2,
    maxAgeSeconds: 3600,
    nowMs: () => NOW_SECONDS * 1000,
    backOff: async (retry) => {
      trace.backOffs.push(retry);
    },
    stopped: () => false,
    ...settings,
  });
  return trace;
};

describe('a stream batch', () => {
  it('is invoked once and passed when all goes well', async () => {
    const trace = await run(records('fine', 'fine', 'fine'));
    assert.deepEqual(trace, { invoked: ['1,2,3'], givenUp: [], checkpoints: ['3'], backOffs: [] });
  });

  it('is bisected down to the record that throws; splitting uses up no retries', async () => {
    const trace = await run(records('fine', 'fine', 'throw', 'fine'));
    assert.deepEqual(trace.invoked, ['1,2,3,4', '1,2', '3,4', '3', '3', '3', '4']);
    assert.deepEqual(trace.givenUp, ['3 RetryAttemptsExhausted after 3']);
    assert.deepEqual(trace.checkpoints, ['2', '3', '4']);
    assert.deepEqual(trace.backOffs, [1, 2]);
  });

  it('goes on from the first record that the function names', async () => {
    const trace = await run(records('fine', 'fine', 'named', 'fine'), { maxRetries: 1 });
    assert.deepEqual(trace.invoked.slice(0, 2), ['1,2,3,4', '3,4']);
    assert.equal(trace.checkpoints[0], '2');
    assert.deepEqual(trace.givenUp, ['3 RetryAttemptsExhausted after 2']);
    assert.deepEqual(trace.checkpoints.at(-1), '4');
  });

  it('is retried whole where neither splitting nor partial answers are on', async () => {
    const trace = await run(records('fine', 'throw'), {
      bisect: false,
      partialResponse: false,
      maxRetries: 1,
    });
    assert.deepEqual(trace.invoked, ['1,2', '1,2']);
    assert.deepEqual(trace.givenUp, ['1,2 RetryAttemptsExhausted after 2']);
  });

  it('does not read a partial answer that the mapping did not ask for', async () => {
    const trace = await run(records('named'), { partialResponse: false });
    assert.deepEqual(trace.invoked, ['1']);
  });

  it('fails whole on an identifier that means nothing', async () => {
    const trace = await run(records('fine', 'nonsense'), { maxRetries: 0 });
    assert.deepEqual(trace.givenUp, ['2 RetryAttemptsExhausted after 1']);
    assert.deepEqual(trace.invoked, ['1,2', '1', '2']);
  });

  it('survives a worker that ends itself and one that hangs', async () => {
    const crashed = await run(records('crash', 'fine'), { maxRetries: 0 });
    assert.deepEqual(crashed.givenUp, ['1 RetryAttemptsExhausted after 1']);
    assert.deepEqual(crashed.checkpoints, ['1', '2']);
    const hung = await run(records('hang'), { maxRetries: 0 });
    assert.deepEqual(hung.givenUp, ['1 RetryAttemptsExhausted after 1']);
  });

  it('gives up what is too old without invoking for it', async () => {
    const trace = await run(records('old', 'old', 'fine'));
    assert.deepEqual(trace.givenUp, ['1,2 MaximumRecordAgeExceeded after 0']);
    assert.deepEqual(trace.invoked, ['3']);
    assert.deepEqual((await run(records('old'), { maxAgeSeconds: -1 })).invoked, ['1']);
  });

  it('stops between invocations when asked to, leaving the rest unread', async () => {
    let invocations = 0;
    const trace = await run(records('fine', 'throw'), {
      stopped: () => {
        invocations += 1;
        return invocations > 1;
      },
    });
    assert.deepEqual(trace.invoked, ['1,2']);
    assert.deepEqual(trace.checkpoints, []);
  });
});

describe('an invocation', () => {
  it('reports a thrown error, a time-out and a crash as failures, each by its name', async () => {
    const failure = async (kind: string): Promise<string> => {
      const result = await consumer.invoke({ Records: records(kind) });
      return result.ok ? 'ok' : result.error.errorType;
    };
    assert.equal(await failure('throw'), 'TypeError');
    assert.equal(await failure('hang'), 'Sandbox.Timedout');
    assert.equal(await failure('crash'), 'Runtime.ExitError');
    assert.equal(await failure('fine'), 'ok');
  });
});
