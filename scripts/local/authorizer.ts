/** The HTTP API's JWT authorizer: signature, issuer, audience, time and scopes. */
import { createLocalJWKSet, type JSONWebKeySet, type JWTPayload, jwtVerify } from 'jose';
import { gatewayMessage, type HttpResponse, type TokenClaims } from './http-event.ts';

export interface AuthorizerSettings {
  readonly issuer: string;
  readonly audiences: readonly string[];
  readonly keySet: JSONWebKeySet;
}

export type Authorization =
  | { readonly allowed: true; readonly claims: TokenClaims }
  | { readonly allowed: false; readonly response: HttpResponse };

export type Authorize = (
  header: string | undefined,
  routeScopes: readonly string[],
) => Promise<Authorization>;

const unauthorized: Authorization = {
  allowed: false,
  response: gatewayMessage(401, 'Unauthorized', { 'www-authenticate': 'Bearer' }),
};

const forbidden = (scopes: readonly string[]): Authorization => ({
  allowed: false,
  response: gatewayMessage(403, 'Forbidden', {
    'www-authenticate': `Bearer scope="${scopes.join(' ')}" error="insufficient_scope"`,
  }),
});

/** Claims reach the function as text, lists in brackets. */
const textOf = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.join(' ')}]`;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
};

const scopesOf = ({ scope, scp }: JWTPayload): string[] => {
  const stated = scope ?? scp ?? '';
  return Array.isArray(stated) ? stated.map(String) : String(stated).split(' ').filter(Boolean);
};

/** Either claim may name the audience, because Cognito's access tokens carry a client instead. */
const isForAudience = ({ aud, client_id: client }: JWTPayload, audiences: readonly string[]): boolean =>
  [aud ?? client ?? []].flat().some((each) => audiences.includes(String(each)));

export const jwtAuthorizer = ({ issuer, audiences, keySet }: AuthorizerSettings): Authorize => {
  const keys = createLocalJWKSet(keySet);
  return async (header, routeScopes) => {
    const token = header?.replace(/^Bearer\s+/i, '').trim();
    if (!token) return unauthorized;
    let payload: JWTPayload;
    try {
      ({ payload } = await jwtVerify(token, keys, {
        issuer,
        algorithms: ['RS256'],
        requiredClaims: ['exp'],
      }));
    } catch {
      return unauthorized;
    }
    if (!isForAudience(payload, audiences)) return unauthorized;
    const scopes = scopesOf(payload);
    if (routeScopes.length > 0 && !routeScopes.some((scope) => scopes.includes(scope)))
      return forbidden(routeScopes);
    const claims = Object.fromEntries(Object.entries(payload).map(([name, value]) => [name, textOf(value)]));
    return { allowed: true, claims: { claims, scopes: routeScopes.length > 0 ? scopes : null } };
  };
};
