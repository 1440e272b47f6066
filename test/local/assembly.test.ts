import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { resolveStacks, type Stack } from '../../scripts/local/assembly.ts';

const addresses = {
  gatewayUrl: 'http://127.0.0.1:4000',
  apiUrl: 'http://127.0.0.1:8080',
  cache: { host: '127.0.0.1', port: 6390 },
};

/** The properties of the probe, resolved in a stack that also holds the given resources. */
const resolved = (
  probe: Record<string, unknown>,
  more: Partial<Stack['template']> = {},
): Record<string, unknown> => {
  const { Resources = {}, ...rest } = more;
  const template = {
    ...rest,
    Resources: { ...Resources, Probe: { Type: 'Test::Probe', Properties: probe } },
  };
  const assembly = resolveStacks([{ name: 'app', template }], addresses);
  return assembly.ofType('Test::Probe')[0]?.properties ?? {};
};

describe('intrinsic functions', () => {
  const Resources = {
    Table: { Type: 'AWS::DynamoDB::GlobalTable', Properties: {} },
    Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'buffer' } },
    Bucket: { Type: 'AWS::S3::Bucket' },
    Cache: { Type: 'AWS::ElastiCache::ServerlessCache', Properties: { ServerlessCacheName: 'c' } },
  };

  it('name local resources', () => {
    const probe = resolved(
      {
        table: { Ref: 'Table' },
        arn: { 'Fn::GetAtt': ['Table', 'Arn'] },
        stream: { 'Fn::GetAtt': 'Table.StreamArn' },
        queue: { Ref: 'Queue' },
        bucket: { 'Fn::GetAtt': ['Bucket', 'Arn'] },
        cache: {
          'Fn::Join': [
            '',
            [
              'redis://',
              { 'Fn::GetAtt': ['Cache', 'Endpoint.Address'] },
              ':',
              { 'Fn::GetAtt': ['Cache', 'Endpoint.Port'] },
            ],
          ],
        },
      },
      { Resources },
    );
    assert.deepEqual(probe, {
      table: 'app-Table',
      arn: 'arn:aws:dynamodb:us-east-1:000000000000:table/app-Table',
      stream: 'arn:aws:dynamodb:us-east-1:000000000000:table/app-Table/stream/local',
      queue: 'http://127.0.0.1:4000/000000000000/buffer',
      bucket: 'arn:aws:s3:::app-bucket',
      cache: 'redis://127.0.0.1:6390',
    });
  });

  it('compose text', () => {
    const probe = resolved(
      {
        sub: {
          'Fn::Sub': [`\${!literal} \${name} \${AWS::Region} \${Queue.Arn}`, { name: { Ref: 'Table' } }],
        },
        select: { 'Fn::Select': [1, { 'Fn::Split': ['/', 'a/b/c'] }] },
        account: { 'Fn::Sub': `arn:\${AWS::Partition}:x::\${AWS::AccountId}` },
        json: { 'Fn::ToJsonString': { a: { Ref: 'AWS::Region' } } },
      },
      { Resources },
    );
    assert.deepEqual(probe, {
      sub: `\${literal} app-Table us-east-1 arn:aws:sqs:us-east-1:000000000000:buffer`,
      select: 'b',
      account: 'arn:aws:x::000000000000',
      json: '{"a":"us-east-1"}',
    });
  });

  it('decide conditions, and drop what has no value', () => {
    const Conditions = {
      isLocal: { 'Fn::Equals': [{ Ref: 'Stage' }, 'local'] },
      isOther: { 'Fn::Not': [{ Condition: 'isLocal' }] },
      both: { 'Fn::And': [{ Condition: 'isLocal' }, { Condition: 'isOther' }] },
    };
    const probe = resolved(
      {
        stage: { Ref: 'Stage' },
        mode: { 'Fn::If': ['isLocal', 'here', 'there'] },
        gone: { 'Fn::If': ['both', 'x', { Ref: 'AWS::NoValue' }] },
        list: ['a', { Ref: 'AWS::NoValue' }],
        mapped: { 'Fn::FindInMap': ['M', 'k', 's'] },
      },
      { Conditions, Parameters: { Stage: { Default: 'local' } }, Mappings: { M: { k: { s: 'v' } } } },
    );
    assert.deepEqual(probe, { stage: 'local', mode: 'here', list: ['a'], mapped: 'v' });
  });

  it('leave a policy’s condition block alone', () => {
    const statement = { Condition: { StringEquals: { 'aws:PrincipalArn': { Ref: 'Bucket' } } } };
    assert.deepEqual(resolved({ statement }, { Resources }), {
      statement: { Condition: { StringEquals: { 'aws:PrincipalArn': 'app-bucket' } } },
    });
  });

  it('fail on what they do not know or find', () => {
    assert.throws(() => resolved({ x: { 'Fn::Transform': {} } }), /Fn::Transform, which the local runtime/);
    assert.throws(() => resolved({ x: { Ref: 'Missing' } }), /no resource or parameter Missing/);
    assert.throws(() => resolved({ x: { 'Fn::Select': [5, ['a']] } }), /no item 5/);
    assert.throws(() => resolved({ x: { 'Fn::ImportValue': 'nothing' } }), /no stack exports/);
  });
});

describe('stacks', () => {
  const base: Stack = {
    name: 'base',
    template: {
      Resources: {
        Table: { Type: 'AWS::DynamoDB::Table' },
        Never: { Type: 'Test::Never', Condition: 'no' },
      },
      Conditions: { no: { 'Fn::Equals': ['a', 'b'] } },
      Outputs: {
        Url: { Value: 'http://127.0.0.1' },
        Name: { Value: { Ref: 'Table' }, Export: { Name: { 'Fn::Sub': `\${AWS::StackName}:Name` } } },
      },
    },
  };

  it('refer to each other by export and by output', () => {
    const app: Stack = {
      name: 'app',
      template: {
        Resources: {
          Probe: {
            Type: 'Test::Probe',
            Properties: {
              imported: { 'Fn::ImportValue': 'base:Name' },
              output: { 'Fn::GetStackOutput': { StackName: 'base', OutputName: 'Name' } },
            },
          },
        },
      },
    };
    const assembly = resolveStacks([app, base], addresses);
    const [probe] = assembly.ofType('Test::Probe');
    assert.deepEqual(probe?.properties, { imported: 'base-Table', output: 'base-Table' });
    assert.deepEqual(assembly.outputs, { Url: 'http://127.0.0.1' });
    assert.equal(assembly.ofType('Test::Never').length, 0);
  });
});
