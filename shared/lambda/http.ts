import type {
  APIGatewayProxyEventV2,
  APIGatewayProxyStructuredResultV2,
  APIGatewayProxyEventV2WithJWTAuthorizer as AuthorizedEvent,
} from 'aws-lambda';
import { guarded, type LambdaHandler } from './guard.ts';
import { type Invocation, invocation } from './invocation.ts';
import { traceparentOf } from './trace.ts';

export interface Claims {
  readonly sub: string;
  readonly tenant: string;
  readonly scopes: readonly string[];
}

export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly pathParameters: Readonly<Record<string, string | undefined>>;
  readonly query: Readonly<Record<string, string | undefined>>;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The bytes as sent: what a signature covers. */
  readonly rawBody: Buffer;
  /** Absent where the route has no authorizer, or the token names no subject or no tenant. */
  readonly claims?: Claims;
  readonly nowMs: number;
  readonly traceparent: string;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export type HttpHandler = LambdaHandler<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>;

export const json = (
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): HttpResponse => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});

/** An RFC 9457 error body. */
export const problem = (
  status: number,
  title: string,
  detail?: string,
  headers: Readonly<Record<string, string>> = {},
): HttpResponse =>
  json(
    status,
    { type: 'about:blank', title, status, ...(detail === undefined ? {} : { detail }) },
    { 'content-type': 'application/problem+json', ...headers },
  );

/** The claims of a verified token; the authorizer hands every claim over as a string. */
const claimsOf = (event: APIGatewayProxyEventV2): Claims | undefined => {
  const claims = (event as Partial<AuthorizedEvent>).requestContext?.authorizer?.jwt?.claims;
  const sub = claims?.['sub'];
  const tenant = claims?.['tenant'];
  if (typeof sub !== 'string' || typeof tenant !== 'string' || sub === '' || tenant === '') return undefined;
  const scope = claims?.['scope'];
  return { sub, tenant, scopes: typeof scope === 'string' ? scope.split(' ').filter(Boolean) : [] };
};

const lowerCased = (
  headers: Readonly<Record<string, string | undefined>>,
): Record<string, string | undefined> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

const requestOf = (event: APIGatewayProxyEventV2, nowMs: number): HttpRequest => {
  const headers = lowerCased(event.headers ?? {});
  const claims = claimsOf(event);
  return {
    method: event.requestContext.http.method,
    path: event.rawPath,
    pathParameters: event.pathParameters ?? {},
    query: event.queryStringParameters ?? {},
    headers,
    rawBody: Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8'),
    ...(claims === undefined ? {} : { claims }),
    nowMs,
    traceparent: traceparentOf(headers),
  };
};

const resultOf = (response: HttpResponse): APIGatewayProxyStructuredResultV2 => ({
  statusCode: response.status,
  headers: { ...response.headers },
  body: response.body,
});

/**
 * A Lambda behind an HTTP API route (payload 2.0). The step answers with a response; whatever it throws becomes a 500
 * that says nothing of its cause, and a log line that says all.
 */
export const httpHandler = (
  name: string,
  step: (request: HttpRequest, context: Invocation) => Promise<HttpResponse>,
): HttpHandler =>
  guarded(
    name,
    async (event, context) => {
      const request = requestOf(event, Date.now());
      return resultOf(await step(request, invocation(name, context, request.traceparent, request.nowMs)));
    },
    () => resultOf(problem(500, 'Internal Server Error')),
  );
