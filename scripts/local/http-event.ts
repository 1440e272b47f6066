/** HTTP requests as events of payload format 2.0, and what a function returns as a response. */
import { randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { ACCOUNT } from './attributes.ts';

export interface HttpRequest {
  readonly method: string;
  /** Path and query string as received. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly sourceIp: string;
}

/** What the authorizer learnt from the token. */
export interface TokenClaims {
  readonly claims: Readonly<Record<string, string>>;
  readonly scopes: readonly string[] | null;
}

export interface EventContext {
  readonly apiId: string;
  readonly routeKey: string;
  readonly pathParameters: Readonly<Record<string, string>>;
  readonly authorization: TokenClaims | undefined;
  readonly requestId: string;
  readonly nowMs: number;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: string | Buffer;
}

/** Content types whose bodies arrive as text; all others, forms among them, arrive as base64. */
const TEXT_TYPE = /^(text\/|application\/(json|javascript|xml|[\w.+-]+\+(json|xml))\b)/i;

const bodyOf = ({ headers, body }: HttpRequest): { body?: string; isBase64Encoded: boolean } => {
  if (body.length === 0) return { isBase64Encoded: false };
  const type = headers['content-type'];
  const text = body.toString('utf8');
  /** Bytes that are no UTF-8 would not survive as text. */
  const isText = (type === undefined || TEXT_TYPE.test(type)) && Buffer.from(text, 'utf8').equals(body);
  return isText
    ? { body: text, isBase64Encoded: false }
    : { body: body.toString('base64'), isBase64Encoded: true };
};

/** Repeated parameters are joined by commas, as are repeated headers. */
const queryOf = (search: string): Record<string, string> | undefined => {
  if (search === '') return undefined;
  const joined: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(search))
    joined[name] = name in joined ? `${joined[name]},${value}` : value;
  return joined;
};

const headersOf = ({ headers, sourceIp }: HttpRequest): Record<string, string> => ({
  ...Object.fromEntries(
    Object.entries(headers)
      .filter(([name, value]) => name !== 'cookie' && value !== undefined)
      .map(([name, value]) => [name, Array.isArray(value) ? value.join(',') : String(value)]),
  ),
  'x-forwarded-for': [headers['x-forwarded-for'], sourceIp].flat().filter(Boolean).join(', '),
  'x-forwarded-proto': 'http',
  'x-amzn-trace-id':
    String(headers['x-amzn-trace-id'] ?? '') ||
    `Root=1-${Math.floor(Date.now() / 1000).toString(16)}-${randomBytes(12).toString('hex')}`,
});

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `21/Nov/2026:09:14:19 +0000` */
const logTime = (nowMs: number): string => {
  const [date = '', time = ''] = new Date(nowMs).toISOString().split('T');
  const [year, month, day] = date.split('-');
  return `${day}/${MONTHS[Number(month) - 1]}/${year}:${time.slice(0, 8)} +0000`;
};

export const httpEvent = (request: HttpRequest, context: EventContext): Record<string, unknown> => {
  const [rawPath = '/', rawQueryString = ''] = request.target.split(/\?(.*)/s, 2);
  const query = queryOf(rawQueryString);
  const cookies = request.headers.cookie?.split(/;\s*/);
  const { pathParameters, authorization } = context;
  const host = String(request.headers.host ?? '');
  return {
    version: '2.0',
    routeKey: context.routeKey,
    rawPath,
    rawQueryString,
    ...(cookies && { cookies }),
    headers: headersOf(request),
    ...(query && { queryStringParameters: query }),
    requestContext: {
      accountId: ACCOUNT,
      apiId: context.apiId,
      ...(authorization && { authorizer: { jwt: authorization } }),
      domainName: host,
      domainPrefix: host.split('.')[0],
      http: {
        method: request.method,
        path: rawPath,
        protocol: 'HTTP/1.1',
        sourceIp: request.sourceIp,
        userAgent: request.headers['user-agent'] ?? '',
      },
      requestId: context.requestId,
      routeKey: context.routeKey,
      stage: '$default',
      time: logTime(context.nowMs),
      timeEpoch: context.nowMs,
    },
    ...(Object.keys(pathParameters).length > 0 && { pathParameters }),
    ...bodyOf(request),
  };
};

/** API Gateway's own answers have this shape. */
export const gatewayMessage = (
  status: number,
  message: string,
  headers: Record<string, string> = {},
): HttpResponse => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify({ message }),
});

interface FunctionResponse {
  readonly statusCode: number | string;
  readonly headers?: Record<string, string | number | boolean>;
  readonly cookies?: readonly string[];
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
}

const isFunctionResponse = (value: unknown): value is FunctionResponse =>
  typeof value === 'object' && value !== null && 'statusCode' in value;

/** Format 2.0: without a status code the whole value is the body, as JSON. */
export const httpResponse = (value: unknown): HttpResponse => {
  if (!isFunctionResponse(value)) {
    if (value === null || value === undefined) return gatewayMessage(500, 'Internal Server Error');
    const body = typeof value === 'string' ? value : JSON.stringify(value);
    return { status: 200, headers: { 'content-type': 'application/json' }, body };
  }
  const headers: Record<string, string | string[]> = { 'content-type': 'text/plain; charset=utf-8' };
  for (const [name, each] of Object.entries(value.headers ?? {})) headers[name.toLowerCase()] = String(each);
  if (value.cookies && value.cookies.length > 0) headers['set-cookie'] = [...value.cookies];
  const text = value.body ?? '';
  return {
    status: Number(value.statusCode),
    headers,
    body: value.isBase64Encoded ? Buffer.from(text, 'base64') : text,
  };
};
