import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { mixpanelApi } from '../../../../shared/providers/mixpanel/api.ts';
import { day } from '../../../support/rows.ts';

const DAYS = { from: day('2026-03-10'), before: day('2026-03-11'), zone: 'America/New_York' };
const NOON = Date.UTC(2026, 2, 10, 16) / 1_000;
const ROWS = Array.from(
  { length: 2_000 },
  (_, index) =>
    `${JSON.stringify({ event: 'Sign Up', properties: { time: NOON, distinct_id: 'a', $insert_id: `${index}` } })}\n`,
).join('');
const HALF = Buffer.from(ROWS).subarray(0, ROWS.indexOf('\n', ROWS.length / 2) + 1);

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** What comes of asking a server that answers so, over a real connection. */
const asking = async (context: TestContext, answer: Answer, withinMs = 5_000) => {
  const asked: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    asked.push(request);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  context.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const slept: number[] = [];
  const api = mixpanelApi(`http://127.0.0.1:${port}/{host}`, fetch, async (ms) => slept.push(ms));
  const project = { region: 'eu', project: '7', metrics: [] } as const;
  const account = { username: 'reader.1.mp-service-account', secret: 'tops:cret' };
  return { asked, slept, counts: api.counts(project, account, 'Sign Up', DAYS, withinMs) };
};

test('one event of one project is asked for, by its own days, as a service account', async (context) => {
  const { asked, slept, counts } = await asking(context, (_, response) => response.end(ROWS));
  const answer = await counts;
  assert.deepEqual(answer, {
    outcome: 'counts',
    counts: [{ date: '2026-03-10', value: '2000' }],
    document: [['2026-03-10', 2_000]],
  });
  const [request] = asked;
  const { pathname, searchParams } = new URL(request?.url ?? '', 'http://mixpanel');
  assert.equal(pathname, '/data-eu.mixpanel.com/api/2.0/export');
  assert.deepEqual(Object.fromEntries(searchParams), {
    project_id: '7',
    from_date: '2026-03-10',
    to_date: '2026-03-11',
    event: '["Sign Up"]',
  });
  assert.equal(
    Buffer.from(request?.headers.authorization?.replace('Basic ', '') ?? '', 'base64').toString(),
    'reader.1.mp-service-account:tops:cret',
  );
  assert.deepEqual(slept, [400], 'three a second are allowed');
});

test('a compressed export counts the same', async (context) => {
  const { counts } = await asking(context, (request, response) => {
    assert.equal(request.headers['accept-encoding'], 'gzip');
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(ROWS));
  });
  const answer = await counts;
  assert.ok(answer.outcome === 'counts');
  assert.equal(answer.counts[0]?.value, '2000');
});

const CUT_OFF: Readonly<Record<string, Answer>> = {
  'in chunks, with its connection': (_, response) => {
    response.writeHead(200).write(HALF, () => response.socket?.destroy());
  },
  'short of its stated length': (_, response) => {
    response.writeHead(200, { 'content-length': ROWS.length }).write(HALF, () => response.socket?.destroy());
  },
  'compressed, with its connection': (_, response) => {
    const body = gzipSync(ROWS);
    response.writeHead(200, { 'content-encoding': 'gzip' });
    response.write(body.subarray(0, body.length / 2), () => response.socket?.destroy());
  },
  'compressed, by somebody on the way who ends it properly': (_, response) => {
    const body = gzipSync(ROWS);
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(body.subarray(0, body.length / 2));
  },
  'where only the end of the connection is its end': (_, response) => {
    response.socket?.end(`HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n${HALF}`);
  },
};
for (const [how, answer] of Object.entries(CUT_OFF))
  test(`an export that is cut off is no count: ${how}`, async (context) => {
    const { counts } = await asking(context, answer);
    assert.equal((await counts).outcome, 'broken');
  });

test('an export that takes too long is asked for in smaller pieces', async (context) => {
  const { counts } = await asking(context, (_, response) => response.writeHead(200).write(HALF), 200);
  assert.equal((await counts).outcome, 'too_much');
});

const ended =
  (status: number, body = '', headers: Record<string, string> = {}): Answer =>
  (_, response) =>
    response.writeHead(status, headers).end(body);

for (const [status, says] of [
  [401, /401: it does not know the service account/],
  [402, /402: the plan does not include/],
  [403, /403: the service account may not read/],
  [400, /400: .*to_date cannot be later than today/],
] as const)
  test(`${status} is told to people`, async (context) => {
    const { counts } = await asking(context, ended(status, '{"error":"to_date cannot be later than today"}'));
    const answer = await counts;
    assert.ok(answer.outcome === 'refused');
    assert.match(answer.reason, says);
  });

test('asked too often, it is left alone, and says for how long', async (context) => {
  const told = await asking(context, ended(429, '', { 'retry-after': '1800' }));
  assert.deepEqual(await told.counts, { outcome: 'busy', retryAfter: '1800' });
  const untold = await asking(context, ended(429));
  assert.deepEqual(await untold.counts, { outcome: 'busy' });
});

test('whatever a later attempt may do better is an error: 503, no connection, another address', async (context) => {
  await assert.rejects((await asking(context, ended(503))).counts, /Mixpanel answered 503/);
  await assert.rejects((await asking(context, (request) => request.socket.destroy())).counts, TypeError);
  const elsewhere = await asking(context, (request, response) =>
    request.url === '/elsewhere'
      ? response.end(ROWS)
      : ended(302, '', { location: '/elsewhere' })(request, response),
  );
  await assert.rejects(elsewhere.counts, TypeError);
  assert.equal(elsewhere.asked.length, 1);
});
