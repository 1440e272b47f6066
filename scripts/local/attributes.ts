/** What each resource type answers to `Ref` and `Fn::GetAtt` on this machine. */
import { createHash } from 'node:crypto';

export const REGION = 'us-east-1';
export const ACCOUNT = '000000000000';

/** Addresses of what stands in for AWS; known before any template is read. */
export interface LocalAddresses {
  /** `http://127.0.0.1:PORT` of the gateway that plays every AWS endpoint. */
  readonly gatewayUrl: string;
  /** `http://127.0.0.1:PORT` of the HTTP API. */
  readonly apiUrl: string;
  readonly cache: { readonly host: string; readonly port: number };
}

export interface Identity {
  readonly name: string;
  readonly ref: string;
  readonly arn: string;
  readonly attributes: Readonly<Record<string, string>>;
}

interface Naming {
  /** Text of a property, its intrinsics resolved; undefined where absent. */
  readonly property: (name: string) => string | undefined;
  /** Unique, stable name for a resource that the template leaves unnamed. */
  readonly generated: string;
  readonly addresses: LocalAddresses;
}

type Identify = (naming: Naming) => Identity;

const arnOf = (service: string, resource: string): string =>
  `arn:aws:${service}:${REGION}:${ACCOUNT}:${resource}`;

/** A resource whose `Ref` is its name. */
const named =
  (
    nameProperty: string,
    arn: (name: string) => string,
    attributes: (name: string, naming: Naming) => Record<string, string> = () => ({}),
  ): Identify =>
  (naming) => {
    const name = naming.property(nameProperty) ?? naming.generated;
    return { name, ref: name, arn: arn(name), attributes: { Arn: arn(name), ...attributes(name, naming) } };
  };

const table = named(
  'TableName',
  (name) => arnOf('dynamodb', `table/${name}`),
  (name) => ({ StreamArn: `${arnOf('dynamodb', `table/${name}`)}/stream/local` }),
);

const queue: Identify = ({ property, generated, addresses }) => {
  const name = property('QueueName') ?? generated;
  const url = `${addresses.gatewayUrl}/${ACCOUNT}/${name}`;
  const arn = arnOf('sqs', name);
  return { name, ref: url, arn, attributes: { Arn: arn, QueueName: name, QueueUrl: url } };
};

const bucket: Identify = ({ property, generated }) => {
  const name = property('BucketName') ?? generated.toLowerCase();
  const arn = `arn:aws:s3:::${name}`;
  const domain = `${name}.s3.amazonaws.com`;
  return {
    name,
    ref: name,
    arn,
    attributes: { Arn: arn, DomainName: domain, RegionalDomainName: `${name}.s3.${REGION}.amazonaws.com` },
  };
};

const topic: Identify = ({ property, generated }) => {
  const name = property('TopicName') ?? generated;
  const arn = arnOf('sns', name);
  return { name, ref: arn, arn, attributes: { TopicArn: arn, TopicName: name } };
};

const api: Identify = ({ property, generated, addresses }) => {
  const name = property('Name') ?? generated;
  return {
    name,
    ref: generated,
    arn: arnOf('execute-api', generated),
    attributes: { ApiEndpoint: addresses.apiUrl, ApiId: generated },
  };
};

const userPool: Identify = ({ generated }) => {
  const id = `${REGION}_${generated}`;
  const provider = `cognito-idp.${REGION}.amazonaws.com/${id}`;
  const arn = arnOf('cognito-idp', `userpool/${id}`);
  const attributes = { Arn: arn, ProviderName: provider, ProviderURL: `https://${provider}`, UserPoolId: id };
  return { name: id, ref: id, arn, attributes };
};

const serverlessCache = named(
  'ServerlessCacheName',
  (name) => arnOf('elasticache', `serverlesscache:${name}`),
  (name, { addresses: { cache } }) => ({
    ARN: arnOf('elasticache', `serverlesscache:${name}`),
    'Endpoint.Address': cache.host,
    'Endpoint.Port': String(cache.port),
    'ReaderEndpoint.Address': cache.host,
    'ReaderEndpoint.Port': String(cache.port),
  }),
);

const IDENTITIES: Readonly<Record<string, Identify>> = {
  'AWS::ApiGatewayV2::Api': api,
  'AWS::Cognito::UserPool': userPool,
  'AWS::DynamoDB::GlobalTable': table,
  'AWS::DynamoDB::Table': table,
  'AWS::ElastiCache::ServerlessCache': serverlessCache,
  'AWS::ElastiCache::User': named('UserId', (name) => arnOf('elasticache', `user:${name}`)),
  'AWS::Events::EventBus': named(
    'Name',
    (name) => arnOf('events', `event-bus/${name}`),
    (name) => ({ Name: name }),
  ),
  'AWS::Events::Rule': named('Name', (name) => arnOf('events', `rule/${name}`)),
  'AWS::IAM::ManagedPolicy': ({ property, generated }) => {
    const name = property('ManagedPolicyName') ?? generated;
    const arn = `arn:aws:iam::${ACCOUNT}:policy/${name}`;
    return { name, ref: arn, arn, attributes: { PolicyArn: arn } };
  },
  'AWS::IAM::Role': named(
    'RoleName',
    (name) => `arn:aws:iam::${ACCOUNT}:role/${name}`,
    (name) => ({ RoleId: name }),
  ),
  'AWS::Lambda::Function': named('FunctionName', (name) => arnOf('lambda', `function:${name}`)),
  'AWS::Logs::LogGroup': named('LogGroupName', (name) => arnOf('logs', `log-group:${name}:*`)),
  'AWS::S3::Bucket': bucket,
  'AWS::Scheduler::Schedule': named('Name', (name) => arnOf('scheduler', `schedule/default/${name}`)),
  'AWS::SNS::Topic': topic,
  'AWS::SQS::Queue': queue,
  'AWS::SSM::Parameter': named('Name', (name) => arnOf('ssm', `parameter/${name.replace(/^\//, '')}`)),
};

const unnamed: Identify = ({ generated }) => ({
  name: generated,
  ref: generated,
  arn: arnOf('local', generated),
  attributes: { Arn: arnOf('local', generated), Id: generated },
});

/** Unique in the account and short enough for every service; a long one is cut and made unique again by a digest. */
export const generatedName = (stack: string, logicalId: string): string => {
  const whole = `${stack}-${logicalId}`;
  if (whole.length <= 60) return whole;
  return `${whole.slice(0, 51)}-${createHash('sha256').update(whole).digest('hex').slice(0, 8)}`;
};

export const identify = (
  type: string,
  stack: string,
  logicalId: string,
  property: Naming['property'],
  addresses: LocalAddresses,
): Identity =>
  (IDENTITIES[type] ?? unnamed)({ property, generated: generatedName(stack, logicalId), addresses });
