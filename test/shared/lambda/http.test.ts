import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import { type HttpRequest, httpHandler, json, problem } from '../../../shared/lambda/http.ts';

const context = { awsRequestId: 'r-1', getRemainingTimeInMillis: () => 5_000 } as unknown as Context;

const event = (more: object = {}): APIGatewayProxyEventV2 =>
  ({
    version: '2.0',
    rawPath: '/v1/things/7',
    rawQueryString: 'a=1',
    headers: { 'Content-Type': 'text/plain' },
    queryStringParameters: { a: '1' },
    pathParameters: { id: '7' },
    requestContext: { http: { method: 'POST' } },
    isBase64Encoded: false,
    ...more,
  }) as unknown as APIGatewayProxyEventV2;

const seen = async (given: APIGatewayProxyEventV2): Promise<HttpRequest> => {
  let request: HttpRequest | undefined;
  await httpHandler('probe', async (incoming) => {
    request = incoming;
    return json(200, {});
  })(given, context);
  assert.ok(request);
  return request;
};

test('10 the step sees the bytes as they were sent, whichever way the gateway carried them', async () => {
  const bytes = Buffer.from([0x7b, 0xff, 0x00, 0xc3, 0xa9, 0x7d]);
  const binary = await seen(event({ body: bytes.toString('base64'), isBase64Encoded: true }));
  assert.deepEqual(binary.rawBody, bytes);
  const text = await seen(event({ body: '{"é": 1}\n' }));
  assert.equal(text.rawBody.toString('utf8'), '{"é": 1}\n');
  assert.equal((await seen(event())).rawBody.length, 0);
});

test('method, path, parameters and lower-cased headers are passed on', async () => {
  const request = await seen(event());
  assert.equal(request.method, 'POST');
  assert.equal(request.path, '/v1/things/7');
  assert.deepEqual({ ...request.pathParameters }, { id: '7' });
  assert.deepEqual({ ...request.query }, { a: '1' });
  assert.equal(request.headers['content-type'], 'text/plain');
});

test('claims need a subject and a tenant; scopes come from the scope claim', async () => {
  const withClaims = (claims: object): APIGatewayProxyEventV2 =>
    event({ requestContext: { http: { method: 'GET' }, authorizer: { jwt: { claims } } } });
  assert.deepEqual((await seen(withClaims({ sub: 's', tenant: 't', scope: 'runway:read  admin' }))).claims, {
    sub: 's',
    tenant: 't',
    scopes: ['runway:read', 'admin'],
  });
  assert.equal((await seen(withClaims({ sub: 's' }))).claims, undefined);
  assert.equal((await seen(withClaims({ tenant: 't' }))).claims, undefined);
  assert.equal((await seen(withClaims({ sub: 's', tenant: '' }))).claims, undefined);
  assert.equal((await seen(event())).claims, undefined);
});

test('a step that throws answers 500 problem+json and tells the caller nothing of the cause', async () => {
  const handler = httpHandler('probe', async () => {
    throw new Error('secret detail');
  });
  const result = await handler(event(), context);
  assert.equal(result.statusCode, 500);
  assert.equal(result.headers?.['content-type'], 'application/problem+json');
  assert.doesNotMatch(String(result.body), /secret/);
});

test('a problem carries its status twice and a detail only where there is one', () => {
  const refused = problem(429, 'Too Many Requests', undefined, { 'retry-after': '7' });
  assert.deepEqual(JSON.parse(refused.body), {
    type: 'about:blank',
    title: 'Too Many Requests',
    status: 429,
  });
  assert.equal(refused.headers['retry-after'], '7');
  assert.equal(JSON.parse(problem(400, 'Bad Request', 'why').body).detail, 'why');
});
