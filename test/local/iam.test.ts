import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decide, type Policy, type Statement } from '../../scripts/local/iam.ts';
import type { Access } from '../../scripts/local/service.ts';

const ROLE = 'arn:aws:iam::000000000000:role/ingest';
const TABLE = 'arn:aws:dynamodb:us-east-1:000000000000:table/Ledger';

const policy = (...statements: Statement[]): Policy => ({ name: 'P', statements });
const allow = (
  Action: string | string[],
  Resource: string | string[],
  Condition?: Statement['Condition'],
) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...(Condition && { Condition }),
});
const deny = (
  Action: string | string[],
  Resource: string | string[],
  Condition?: Statement['Condition'],
) => ({
  ...allow(Action, Resource, Condition),
  Effect: 'Deny',
});
const put: Access = { action: 'dynamodb:PutItem', resource: TABLE };

const isAllowed = (statements: Statement[], access: Access, onResource: Statement[] = []): boolean =>
  decide(
    { roleArn: ROLE, policies: [policy(...statements)] },
    onResource.length > 0 ? [policy(...onResource)] : [],
    access,
  ).allowed;

describe('the policy evaluator', () => {
  it('denies what nothing allows', () => {
    assert.equal(isAllowed([], put), false);
    assert.equal(isAllowed([allow('dynamodb:GetItem', TABLE)], put), false);
    assert.equal(isAllowed([allow('dynamodb:PutItem', `${TABLE}/index/byBucket`)], put), false);
  });

  it('matches wildcards in actions and resources, actions without regard to case', () => {
    assert.equal(isAllowed([allow('dynamodb:Put*', TABLE)], put), true);
    assert.equal(isAllowed([allow('DynamoDB:putitem', TABLE)], put), true);
    assert.equal(isAllowed([allow('*', '*')], put), true);
    assert.equal(isAllowed([allow('dynamodb:PutIte?', `${TABLE.slice(0, -1)}?`)], put), true);
    assert.equal(isAllowed([allow('dynamodb:PutItem', TABLE.toLowerCase())], put), false);
    assert.equal(
      isAllowed([allow('dynamodb:PutItem', `${TABLE}.`)], { ...put, resource: `${TABLE}x` }),
      false,
    );
  });

  it('lets a deny win, wherever it stands', () => {
    assert.equal(isAllowed([allow('*', '*'), deny('dynamodb:PutItem', '*')], put), false);
    assert.equal(isAllowed([deny('dynamodb:*', '*'), allow('*', '*')], put), false);
    assert.equal(
      isAllowed([allow('*', '*')], put, [{ ...deny('dynamodb:PutItem', '*'), Principal: '*' }]),
      false,
    );
  });

  it('understands NotAction and NotResource', () => {
    const allButDelete: Statement = { Effect: 'Allow', NotAction: ['dynamodb:Delete*'], Resource: '*' };
    assert.equal(isAllowed([allButDelete], put), true);
    assert.equal(isAllowed([allButDelete], { ...put, action: 'dynamodb:DeleteItem' }), false);
    const elsewhere: Statement = { Effect: 'Deny', Action: '*', NotResource: TABLE };
    assert.equal(isAllowed([allow('*', '*'), elsewhere], put), true);
    assert.equal(isAllowed([allow('*', '*'), elsewhere], { ...put, resource: 'arn:aws:s3:::other' }), false);
  });

  it('applies a resource policy to the principals it names only', () => {
    const grant = (Principal: unknown): Statement => ({ ...allow('dynamodb:PutItem', '*'), Principal });
    assert.equal(isAllowed([], put, [grant({ AWS: ROLE })]), true);
    assert.equal(isAllowed([], put, [grant({ AWS: `${ROLE}-other` })]), false);
    assert.equal(isAllowed([], put, [grant({ Service: 'lambda.amazonaws.com' })]), false);
    assert.equal(isAllowed([], put, [grant({ AWS: 'arn:aws:iam::000000000000:root' })]), false);
    const others: Statement = { ...deny('*', '*'), NotPrincipal: { AWS: ROLE } };
    assert.equal(isAllowed([allow('*', '*')], put, [others]), true);
    assert.equal(isAllowed([allow('*', '*')], put, [{ ...others, NotPrincipal: { AWS: 'x' } }]), false);
  });

  it('spares whom an ArnNotLike condition excepts from a deny', () => {
    const unless = (arn: string): Statement => ({
      ...deny('*', '*', { ArnNotLike: { 'aws:PrincipalArn': arn } }),
      Principal: '*',
    });
    assert.equal(isAllowed([allow('*', '*')], put, [unless('arn:aws:iam::*:role/ing*')]), true);
    assert.equal(isAllowed([allow('*', '*')], put, [unless('arn:aws:iam::*:role/break-glass')]), false);
  });
});

describe('conditions', () => {
  const holds = (Condition: Statement['Condition'], context?: Access['context']): boolean =>
    isAllowed([allow('*', '*', Condition)], context ? { ...put, context } : put);

  it('need the key, unless the operator says otherwise', () => {
    assert.equal(holds({ StringEquals: { 'a:Tag': 'true' } }, { 'a:Tag': 'true' }), true);
    assert.equal(holds({ StringEquals: { 'A:tag': 'true' } }, { 'a:Tag': 'true' }), true);
    assert.equal(holds({ StringEquals: { 'a:Tag': 'true' } }, { 'a:Tag': 'True' }), false);
    assert.equal(holds({ StringEquals: { 'a:Tag': 'true' } }), false);
    assert.equal(holds({ StringEqualsIfExists: { 'a:Tag': 'true' } }), true);
    assert.equal(holds({ StringEqualsIfExists: { 'a:Tag': 'true' } }, { 'a:Tag': 'x' }), false);
    assert.equal(holds({ StringNotEquals: { 'a:Tag': 'x' } }), true);
    assert.equal(holds({ StringNotEquals: { 'a:Tag': ['x', 'y'] } }, { 'a:Tag': 'y' }), false);
  });

  it('hold when all operators and keys do, each by any of its values', () => {
    const both = { StringEquals: { a: ['1', '2'], b: '3' } };
    assert.equal(holds(both, { a: '2', b: '3' }), true);
    assert.equal(holds(both, { a: '2', b: '4' }), false);
    const two = { StringLike: { a: 'x*' }, Bool: { b: 'true' } };
    assert.equal(holds(two, { a: 'xyz', b: 'true' }), true);
    assert.equal(holds(two, { a: 'xyz', b: 'false' }), false);
  });

  it('quantify over keys with several values', () => {
    const onlyBaseline = { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['capstack-baseline'] } };
    assert.equal(holds(onlyBaseline, { 'aws:TagKeys': ['capstack-baseline'] }), true);
    assert.equal(holds(onlyBaseline, { 'aws:TagKeys': ['capstack-baseline', 'capstack-managed'] }), false);
    assert.equal(holds(onlyBaseline), true);
    const limited = { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['RL#*'] } };
    assert.equal(holds(limited, { 'dynamodb:LeadingKeys': ['RL#demo', 'RL#x'] }), true);
    assert.equal(holds(limited, { 'dynamodb:LeadingKeys': ['RL#demo', 'FC#demo'] }), false);
    const any = { 'ForAnyValue:StringEquals': { k: ['a'] } };
    assert.equal(holds(any, { k: ['b', 'a'] }), true);
    assert.equal(holds(any, { k: ['b'] }), false);
    assert.equal(holds(any), false);
  });

  it('compare numbers and presence', () => {
    assert.equal(holds({ NumericLessThanEquals: { max: '12' } }, { max: '9' }), true);
    assert.equal(holds({ NumericLessThanEquals: { max: '12' } }, { max: '13' }), false);
    assert.equal(holds({ NumericLessThanEquals: { max: '12' } }), false);
    assert.equal(holds({ NumericLessThanEqualsIfExists: { max: '12' } }), true);
    assert.equal(holds({ Null: { image: 'true' } }), true);
    assert.equal(holds({ Null: { image: 'true' } }, { image: 'ami-1' }), false);
    assert.equal(holds({ Null: { image: 'false' } }, { image: 'ami-1' }), true);
  });

  it('deny and say so where an operator is not known, even beside an allow', () => {
    const verdict = decide(
      {
        roleArn: ROLE,
        policies: [policy(allow('*', '*'), deny('*', '*', { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } }))],
      },
      [],
      put,
    );
    assert.equal(verdict.allowed, false);
    assert.match(verdict.allowed ? '' : verdict.reason, /policy P uses condition operator IpAddress/);
  });
});
