/** Tokens that prove nothing, at every route that asks for one, and routes that there are not. */
import { createHmac } from 'node:crypto';
import type { Request } from './door.ts';

const ROUTES = [
  ['GET', '/v1/runway'],
  ['GET', '/v1/plan'],
  ['GET', '/v1/policy/decisions'],
  ['POST', '/v1/plan'],
  ['DELETE', '/v1/plan/x'],
  ['PUT', '/v1/policy/mode'],
  ['POST', '/v1/runway/scenario'],
  ['POST', '/v1/imports'],
] as const;

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Headers that prove nothing. @param good a token of scope admin. */
const forgeries = (good: string): Readonly<Record<string, string>> => {
  const [head = '', payload = '', signature = ''] = good.split('.');
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
  const hmac = `${part({ alg: 'HS256', typ: 'JWT' })}.${payload}`;
  return {
    nothing: '',
    'an empty bearer': 'Bearer ',
    Basic: `Basic ${Buffer.from('demo:demo').toString('base64')}`,
    dots: 'Bearer ..',
    'a cut token': `Bearer ${good.slice(0, -10)}`,
    'a longer token': `Bearer ${good}x`,
    'other claims': `Bearer ${head}.${part({ ...claims, tenant: 'other' })}.${signature}`,
    'no algorithm': `Bearer ${part({ alg: 'none' })}.${payload}.`,
    'an algorithm of texts': `Bearer ${hmac}.${createHmac('sha256', 'capstack').update(hmac).digest('base64url')}`,
    'a key of its own': `Bearer ${part({ alg: 'RS256', jwk: { kty: 'RSA', n: 'AQAB', e: 'AQAB' } })}.${payload}.${signature}`,
    'two tokens': `Bearer ${good}, Bearer ${good}`,
  };
};

/** @param tokens good ones in form, of nobody or for nothing. */
export const tokenCases = (
  good: string,
  tokens: {
    readonly expired: string;
    readonly stranger: string;
    readonly proto: string;
    readonly unscoped: string;
  },
): readonly Request[] => {
  const on = (name: string, authorization: string, status: number): Request[] =>
    ROUTES.map(([method, path]) => ({
      name: `${method} ${path} with ${name}`,
      method,
      path,
      ...(method === 'GET' ? {} : { body: '{}' }),
      authorization,
      status,
      says: status === 401 ? /Unauthorized/ : /Forbidden/,
    }));
  return [
    ...Object.entries(forgeries(good)).flatMap(([name, authorization]) => on(name, authorization, 401)),
    ...on('an expired token', `Bearer ${tokens.expired}`, 401),
    ...on('a token of no tenant of ours', `Bearer ${tokens.stranger}`, 403),
    ...on('a token of a prototype', `Bearer ${tokens.proto}`, 403),
    ...on('a token without scope', `Bearer ${tokens.unscoped}`, 403),
    ...[
      ['GET', '/v1'],
      ['GET', '/v1/nothing'],
      ['PATCH', '/v1/plan'],
      ['DELETE', '/v1/plan'],
      ['DELETE', '/v1/plan/'],
      ['POST', '/v1/runway'],
      ['GET', '/v1/runway/'],
      ['GET', '/v1/%72unway%00'],
    ].map(([method = '', path = '']) => ({
      name: `${method} ${path}`,
      method,
      path,
      status: 404,
      says: /Not Found/,
    })),
    {
      name: 'a token in the address',
      method: 'GET',
      path: `/v1/runway?token=${good}`,
      authorization: '',
      status: 401,
      says: /Unauthorized/,
    },
  ];
};
