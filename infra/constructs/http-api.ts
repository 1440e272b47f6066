import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  HttpApi as Api,
  HttpMethod,
  HttpRoute,
  HttpRouteKey,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Scope } from '../../shared/contract/names.ts';
import type { StageSettings, TokenSettings } from '../stages.ts';
import type { PipelineFunction } from './pipeline-function.ts';

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly target: PipelineFunction;
  /**
   * Any one of the scopes opens the route. A browser opens a page without headers: there the token is in the address, as
   * `?token=`. Where there is a reason instead, the route is open to everyone.
   */
  readonly access:
    | readonly Scope[]
    | { readonly tokenInAddress: readonly Scope[] }
    | { readonly openBecause: string };
}

/** For all callers together; a tenant's own limit is counted by the functions. */
const REQUESTS_PER_SECOND = 500;
const BURST_REQUESTS = 1000;

const ACCESS_LOG = {
  requestId: '$context.requestId',
  at: '$context.requestTime',
  route: '$context.routeKey',
  status: '$context.status',
  latencyMs: '$context.responseLatency',
  integrationLatencyMs: '$context.integrationLatency',
  sourceIp: '$context.identity.sourceIp',
  error: '$context.error.message',
  authorizerError: '$context.authorizer.error',
};

/** `GetV1PlanId` for `GET /v1/plan/{id}`: a route's logical id says which it is. */
const idOf = ({ method, path }: Pick<Route, 'method' | 'path'>): string =>
  [method.toLowerCase(), ...path.split(/[^a-z0-9]+/)]
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');

/** The one door. Bodies reach the functions byte for byte, because a signature covers bytes. */
export class HttpApi extends Construct {
  readonly api: Api;
  readonly url: string;
  readonly stage: HttpStage;
  private readonly authorizers: Readonly<Record<'header' | 'address', HttpJwtAuthorizer>>;

  constructor(
    scope: Construct,
    id: string,
    settings: StageSettings,
    tokens: TokenSettings,
    routes: readonly Route[],
  ) {
    super(scope, id);
    this.api = new Api(this, 'Api', {
      apiName: `capstack-${settings.stage}`,
      createDefaultStage: false,
    });
    this.authorizers = {
      header: new HttpJwtAuthorizer('Tokens', tokens.issuer, { jwtAudience: [tokens.audience] }),
      address: new HttpJwtAuthorizer('PageTokens', tokens.issuer, {
        jwtAudience: [tokens.audience],
        identitySource: ['$request.querystring.token'],
      }),
    };
    for (const route of routes) this.add(route);
    const logGroup = new LogGroup(this, 'AccessLogs', {
      retention: settings.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.stage = new HttpStage(this, 'Stage', {
      httpApi: this.api,
      autoDeploy: true,
      throttle: { rateLimit: REQUESTS_PER_SECOND, burstLimit: BURST_REQUESTS },
      accessLogSettings: {
        destination: new LogGroupLogDestination(logGroup),
        format: AccessLogFormat.custom(JSON.stringify(ACCESS_LOG)),
      },
    });
    this.url = this.api.apiEndpoint;
  }

  add({ access, ...route }: Route): void {
    const { authorizers } = this;
    const id = idOf(route);
    const guard =
      'openBecause' in access
        ? {}
        : 'tokenInAddress' in access
          ? { authorizer: authorizers.address, authorizationScopes: [...access.tokenInAddress] }
          : { authorizer: authorizers.header, authorizationScopes: [...access] };
    const resource = new HttpRoute(this, id, {
      httpApi: this.api,
      routeKey: HttpRouteKey.with(route.path, HttpMethod[route.method]),
      integration: new HttpLambdaIntegration(`${id}Integration`, route.target.function),
      ...guard,
    });
    if ('openBecause' in access)
      Validations.of(resource).acknowledge({ id: 'AwsSolutions-APIG4', reason: access.openBecause });
  }
}
