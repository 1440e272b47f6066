/** The toy application's template, as the CDK would write it. */
import type { Stack } from '../../../scripts/local/assembly.ts';

const attribute = (resource: string, name: string) => ({ 'Fn::GetAtt': [resource, name] });

const table = (stream?: string) => ({
  Type: 'AWS::DynamoDB::GlobalTable',
  Properties: {
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    ...(stream && { StreamSpecification: { StreamViewType: stream } }),
  },
});

const role = { Type: 'AWS::IAM::Role', Properties: {} };

const policy = (of: string, statements: object[]) => ({
  Type: 'AWS::IAM::Policy',
  Properties: {
    PolicyName: of,
    Roles: [{ Ref: of }],
    PolicyDocument: { Statement: statements.map((statement) => ({ Effect: 'Allow', ...statement })) },
  },
});

const lambda = (handler: string, of: string) => ({
  Type: 'AWS::Lambda::Function',
  Properties: {
    Runtime: 'nodejs24.x',
    Handler: `index.${handler}`,
    Timeout: 10,
    MemorySize: 256,
    Code: { S3Key: 'toy.zip' },
    Role: attribute(of, 'Arn'),
    Environment: { Variables: { NOTES_TABLE: { Ref: 'Notes' }, COUNTS_TABLE: { Ref: 'Counts' } } },
  },
});

const route = (key: string, scopes?: string[]) => ({
  Type: 'AWS::ApiGatewayV2::Route',
  Properties: {
    RouteKey: key,
    Target: { 'Fn::Join': ['/', ['integrations', { Ref: 'Integration' }]] },
    ...(scopes && {
      AuthorizationType: 'JWT',
      AuthorizerId: { Ref: 'Tokens' },
      AuthorizationScopes: scopes,
    }),
  },
});

export const toyStack: Stack = {
  name: 'toy',
  template: {
    Resources: {
      Notes: table('NEW_IMAGE'),
      Counts: table(),
      HttpRole: role,
      StreamRole: role,
      HttpPolicy: policy('HttpRole', [
        { Action: 'dynamodb:PutItem', Resource: attribute('Notes', 'Arn') },
        { Action: 'dynamodb:GetItem', Resource: attribute('Counts', 'Arn') },
      ]),
      StreamPolicy: policy('StreamRole', [
        {
          Action: ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'],
          Resource: attribute('Notes', 'StreamArn'),
        },
        {
          Action: 'dynamodb:UpdateItem',
          Resource: attribute('Counts', 'Arn'),
          Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['note*'] } },
        },
      ]),
      HttpFunction: lambda('http', 'HttpRole'),
      StreamFunction: lambda('stream', 'StreamRole'),
      Mapping: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: {
          FunctionName: { Ref: 'StreamFunction' },
          EventSourceArn: attribute('Notes', 'StreamArn'),
          StartingPosition: 'TRIM_HORIZON',
          BatchSize: 100,
          BisectBatchOnFunctionError: true,
          MaximumRetryAttempts: 1,
          FilterCriteria: { Filters: [{ Pattern: '{"dynamodb":{"NewImage":{"kind":{"S":["note"]}}}}' }] },
        },
      },
      Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { ProtocolType: 'HTTP' } },
      Integration: {
        Type: 'AWS::ApiGatewayV2::Integration',
        Properties: {
          IntegrationUri: attribute('HttpFunction', 'Arn'),
          PayloadFormatVersion: '2.0',
        },
      },
      Permission: {
        Type: 'AWS::Lambda::Permission',
        Properties: {
          FunctionName: attribute('HttpFunction', 'Arn'),
          Principal: 'apigateway.amazonaws.com',
        },
      },
      Tokens: {
        Type: 'AWS::ApiGatewayV2::Authorizer',
        Properties: { JwtConfiguration: { Issuer: 'https://toy.test', Audience: ['toy'] } },
      },
      PostNote: route('POST /notes/{id}'),
      DeleteNote: route('DELETE /notes/{id}'),
      GetCount: route('GET /count'),
      GetEnvironment: route('GET /environment'),
      GetMe: route('GET /me', ['read']),
    },
  },
};
