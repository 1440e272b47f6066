/** Creates the template's tables in the engine, and does nothing where they exist. */
import type { Assembly, LocalResource } from './assembly.ts';
import { type DynamoEngine, EngineError } from './dynamodb-engine.ts';

interface KeyElement {
  readonly AttributeName: string;
  readonly KeyType: 'HASH' | 'RANGE';
}

interface IndexProperties {
  readonly IndexName: string;
  readonly KeySchema: readonly KeyElement[];
  readonly Projection: unknown;
}

export interface LocalTable {
  readonly name: string;
  readonly arn: string;
  readonly partitionKey: string;
  /** Partition key by index name. */
  readonly indexPartitionKeys: Readonly<Record<string, string>>;
  readonly resource: LocalResource;
}

const partitionKeyOf = (schema: unknown): string =>
  (schema as KeyElement[]).find(({ KeyType }) => KeyType === 'HASH')?.AttributeName ?? '';

const indexesOf = ({ properties }: LocalResource): IndexProperties[] =>
  (properties['GlobalSecondaryIndexes'] ?? []) as IndexProperties[];

export const localTables = (assembly: Assembly): LocalTable[] =>
  assembly.ofType('AWS::DynamoDB::GlobalTable', 'AWS::DynamoDB::Table').map((resource) => ({
    name: resource.name,
    arn: resource.arn,
    partitionKey: partitionKeyOf(resource.properties['KeySchema']),
    indexPartitionKeys: Object.fromEntries(
      indexesOf(resource).map(({ IndexName, KeySchema }) => [IndexName, partitionKeyOf(KeySchema)]),
    ),
    resource,
  }));

/** Capacity, encryption, backups and replicas have no meaning here; keys, indexes, stream and expiry do. */
const createInput = ({ name, resource }: LocalTable): object => {
  const { properties } = resource;
  const indexes = indexesOf(resource).map(({ IndexName, KeySchema, Projection }) => ({
    IndexName,
    KeySchema,
    Projection,
  }));
  const stream = properties['StreamSpecification'] as { StreamViewType?: string } | undefined;
  return {
    TableName: name,
    AttributeDefinitions: properties['AttributeDefinitions'],
    KeySchema: properties['KeySchema'],
    BillingMode: 'PAY_PER_REQUEST',
    ...(indexes.length > 0 && { GlobalSecondaryIndexes: indexes }),
    ...(stream?.StreamViewType && {
      StreamSpecification: { StreamEnabled: true, StreamViewType: stream.StreamViewType },
    }),
  };
};

const createTable = async (engine: DynamoEngine, table: LocalTable): Promise<void> => {
  try {
    await engine.call(table.name, 'DynamoDB_20120810.CreateTable', createInput(table));
  } catch (error) {
    if (error instanceof EngineError && error.type === 'ResourceInUseException') return;
    throw error;
  }
  const expiry = table.resource.properties['TimeToLiveSpecification'] as
    | { AttributeName: string; Enabled?: unknown }
    | undefined;
  if (expiry && String(expiry.Enabled) === 'true')
    await engine.call(table.name, 'DynamoDB_20120810.UpdateTimeToLive', {
      TableName: table.name,
      TimeToLiveSpecification: { AttributeName: expiry.AttributeName, Enabled: true },
    });
};

export const createTables = async (engine: DynamoEngine, tables: readonly LocalTable[]): Promise<void> => {
  await Promise.all(tables.map((table) => createTable(engine, table)));
};
