import assert from 'node:assert/strict';
import { test } from 'node:test';
import { logger } from '../../../shared/lambda/logger.ts';
import { traceparentOf } from '../../../shared/lambda/trace.ts';

const fixed = (bytes: number): Buffer => Buffer.alloc(bytes, 0xab);

test('a valid traceparent is kept, a broken one replaced', () => {
  const own = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
  assert.equal(traceparentOf({ traceparent: own }, fixed), own);
  const fresh = `00-${'ab'.repeat(16)}-${'ab'.repeat(8)}-01`;
  for (const broken of ['', 'x', own.slice(1), `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`])
    assert.equal(traceparentOf({ traceparent: broken }, fixed), fresh);
  assert.equal(traceparentOf({}, fixed), fresh);
});

test('the trace that AWS opened is continued', () => {
  assert.equal(
    traceparentOf({ 'x-amzn-trace-id': 'Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1' }, fixed),
    `00-5759e988bd862e3fe1be46a994272793-${'ab'.repeat(8)}-01`,
  );
});

test('a log line is one JSON object with its bound fields, exact bigints and the chain of causes', () => {
  const lines: string[] = [];
  const log = logger(
    { function: 'probe' },
    (line) => lines.push(line),
    () => 0,
  );
  log.error('failed', {
    error: new Error('outer', { cause: new Error('inner') }),
    amountMinor: 9007199254740993n,
  });
  const written = JSON.parse(lines[0] ?? '');
  assert.equal(written.time, '1970-01-01T00:00:00.000Z');
  assert.equal(written.level, 'ERROR');
  assert.equal(written.function, 'probe');
  assert.equal(written.amountMinor, '9007199254740993');
  assert.equal(written.error.cause.message, 'inner');
  assert.equal(lines.length, 1);
});
