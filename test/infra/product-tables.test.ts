import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseConfiguration } from '../../infra/configuration.ts';
import { at, ofType, synthesised, TENANTS, written } from './synthesis.ts';

const configuration = (postgres: string) => TENANTS.replace(' }\n', `, postgres: ${postgres} }\n`);
const of = (query: string, zone = 'UTC') => configuration(`{ zone: ${zone}, queries: [${query}] }`);
const QUERY = '{ name: plans, kind: subscriptions, relation: capstack.plans }';

test('views of a database are checked before anything is deployed', () => {
  for (const [text, says] of [
    [of(''), /name at least one query/],
    [of(`${QUERY}, ${QUERY}`), /a name of its own/],
    [of(QUERY, 'EST'), /not a time zone/],
    [of('{ name: a, kind: invoices, relation: a.b }'), /subscriptions or usage/],
    [of('{ name: a, kind: usage, relation: "a.b; drop" }'), /write schema and view/],
  ] as const)
    assert.throws(() => parseConfiguration(text, 'my.yml'), says, text);
});

test('a database has a function of its own that may append, keep, and open databases, and nothing else', () => {
  const { pipeline } = synthesised({ configuration: of(QUERY), validate: true });
  const policy = ofType(pipeline, 'AWS::IAM::Policy').find(([id]) => id.startsWith('ProductDatabaseProduct'));
  const statements = at(policy?.[1].Properties, 'PolicyDocument', 'Statement') as readonly {
    readonly Action: string | readonly string[];
  }[];
  assert.deepEqual(statements.flatMap(({ Action }) => Action).sort(), [
    'dynamodb:GetItem',
    'dynamodb:PutItem',
    'dynamodb:Query',
    'logs:CreateLogStream',
    'logs:PutLogEvents',
    's3:PutObject',
    'sqs:GetQueueAttributes',
    'sqs:GetQueueUrl',
    'sqs:SendMessage',
    'ssm:GetParameters',
  ]);
  assert.match(written(statements), /parameter\/capstack\/dev\/\*\/postgres\/api\/\*/);
});

test('where no tenant has a database there is no such function', () => {
  const { pipeline } = synthesised({ configuration: TENANTS });
  assert.ok(ofType(pipeline, 'AWS::Lambda::Function').every(([id]) => !id.startsWith('ProductDatabase')));
});
