/** A small application: notes are put by request, counted by stream, and announced by event. */
import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';

const dynamo = new DynamoDBClient({});
const { NOTES_TABLE = '', COUNTS_TABLE = '' } = process.env;

interface HttpEvent {
  readonly routeKey: string;
  readonly pathParameters: Record<string, string>;
  readonly requestContext: {
    readonly authorizer?: { readonly jwt: { readonly claims: Record<string, string> } };
  };
}

interface StreamEvent {
  readonly Records: readonly {
    readonly dynamodb: { readonly NewImage: { readonly pk: { readonly S: string } } };
  }[];
}

const answer = (statusCode: number, body: unknown): object => ({
  statusCode,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

const put = async (pk: string): Promise<object> => {
  try {
    await dynamo.send(
      new PutItemCommand({
        TableName: NOTES_TABLE,
        Item: { pk: { S: pk }, kind: { S: pk.startsWith('quiet') ? 'quiet' : 'note' } },
        ConditionExpression: 'attribute_not_exists(pk)',
      }),
    );
    return answer(201, { pk });
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return answer(409, { pk });
    throw error;
  }
};

/** What the role does not allow: answers with the name of the error that the SDK made of the denial. */
const remove = async (pk: string): Promise<object> => {
  try {
    await dynamo.send(new DeleteItemCommand({ TableName: NOTES_TABLE, Key: { pk: { S: pk } } }));
    return answer(204, {});
  } catch (error) {
    return answer(403, { error: error instanceof Error ? error.name : 'unknown' });
  }
};

const count = async (): Promise<object> => {
  const { Item } = await dynamo.send(
    new GetItemCommand({ TableName: COUNTS_TABLE, Key: { pk: { S: 'notes' } }, ConsistentRead: true }),
  );
  return answer(200, { notes: Number(Item?.['n']?.N ?? 0) });
};

export const http = async ({ routeKey, pathParameters, requestContext }: HttpEvent): Promise<object> => {
  const id = pathParameters?.['id'] ?? '';
  if (routeKey.startsWith('POST')) return put(id);
  if (routeKey.startsWith('DELETE')) return remove(id);
  if (routeKey === 'GET /me') return answer(200, requestContext.authorizer?.jwt.claims);
  if (routeKey === 'GET /environment') return answer(200, Object.keys(process.env).sort());
  return count();
};

export const stream = async ({ Records }: StreamEvent): Promise<void> => {
  if (Records.some(({ dynamodb }) => dynamodb.NewImage.pk.S.startsWith('poison'))) throw new Error('poison');
  await dynamo.send(
    new UpdateItemCommand({
      TableName: COUNTS_TABLE,
      Key: { pk: { S: 'notes' } },
      UpdateExpression: 'ADD n :n',
      ExpressionAttributeValues: { ':n': { N: String(Records.length) } },
    }),
  );
};
