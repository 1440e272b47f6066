import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { at, ofType, synthesised, TENANTS, type Template, written } from './synthesis.ts';

const { stateful, pipeline, stacks } = synthesised({ configuration: TENANTS });
const withoutCache = synthesised({
  configuration: `${TENANTS}stage: { cache: none }\nauth: { issuer: "https://id.example.com/", audience: api }\n`,
});
const local = synthesised({ configuration: TENANTS, context: { stage: 'local' } });

const properties = (template: Template, logicalId: string): unknown =>
  template.Resources[logicalId]?.Properties;

describe('what may never be lost', () => {
  test('keeps its logical ids: another id is another, empty, resource', () => {
    const expected = {
      LedgerTable9343E4AA: 'AWS::DynamoDB::GlobalTable',
      StateTable962DE04C: 'AWS::DynamoDB::GlobalTable',
      ArchiveBucket49F1AC64: 'AWS::S3::Bucket',
      StreamFailuresBucket793F3915: 'AWS::S3::Bucket',
      CacheDAF337C5: 'AWS::ElastiCache::ServerlessCache',
      TokensUsers721F7859: 'AWS::Cognito::UserPool',
    };
    for (const [logicalId, type] of Object.entries(expected))
      assert.equal(stateful.Resources[logicalId]?.Type, type, logicalId);
  });

  test('survives the deletion of its stack, and the stacks refuse to be deleted', () => {
    for (const type of ['AWS::DynamoDB::GlobalTable', 'AWS::S3::Bucket', 'AWS::Cognito::UserPool'])
      for (const [logicalId, resource] of ofType(stateful, type))
        assert.equal(resource.DeletionPolicy, 'Retain', logicalId);
    for (const [logicalId, { Properties }] of ofType(stateful, 'AWS::DynamoDB::GlobalTable'))
      assert.equal(at(Properties, 'Replicas', 0, 'DeletionProtectionEnabled'), true, logicalId);
    assert.equal(stacks.stateful.terminationProtection, true);
    assert.equal(stacks.pipeline.terminationProtection, true);
  });

  test('goes with the stack in stage local', () => {
    for (const [logicalId, resource] of ofType(local.stateful, 'AWS::DynamoDB::GlobalTable')) {
      assert.equal(resource.DeletionPolicy, 'Delete', logicalId);
      assert.equal(at(resource.Properties, 'Replicas', 0, 'DeletionProtectionEnabled'), false);
    }
    assert.equal(local.stacks.stateful.terminationProtection ?? false, false);
  });
});

describe('the ledger', () => {
  const ledger = properties(stateful, 'LedgerTable9343E4AA');

  test('denies every principal all writes but a put', () => {
    const [statement, ...more] = at(ledger, 'Replicas', 0, 'ResourcePolicy', 'PolicyDocument', 'Statement') as
      | Record<string, unknown>[]
      | [];
    assert.deepEqual(more, []);
    assert.equal(at(statement, 'Effect'), 'Deny');
    assert.deepEqual(at(statement, 'Principal'), { AWS: '*' });
    assert.equal(at(statement, 'Condition'), undefined);
    assert.deepEqual([...(at(statement, 'Action') as string[])].sort(), [
      'dynamodb:BatchWriteItem',
      'dynamodb:DeleteItem',
      'dynamodb:PartiQLDelete',
      'dynamodb:PartiQLInsert',
      'dynamodb:PartiQLUpdate',
      'dynamodb:UpdateItem',
    ]);
  });

  test('streams new rows, can be restored to any second of 35 days, and never expires a row', () => {
    assert.equal(at(ledger, 'StreamSpecification', 'StreamViewType'), 'NEW_IMAGE');
    assert.deepEqual(at(ledger, 'Replicas', 0, 'PointInTimeRecoverySpecification'), {
      PointInTimeRecoveryEnabled: true,
      RecoveryPeriodInDays: 35,
    });
    assert.equal(at(ledger, 'TimeToLiveSpecification'), undefined);
  });

  test('is indexed by bucket, without the raw bodies', () => {
    const index = at(ledger, 'GlobalSecondaryIndexes', 0);
    assert.equal(at(index, 'IndexName'), 'byBucket');
    assert.deepEqual(at(index, 'KeySchema'), [
      { AttributeName: 'bucket', KeyType: 'HASH' },
      { AttributeName: 'bucketOrder', KeyType: 'RANGE' },
    ]);
    assert.equal(at(index, 'Projection', 'ProjectionType'), 'INCLUDE');
    const projected = at(index, 'Projection', 'NonKeyAttributes') as string[];
    assert.ok(projected.includes('fact') && !projected.includes('body'));
  });
});

test('State expires what has an end, and its stream tells what was there before', () => {
  const state = properties(stateful, 'StateTable962DE04C');
  assert.deepEqual(at(state, 'TimeToLiveSpecification'), { AttributeName: 'expiresAt', Enabled: true });
  assert.equal(at(state, 'StreamSpecification', 'StreamViewType'), 'NEW_AND_OLD_IMAGES');
});

test('the archive keeps every version of every object for more than a year, and speaks TLS only', () => {
  const archive = properties(stateful, 'ArchiveBucket49F1AC64');
  assert.equal(at(archive, 'ObjectLockEnabled'), true);
  assert.deepEqual(at(archive, 'ObjectLockConfiguration', 'Rule', 'DefaultRetention'), {
    Mode: 'GOVERNANCE',
    Days: 400,
  });
  assert.equal(at(archive, 'VersioningConfiguration', 'Status'), 'Enabled');
  for (const [logicalId, { Properties }] of ofType(stateful, 'AWS::S3::BucketPolicy'))
    assert.match(written(Properties), /"aws:SecureTransport":"false"/, logicalId);
});

describe('the network', () => {
  test('costs nothing: no NAT, no interface endpoint, no public subnet, no way out', () => {
    for (const template of [stateful, pipeline]) {
      for (const type of [
        'AWS::EC2::NatGateway',
        'AWS::EC2::InternetGateway',
        'AWS::EC2::EIP',
        'AWS::EC2::Route',
      ])
        assert.deepEqual(ofType(template, type), [], type);
      for (const [logicalId, { Properties }] of ofType(template, 'AWS::EC2::VPCEndpoint'))
        assert.equal(Properties['VpcEndpointType'], 'Gateway', logicalId);
    }
    assert.equal(ofType(stateful, 'AWS::EC2::Subnet').length, 2);
  });

  test('holds exactly the two functions that use the cache', () => {
    const inside = ofType(pipeline, 'AWS::Lambda::Function').filter(
      ([, { Properties }]) => Properties['VpcConfig'],
    );
    assert.deepEqual(inside.map(([logicalId]) => logicalId.replace(/Function.*/, '')).sort(), [
      'ForecastingForecast',
      'OwnerRead',
    ]);
  });

  test('is not there without a cache', () => {
    for (const [logicalId, { Type }] of Object.entries(withoutCache.stateful.Resources))
      assert.doesNotMatch(Type, /^AWS::(EC2|ElastiCache)::/, logicalId);
    for (const [, { Properties }] of ofType(withoutCache.pipeline, 'AWS::Lambda::Function')) {
      assert.equal(Properties['VpcConfig'], undefined);
      assert.ok(['', undefined].includes(at(Properties, 'Environment', 'Variables', 'CACHE_URL') as string));
    }
  });
});

test('the cache is capped, wants an IAM user, and lets it send only what the client sends', () => {
  const cache = properties(stateful, 'CacheDAF337C5');
  assert.equal(at(cache, 'Engine'), 'valkey');
  assert.deepEqual(at(cache, 'CacheUsageLimits'), {
    DataStorage: { Maximum: 1, Unit: 'GB' },
    ECPUPerSecond: { Maximum: 1000 },
  });
  const [[, user] = []] = ofType(stateful, 'AWS::ElastiCache::User');
  assert.deepEqual(user?.Properties['AuthenticationMode'], { Type: 'iam' });
  assert.equal(user?.Properties['UserId'], user?.Properties['UserName']);
  assert.match(String(user?.Properties['AccessString']), /^on ~runway:\* -@all /);
});

describe('tokens', () => {
  test('come from a user pool whose tenant only an administrator sets', () => {
    const pool = properties(stateful, 'TokensUsers721F7859');
    assert.equal(at(pool, 'AdminCreateUserConfig', 'AllowAdminCreateUserOnly'), true);
    assert.deepEqual(
      (at(pool, 'Schema') as { Name: string; Mutable: boolean }[]).map(({ Name, Mutable }) => [
        Name,
        Mutable,
      ]),
      [['tenant', false]],
    );
    const [[, client] = []] = ofType(stateful, 'AWS::Cognito::UserPoolClient');
    assert.deepEqual(client?.Properties['WriteAttributes'], ['email']);
    assert.equal(at(pool, 'LambdaConfig', 'PreTokenGenerationConfig', 'LambdaVersion'), 'V2_0');
  });

  test('come from the configured issuer where there is one, and then no user pool exists', () => {
    const [[, authorizer] = []] = ofType(withoutCache.pipeline, 'AWS::ApiGatewayV2::Authorizer');
    assert.deepEqual(authorizer?.Properties['JwtConfiguration'], {
      Issuer: 'https://id.example.com/',
      Audience: ['api'],
    });
    assert.deepEqual(ofType(withoutCache.stateful, 'AWS::Cognito::UserPool'), []);
  });

  test('come from the local issuer in stage local, whatever is configured', () => {
    const [[, authorizer] = []] = ofType(local.pipeline, 'AWS::ApiGatewayV2::Authorizer');
    assert.deepEqual(authorizer?.Properties['JwtConfiguration'], {
      Issuer: 'https://local.capstack.invalid',
      Audience: ['capstack'],
    });
  });
});

test('stage local differs from a deployment in protection, tokens, the open page and settings, not in shape', () => {
  const shape = (template: Template): string[] =>
    Object.entries(template.Resources)
      .filter(([logicalId]) => !/^Tokens|PageTokens/.test(logicalId))
      .map(
        ([logicalId, { Type }]) =>
          `${logicalId.replaceAll(/[0-9A-F]{8,}/g, '').replace(/capstack(dev|local)/, '')} ${Type}`,
      )
      .sort();
  assert.deepEqual(shape(local.pipeline), shape(pipeline));
  assert.deepEqual(shape(local.stateful), shape(stateful));
});
