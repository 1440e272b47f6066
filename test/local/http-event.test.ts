import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type HttpRequest, httpEvent, httpResponse } from '../../scripts/local/http-event.ts';

const request = (overrides: Partial<HttpRequest> = {}): HttpRequest => ({
  method: 'POST',
  target: '/v1/webhooks/demo/stripe?a=1&b=x%20y&a=2',
  headers: { host: '127.0.0.1:8080', 'content-type': 'application/json', cookie: 'one=1; two=2' },
  body: Buffer.from('{"amount": 1.0}'),
  sourceIp: '127.0.0.1',
  ...overrides,
});

const context = {
  apiId: 'api',
  routeKey: 'POST /v1/webhooks/{tenant}/{source}',
  pathParameters: { tenant: 'demo', source: 'stripe' },
  authorization: undefined,
  requestId: 'r-1',
  nowMs: Date.parse('2026-11-21T09:05:07.250Z'),
};

describe('an HTTP event', () => {
  it('has the shape of payload format 2.0', () => {
    const event = httpEvent(request(), context);
    assert.equal(event['version'], '2.0');
    assert.equal(event['rawPath'], '/v1/webhooks/demo/stripe');
    assert.equal(event['rawQueryString'], 'a=1&b=x%20y&a=2');
    assert.deepEqual(event['queryStringParameters'], { a: '1,2', b: 'x y' });
    assert.deepEqual(event['pathParameters'], { tenant: 'demo', source: 'stripe' });
    assert.deepEqual(event['cookies'], ['one=1', 'two=2']);
    const { time, timeEpoch, http, ...rest } = event['requestContext'] as Record<string, unknown>;
    assert.equal(time, '21/Nov/2026:09:05:07 +0000');
    assert.equal(timeEpoch, context.nowMs);
    assert.equal((http as Record<string, unknown>)['sourceIp'], '127.0.0.1');
    assert.ok(!('authorizer' in rest));
    const headers = event['headers'] as Record<string, string>;
    assert.equal(headers['cookie'], undefined);
    assert.match(headers['x-amzn-trace-id'] ?? '', /^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/);
  });

  it('carries text as text and everything else as base64, byte for byte', () => {
    const body = (type: string | undefined, bytes: Buffer) => {
      const headers = { host: 'h', ...(type && { 'content-type': type }) };
      return httpEvent(request({ headers, body: bytes }), context);
    };
    const text = body('application/json; charset=utf-8', Buffer.from('{"é": 1}\r\n'));
    assert.deepEqual([text['body'], text['isBase64Encoded']], ['{"é": 1}\r\n', false]);
    for (const type of ['application/x-www-form-urlencoded', 'application/octet-stream', 'image/png']) {
      const event = body(type, Buffer.from('a=1'));
      assert.deepEqual([event['body'], event['isBase64Encoded']], ['YT0x', true], type);
    }
    const broken = body('text/plain', Buffer.from([0xff, 0xfe]));
    assert.deepEqual([broken['body'], broken['isBase64Encoded']], ['//4=', true]);
    assert.equal(body('text/plain', Buffer.alloc(0))['body'], undefined);
  });

  it('carries what the authorizer learnt', () => {
    const authorization = { claims: { tenant: 'demo', exp: '1' }, scopes: ['admin'] };
    const event = httpEvent(request(), { ...context, authorization });
    const { authorizer } = event['requestContext'] as { authorizer: unknown };
    assert.deepEqual(authorizer, { jwt: authorization });
  });
});

describe('a function response', () => {
  it('is taken as it is when it has a status code', () => {
    const response = httpResponse({
      statusCode: 202,
      headers: { 'Content-Type': 'application/json', 'X-Count': 3 },
      cookies: ['a=1', 'b=2'],
      body: Buffer.from([0, 255]).toString('base64'),
      isBase64Encoded: true,
    });
    assert.equal(response.status, 202);
    assert.deepEqual(response.headers, {
      'content-type': 'application/json',
      'x-count': '3',
      'set-cookie': ['a=1', 'b=2'],
    });
    assert.deepEqual(response.body, Buffer.from([0, 255]));
  });

  it('is the body when it has none, and an error when there is nothing', () => {
    const { status, body } = httpResponse({ ok: true });
    assert.deepEqual([status, body], [200, '{"ok":true}']);
    assert.equal(httpResponse(null).status, 500);
  });
});
