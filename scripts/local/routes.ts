/** The HTTP API's routes as the template states them, and which of them a request takes. */
import type { Assembly, LocalResource } from './assembly.ts';
import { functionNamed } from './event-source.ts';
import type { LocalFunction } from './lambda.ts';

export interface Route {
  /** `GET /v1/plan/{id}` */
  readonly routeKey: string;
  readonly target: LocalFunction;
  /** Whether the function's resource policy lets API Gateway invoke it. */
  readonly mayInvoke: boolean;
  readonly needsToken: boolean;
  /** `$request.header.Authorization` or `$request.querystring.NAME`: where the route's authorizer looks for the token. */
  readonly tokenIn: string;
  /** Any one of them suffices. */
  readonly scopes: readonly string[];
}

export interface RouteMatch {
  readonly route: Route;
  readonly pathParameters: Readonly<Record<string, string>>;
}

export type MatchRoute = (method: string, path: string) => RouteMatch | undefined;

/** Whether the template lets a service invoke the function: an `AWS::Lambda::Permission`. */
export const mayInvoke = (assembly: Assembly, target: LocalFunction, service: string): boolean =>
  assembly
    .ofType('AWS::Lambda::Permission')
    .some(
      ({ properties }) =>
        properties['Principal'] === service &&
        [target.name, target.arn].includes(String(properties['FunctionName'])),
    );

const integrationOf = (assembly: Assembly, route: LocalResource): LocalResource | undefined => {
  const ref = String(route.properties['Target']).split('/').at(-1);
  return assembly.ofType('AWS::ApiGatewayV2::Integration').find((each) => each.ref === ref);
};

const tokenSource = (assembly: Assembly, authorizerId: unknown): string => {
  const authorizer = assembly
    .ofType('AWS::ApiGatewayV2::Authorizer')
    .find((each) => each.ref === authorizerId);
  const [source = '$request.header.Authorization'] = (authorizer?.properties['IdentitySource'] ??
    []) as string[];
  return source;
};

/** @throws Error on a route without integration, function or payload format 2.0. */
export const localRoutes = (assembly: Assembly, functions: readonly LocalFunction[]): Route[] =>
  assembly.ofType('AWS::ApiGatewayV2::Route').map((resource) => {
    const { RouteKey, AuthorizationType, AuthorizationScopes, AuthorizerId } = resource.properties;
    const integration = integrationOf(assembly, resource);
    const uri = String(integration?.properties['IntegrationUri']);
    const arn = /functions\/(arn:.+)\/invocations$/.exec(uri)?.[1] ?? uri;
    const target = functionNamed(functions, arn);
    if (!integration || !target) throw new Error(`route ${RouteKey} leads to no function of the template`);
    if (integration.properties['PayloadFormatVersion'] !== '2.0')
      throw new Error(`route ${RouteKey}: only payload format 2.0 runs here`);
    return {
      routeKey: String(RouteKey),
      target,
      mayInvoke: mayInvoke(assembly, target, 'apigateway.amazonaws.com'),
      needsToken: AuthorizationType === 'JWT',
      tokenIn: tokenSource(assembly, AuthorizerId),
      scopes: (AuthorizationScopes ?? []) as string[],
    };
  });

interface Pattern {
  readonly route: Route;
  readonly method: string;
  readonly segments: readonly string[];
}

const isVariable = (segment: string): boolean => segment.startsWith('{');
const isGreedy = (segment: string): boolean => segment.endsWith('+}');

const variableName = (segment: string): string => segment.replaceAll(/[{}+]/g, '');

const decoded = (segment: string): string => {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
};

const parametersOf = ({ segments }: Pattern, path: readonly string[]): Record<string, string> | undefined => {
  const parameters: Record<string, string> = {};
  for (const [index, segment] of segments.entries()) {
    const actual = path[index];
    if (actual === undefined || (actual === '' && isVariable(segment))) return undefined;
    if (isGreedy(segment)) {
      parameters[variableName(segment)] = path.slice(index).map(decoded).join('/');
      return parameters;
    }
    if (isVariable(segment)) parameters[variableName(segment)] = decoded(actual);
    else if (segment !== actual) return undefined;
  }
  return path.length === segments.length ? parameters : undefined;
};

/** Literal segments before variables before greedy ones; a method before ANY. Smaller is more specific. */
const generality = ({ method, segments }: Pattern): string =>
  segments.map((each) => (isGreedy(each) ? '2' : isVariable(each) ? '1' : '0')).join('') +
  (method === 'ANY' ? '1' : '0');

export const routeMatcher = (routes: readonly Route[]): MatchRoute => {
  const fallback = routes.find(({ routeKey }) => routeKey === '$default');
  const patterns = routes
    .filter(({ routeKey }) => routeKey !== '$default')
    .map((route) => {
      const [method = '', path = ''] = route.routeKey.split(' ');
      return { route, method, segments: path.split('/').slice(1) };
    })
    .sort((one, other) => (generality(one) < generality(other) ? -1 : 1));
  return (method, path) => {
    const segments = path.split('/').slice(1);
    for (const pattern of patterns) {
      if (pattern.method !== method && pattern.method !== 'ANY') continue;
      const pathParameters = parametersOf(pattern, segments);
      if (pathParameters) return { route: pattern.route, pathParameters };
    }
    return fallback && { route: fallback, pathParameters: {} };
  };
};
