import type { AttributeValue, DynamoDBRecord } from 'aws-lambda';
import { rowOf } from '../ledger/codec.ts';
import type { LedgerRow } from '../ledger/row.ts';

/** Numbers stay decimal strings: a JavaScript number would round what DynamoDB holds exactly. */
const plain = (value: AttributeValue): unknown => {
  if (value.S !== undefined) return value.S;
  if (value.N !== undefined) return value.N;
  if (value.B !== undefined) return Buffer.from(value.B, 'base64');
  if (value.BOOL !== undefined) return value.BOOL;
  if (value.L !== undefined) return value.L.map(plain);
  if (value.M !== undefined) return plainMembers(value.M);
  if (value.SS !== undefined) return value.SS;
  if (value.NS !== undefined) return value.NS;
  return null;
};

const plainMembers = (members: Record<string, AttributeValue>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(members).map(([name, value]) => [name, plain(value)]));

/** The row that a stream record of the ledger table put there; undefined for a record without a new image. */
export const ledgerRowOf = (record: DynamoDBRecord): LedgerRow | undefined => {
  const image = record.dynamodb?.NewImage;
  return image === undefined ? undefined : rowOf(plainMembers(image));
};
