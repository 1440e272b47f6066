import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { resolveStacks } from '../../scripts/local/assembly.ts';
import { dynamoService } from '../../scripts/local/dynamodb.ts';
import { dynamoEngine } from '../../scripts/local/dynamodb-engine.ts';
import { localTables } from '../../scripts/local/tables.ts';

const keys = (HASH: string, RANGE: string) => [
  { AttributeName: HASH, KeyType: 'HASH' },
  { AttributeName: RANGE, KeyType: 'RANGE' },
];
const table = {
  Type: 'AWS::DynamoDB::GlobalTable',
  Properties: {
    TableName: 'Ledger',
    KeySchema: keys('pk', 'sk'),
    GlobalSecondaryIndexes: [{ IndexName: 'byBucket', KeySchema: keys('bucket', 'bucketOrder') }],
  },
};
const assembly = resolveStacks([{ name: 'app', template: { Resources: { Ledger: table } } }], {
  gatewayUrl: '',
  apiUrl: '',
  cache: { host: '', port: 0 },
});
const arn = 'arn:aws:dynamodb:us-east-1:000000000000:table/Ledger';
const service = dynamoService(dynamoEngine('http://127.0.0.1:1'), localTables(assembly), () => undefined);

const access = (operation: string, input: object, api = 'DynamoDB') =>
  service.access({
    method: 'POST',
    path: '/',
    headers: { 'x-amz-target': `${api}_20120810.${operation}` },
    body: Buffer.from(JSON.stringify(input)),
  });
const item = (pk: string) => ({ pk: { S: pk }, sk: { S: '1' } });

describe('what a DynamoDB request must be allowed', () => {
  it('names the action, the table and the leading key', () => {
    assert.deepEqual(access('PutItem', { TableName: 'Ledger', Item: item('F#1') }), [
      { action: 'dynamodb:PutItem', resource: arn, context: { 'dynamodb:LeadingKeys': ['F#1'] } },
    ]);
    const [update] = access('UpdateItem', { TableName: arn, Key: item('RL#1'), ReturnValues: 'ALL_NEW' });
    assert.equal(update?.resource, arn);
    assert.deepEqual(update?.context, {
      'dynamodb:LeadingKeys': ['RL#1'],
      'dynamodb:ReturnValues': 'ALL_NEW',
    });
  });

  it('names the index that a query reads, and its key under any name', () => {
    const query = {
      TableName: 'Ledger',
      IndexName: 'byBucket',
      KeyConditionExpression: '#b = :b AND #o > :o',
      ExpressionAttributeNames: { '#b': 'bucket', '#o': 'bucketOrder' },
      ExpressionAttributeValues: { ':b': { S: 'demo|2026-11-21' }, ':o': { S: '' } },
    };
    assert.deepEqual(access('Query', query), [
      {
        action: 'dynamodb:Query',
        resource: `${arn}/index/byBucket`,
        context: { 'dynamodb:LeadingKeys': ['demo|2026-11-21'] },
      },
    ]);
  });

  it('asks for every element of a transaction by its own action', () => {
    const asked = access('TransactWriteItems', {
      TransactItems: [
        { Put: { TableName: 'Ledger', Item: item('a') } },
        { ConditionCheck: { TableName: 'Ledger', Key: item('b') } },
        { Delete: { TableName: 'Ledger', Key: item('c') } },
      ],
    });
    assert.deepEqual(
      asked.map(({ action, context }) => [action, context?.['dynamodb:LeadingKeys']]),
      [
        ['dynamodb:PutItem', ['a']],
        ['dynamodb:ConditionCheckItem', ['b']],
        ['dynamodb:DeleteItem', ['c']],
      ],
    );
    assert.ok(
      asked.every(({ context }) => context?.['dynamodb:EnclosingOperation'] === 'TransactWriteItems'),
    );
  });

  it('asks for a batch as a whole, with all its keys', () => {
    const writes = [{ PutRequest: { Item: item('a') } }, { DeleteRequest: { Key: item('b') } }];
    const [batch] = access('BatchWriteItem', { RequestItems: { Ledger: writes } });
    assert.equal(batch?.action, 'dynamodb:BatchWriteItem');
    assert.deepEqual(batch?.context, { 'dynamodb:LeadingKeys': ['a', 'b'] });
  });

  it('is refused where nobody knows what it would touch', () => {
    assert.throws(() => access('ExecuteStatement', { Statement: 'DELETE FROM Ledger' }), /not supported/);
    assert.throws(() => access('GetRecords', {}, 'DynamoDBStreams'), /event source mappings/);
  });
});
