/** What the runtime itself serves beside the functions: tokens, keys, facts about this run, stand-ins for providers. */
import type { AccessKey } from './gateway.ts';
import type { Asked } from './hour.ts';
import { gatewayMessage, type HttpRequest, type HttpResponse } from './http-event.ts';
import type { Issuer } from './issuer.ts';
import type { ServiceRequest, ServiceResponse } from './service.ts';

/** What a tool on this machine needs to act as the account's administrator. */
export interface RunFacts {
  readonly stage: string;
  /** Endpoint of all AWS services. */
  readonly endpoint: string;
  readonly region: string;
  readonly operator: AccessKey;
  readonly dataDir: string;
  readonly outputs: Readonly<Record<string, unknown>>;
}

export type ProviderStub = (request: ServiceRequest) => ServiceResponse | Promise<ServiceResponse>;

export interface LocalPathOptions {
  readonly issuer: Issuer;
  readonly issuerUrl: string;
  readonly facts: RunFacts;
  /** Lets the hour strike, by so many hours later than the last time. */
  readonly strikeHour: (hoursLater: number) => Promise<Asked>;
  /** By the name in `/_local/stub/{name}/`. */
  readonly stubs: Readonly<Record<string, ProviderStub>>;
}

const MAX_TTL_SECONDS = 366 * 86_400;
const MAX_HOURS_LATER = 24;

const json = (body: unknown): HttpResponse => ({
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

/** A web page may not ask by a name of its own that points here. */
const isLoopbackName = (host = ''): boolean => /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(host);

const issueToken = async (issuer: Issuer, body: Buffer): Promise<HttpResponse> => {
  let wanted: { tenant?: unknown; scopes?: unknown; ttl_seconds?: unknown; subject?: unknown };
  try {
    wanted = JSON.parse(body.toString() || '{}');
  } catch {
    return gatewayMessage(400, 'the body is not JSON');
  }
  const { tenant = 'demo', scopes = ['runway:read'], ttl_seconds: ttlSeconds, subject } = wanted;
  if (typeof tenant !== 'string') return gatewayMessage(400, 'tenant: expected text');
  if (!Array.isArray(scopes) || scopes.some((scope) => typeof scope !== 'string'))
    return gatewayMessage(400, 'scopes: expected a list of text');
  if (ttlSeconds !== undefined && !(Number.isInteger(ttlSeconds) && Number(ttlSeconds) <= MAX_TTL_SECONDS))
    return gatewayMessage(400, `ttl_seconds: expected a whole number up to ${MAX_TTL_SECONDS}`);
  const token = await issuer.token({
    tenant,
    scopes,
    ttlSeconds: ttlSeconds as number | undefined,
    subject: typeof subject === 'string' ? subject : undefined,
  });
  return json({ token });
};

const letHourStrike = async (
  strikeHour: LocalPathOptions['strikeHour'],
  body: Buffer,
): Promise<HttpResponse> => {
  let hoursLater: unknown;
  try {
    ({ hours_later: hoursLater = 0 } = JSON.parse(body.toString() || '{}'));
  } catch {
    return gatewayMessage(400, 'the body is not JSON');
  }
  if (typeof hoursLater !== 'number' || !(hoursLater >= 0 && hoursLater <= MAX_HOURS_LATER))
    return gatewayMessage(400, `hours_later: expected a number from 0 to ${MAX_HOURS_LATER}`);
  return json({ asked: await strikeHour(hoursLater) });
};

const callStub = async (
  request: HttpRequest,
  stubs: LocalPathOptions['stubs'],
): Promise<HttpResponse | undefined> => {
  const [, name = '', path = '/'] = /^\/_local\/stub\/([^/?]+)(.*)$/s.exec(request.target) ?? [];
  const stub = stubs[name];
  if (!stub) return undefined;
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([header, value]) => [header, String(value ?? '')]),
  );
  return stub({ method: request.method, path: path || '/', headers, body: request.body });
};

export const localPaths =
  ({ issuer, issuerUrl, facts, strikeHour, stubs }: LocalPathOptions) =>
  async (request: HttpRequest): Promise<HttpResponse> => {
    if (!isLoopbackName(request.headers.host)) return gatewayMessage(403, 'Forbidden');
    const [path = ''] = request.target.split('?', 1);
    switch (`${request.method} ${path}`) {
      case 'POST /_local/token':
        return issueToken(issuer, request.body);
      case 'POST /_local/hour':
        return letHourStrike(strikeHour, request.body);
      case 'GET /_local/jwks.json':
        return json(issuer.keySet);
      case 'GET /_local/openid-configuration':
        return json({ issuer: issuerUrl, jwks_uri: `http://${request.headers.host}/_local/jwks.json` });
      case 'GET /_local/run':
        return json(facts);
      default:
        return (await callStub(request, stubs)) ?? gatewayMessage(404, 'Not Found');
    }
  };
