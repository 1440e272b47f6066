/** The HTTP API in front of the functions: routes, tokens, payload format 2.0. */
import { randomUUID } from 'node:crypto';
import type { Authorize } from './authorizer.ts';
import {
  gatewayMessage,
  type HttpRequest,
  type HttpResponse,
  httpEvent,
  httpResponse,
} from './http-event.ts';
import { answer, type ListeningServer, readBody } from './http-server.ts';
import type { MatchRoute, RouteMatch } from './routes.ts';

/** API Gateway's limit. */
const MAX_BODY_BYTES = 10 * 1024 * 1024;
const INTEGRATION_TIMEOUT_MS = 30_000;

export interface HttpApiOptions {
  readonly apiId: string;
  readonly match: MatchRoute;
  readonly authorize: Authorize;
  /** Serves what the runtime itself offers under `/_local/`. */
  readonly localPaths: (request: HttpRequest) => Promise<HttpResponse>;
  readonly log: (line: string) => void;
}

/** What the authorizer's identity source names in the request. */
const tokenOf = ({ headers, target }: HttpRequest, source: string): string | undefined => {
  const parameter = /^\$request\.querystring\.(.+)$/.exec(source)?.[1];
  return parameter === undefined
    ? headers.authorization
    : (new URLSearchParams(target.split('?')[1]).get(parameter) ?? undefined);
};

const invokeRoute = async (
  request: HttpRequest,
  { route, pathParameters }: RouteMatch,
  { apiId, authorize, log }: HttpApiOptions,
): Promise<HttpResponse> => {
  const authorization = route.needsToken
    ? await authorize(tokenOf(request, route.tokenIn), route.scopes)
    : undefined;
  if (authorization && !authorization.allowed) return authorization.response;
  if (!route.mayInvoke) {
    log(`${route.routeKey}: the template lets API Gateway not invoke ${route.target.title}`);
    return gatewayMessage(500, 'Internal Server Error');
  }
  const event = httpEvent(request, {
    apiId,
    routeKey: route.routeKey,
    pathParameters,
    authorization: authorization?.claims,
    requestId: randomUUID(),
    nowMs: Date.now(),
  });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), INTEGRATION_TIMEOUT_MS);
  });
  const result = await Promise.race([route.target.invoke(event), late]);
  clearTimeout(timer);
  if (!result) return gatewayMessage(503, 'Service Unavailable');
  return result.ok ? httpResponse(result.value) : gatewayMessage(500, 'Internal Server Error');
};

const respond = async (request: HttpRequest, options: HttpApiOptions): Promise<HttpResponse> => {
  const [path = '/'] = request.target.split('?', 1);
  if (path.startsWith('/_local/')) return options.localPaths(request);
  const match = options.match(request.method, path);
  return match ? invokeRoute(request, match, options) : gatewayMessage(404, 'Not Found');
};

export const serveHttpApi = (server: ListeningServer, options: HttpApiOptions): void =>
  server.serve(
    async (incoming, response) => {
      const body = await readBody(incoming, MAX_BODY_BYTES);
      const request = {
        method: incoming.method ?? 'GET',
        target: incoming.url ?? '/',
        headers: incoming.headers,
        body: body ?? Buffer.alloc(0),
        sourceIp: incoming.socket.remoteAddress ?? '127.0.0.1',
      };
      const result =
        body === undefined
          ? gatewayMessage(413, 'Request Entity Too Large', { connection: 'close' })
          : await respond(request, options);
      answer(response, result.status, result.headers, result.body);
    },
    (error, response) => {
      options.log(`http: ${error instanceof Error ? error.stack : error}`);
      const { status, headers, body } = gatewayMessage(500, 'Internal Server Error');
      if (!response.headersSent) answer(response, status, headers, body);
    },
  );
