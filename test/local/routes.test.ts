import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { LocalFunction } from '../../scripts/local/lambda.ts';
import { type Route, routeMatcher } from '../../scripts/local/routes.ts';

const route = (routeKey: string): Route => ({
  routeKey,
  target: {} as LocalFunction,
  mayInvoke: true,
  needsToken: false,
  tokenIn: '$request.header.Authorization',
  scopes: [],
});
const match = routeMatcher(
  [
    'GET /v1/{proxy+}',
    'ANY /v1/plan',
    'GET /v1/plan/{id}',
    'GET /v1/plan/open',
    'POST /v1/webhooks/{tenant}/{source}',
    'POST /v1/plan',
  ].map(route),
);
const taken = (method: string, path: string): unknown[] => {
  const found = match(method, path);
  return found ? [found.route.routeKey, found.pathParameters] : [];
};

describe('routes', () => {
  it('prefer literal segments to variables, and those to the rest of the path', () => {
    assert.deepEqual(taken('GET', '/v1/plan/open'), ['GET /v1/plan/open', {}]);
    assert.deepEqual(taken('GET', '/v1/plan/7'), ['GET /v1/plan/{id}', { id: '7' }]);
    assert.deepEqual(taken('GET', '/v1/a/b/c'), ['GET /v1/{proxy+}', { proxy: 'a/b/c' }]);
  });

  it('prefer a method to any method', () => {
    assert.deepEqual(taken('POST', '/v1/plan'), ['POST /v1/plan', {}]);
    assert.deepEqual(taken('PATCH', '/v1/plan'), ['ANY /v1/plan', {}]);
  });

  it('decode variables, and take none that is empty', () => {
    const path = '/v1/webhooks/de%20mo/a%2Fb';
    assert.deepEqual(taken('POST', path)[1], { tenant: 'de mo', source: 'a/b' });
    assert.deepEqual(taken('POST', '/v1/webhooks/demo/'), []);
    assert.deepEqual(taken('POST', '/v1/webhooks/demo'), []);
    assert.deepEqual(taken('POST', '/v1/webhooks/%zz/x')[1], { tenant: '%zz', source: 'x' });
  });

  it('lead nowhere for what is not there', () => {
    assert.deepEqual(taken('GET', '/v2'), []);
    assert.deepEqual(taken('DELETE', '/v1/plan/7'), []);
    assert.equal(routeMatcher([route('$default')])('GET', '/x')?.route.routeKey, '$default');
  });
});
