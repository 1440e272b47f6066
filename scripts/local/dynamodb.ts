/** DynamoDB and its streams behind the gateway: IAM questions of a request, and the way to the right database. */
import type { DynamoEngine } from './dynamodb-engine.ts';
import type { Access, LocalService, ServiceRequest } from './service.ts';
import type { LocalTable } from './tables.ts';

type Input = Record<string, unknown>;
type Key = Record<string, unknown>;

interface Question {
  readonly action: string;
  readonly tableName: string;
  readonly index?: string;
  readonly leadingKeys?: readonly string[];
  readonly context?: Record<string, string | readonly string[]>;
}

const TARGET = /^(DynamoDB|DynamoDBStreams)_20120810\.([A-Za-z]+)$/;

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** A request may name a table by its ARN. */
const tableNameOf = (value: unknown): string => text(value).replace(/^arn:[^/]+:table\//, '');

/** The text of an attribute value: what `dynamodb:LeadingKeys` compares. */
const plain = (value: unknown): string[] => {
  const [inner] = Object.values((value ?? {}) as Record<string, unknown>);
  return inner === undefined ? [] : [String(inner)];
};

/** `#pk = :pk` of a key condition, its names and values put in. */
const queriedKey = (input: Input, partitionKey: string): string[] => {
  const names = (input['ExpressionAttributeNames'] ?? {}) as Record<string, string>;
  const values = (input['ExpressionAttributeValues'] ?? {}) as Key;
  const pairs = text(input['KeyConditionExpression']).matchAll(/([#\w.-]+)\s*=\s*(:\w+)/g);
  for (const [, name = '', value = ''] of pairs)
    if ((names[name] ?? name) === partitionKey) return plain(values[value]);
  return [];
};

const returned = (input: Input): Record<string, string> => ({
  ...(typeof input['ReturnValues'] === 'string' && { 'dynamodb:ReturnValues': input['ReturnValues'] }),
  ...(typeof input['Select'] === 'string' && { 'dynamodb:Select': input['Select'] }),
});

const TRANSACTION_ACTIONS: Readonly<Record<string, string>> = {
  Put: 'dynamodb:PutItem',
  Update: 'dynamodb:UpdateItem',
  Delete: 'dynamodb:DeleteItem',
  ConditionCheck: 'dynamodb:ConditionCheckItem',
  Get: 'dynamodb:GetItem',
};

const BATCH_ACTIONS = ['BatchGetItem', 'BatchWriteItem'];
const SINGLE_ACTIONS = ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem'];
const TABLE_ACTIONS = ['Query', 'Scan', 'DescribeTable', 'DescribeTimeToLive', 'DescribeContinuousBackups'];

/** @param partitionKey of a table or, with the second argument, of one of its indexes. */
const questionsOf = (
  operation: string,
  input: Input,
  partitionKey: (table: string, index?: string) => string,
): Question[] => {
  const keyOf = (table: string, item: unknown): readonly string[] =>
    plain(((item ?? {}) as Key)[partitionKey(table)]);

  if (operation === 'TransactWriteItems' || operation === 'TransactGetItems')
    return ((input['TransactItems'] ?? []) as Record<string, Input>[]).flatMap((element) =>
      Object.entries(element).map(([kind, part]) => {
        const tableName = tableNameOf(part['TableName']);
        return {
          action: TRANSACTION_ACTIONS[kind] ?? `dynamodb:${kind}`,
          tableName,
          leadingKeys: keyOf(tableName, part['Item'] ?? part['Key']),
          context: { 'dynamodb:EnclosingOperation': operation },
        };
      }),
    );
  if (BATCH_ACTIONS.includes(operation))
    return Object.entries((input['RequestItems'] ?? {}) as Record<string, unknown>).map(([name, part]) => {
      const tableName = tableNameOf(name);
      const writes = Array.isArray(part)
        ? (part as Record<string, Input>[]).flatMap((write) => Object.values(write))
        : [];
      const keys = Array.isArray(part)
        ? writes.map((write) => write['Item'] ?? write['Key'])
        : ((part as { Keys?: Key[] }).Keys ?? []);
      return {
        action: `dynamodb:${operation}`,
        tableName,
        leadingKeys: keys.flatMap((key) => keyOf(tableName, key)),
      };
    });
  const tableName = tableNameOf(input['TableName']);
  const question = { action: `dynamodb:${operation}`, tableName, context: returned(input) };
  if (SINGLE_ACTIONS.includes(operation))
    return [{ ...question, leadingKeys: keyOf(tableName, input['Item'] ?? input['Key']) }];
  const index = text(input['IndexName']) || undefined;
  if (TABLE_ACTIONS.includes(operation)) {
    const leadingKeys = operation === 'Query' ? queriedKey(input, partitionKey(tableName, index)) : undefined;
    return [{ ...question, ...(index && { index }), ...(leadingKeys && { leadingKeys }) }];
  }
  throw new Error(`dynamodb:${operation} is not supported by the local runtime`);
};

const operationOf = ({ headers }: ServiceRequest): { api: string; operation: string } => {
  const [, api, operation] = TARGET.exec(headers['x-amz-target'] ?? '') ?? [];
  if (!api || !operation)
    throw new Error(`not a DynamoDB request: ${headers['x-amz-target'] ?? 'no target'}`);
  return { api, operation };
};

/**
 * @param written called with a table's name once a write to it was answered, so that stream readers need not wait.
 */
export const dynamoService = (
  engine: DynamoEngine,
  tables: readonly LocalTable[],
  written: (table: string) => void,
): LocalService => {
  const byName = new Map(tables.map((table) => [table.name, table]));
  const partitionKey = (name: string, index?: string): string => {
    const table = byName.get(name);
    return (index === undefined ? table?.partitionKey : table?.indexPartitionKeys[index]) ?? '';
  };
  /** A request is asked about and then handled; its body is parsed once. */
  const asked = new WeakMap<ServiceRequest, Question[]>();
  const ask = (request: ServiceRequest): Question[] => {
    const known = asked.get(request);
    if (known) return known;
    const { api, operation } = operationOf(request);
    if (api === 'DynamoDBStreams')
      throw new Error('functions read streams by event source mappings, not by calls');
    const questions = questionsOf(operation, JSON.parse(request.body.toString()) as Input, partitionKey);
    asked.set(request, questions);
    return questions;
  };

  return {
    signingNames: ['dynamodb'],
    access: (request): Access[] =>
      ask(request).map(({ action, tableName, index, leadingKeys, context }) => {
        const table = byName.get(tableName)?.arn ?? `arn:aws:dynamodb:::table/${tableName}`;
        const resource = index === undefined ? table : `${table}/index/${index}`;
        return {
          action,
          resource,
          context: { ...context, ...(leadingKeys && { 'dynamodb:LeadingKeys': leadingKeys }) },
        };
      }),
    handle: async (request) => {
      const { api, operation } = operationOf(request);
      const names = new Set(ask(request).map(({ tableName }) => tableName));
      const [table = ''] = names;
      if (names.size > 1) throw new Error(`${operation} spans tables, which the local databases cannot`);
      const answer = await engine.forward(table, `${api}_20120810.${operation}`, request.body);
      if (/Put|Update|Delete|Write/.test(operation)) written(table);
      const headers = {
        'content-type': 'application/x-amz-json-1.0',
        'x-amzn-requestid': String(answer.headers['x-amzn-requestid'] ?? ''),
        ...(answer.headers['x-amz-crc32'] && { 'x-amz-crc32': String(answer.headers['x-amz-crc32']) }),
      };
      return { status: answer.status, headers, body: answer.body };
    },
    denied: (_, message) => ({
      status: 400,
      headers: { 'content-type': 'application/x-amz-json-1.0' },
      body: JSON.stringify({
        __type: 'com.amazon.coral.service#AccessDeniedException',
        Message: message,
        message,
      }),
    }),
  };
};
