import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { packNames, sawAll, unpackNames } from '../aggregate/reading.ts';
import { documentOf } from '../canonical/document.ts';
import { fencedPuts } from './fenced-puts.ts';
import { packedDocument } from './packed-document.ts';

interface Key {
  readonly pk: string;
  readonly sk: string;
}

/** What decides whether a stored reading may be replaced. */
interface Reading {
  readonly hash: string;
  /** Packed. */
  readonly names: string;
}

/** Rounds against another reader of the same bucket; the loser's rows are delivered again. */
const ATTEMPTS = 3;
/** Readings of which a process remembers that it put them: some tenants' buckets of today. */
const REMEMBERED_MAX = 64;

/**
 * Puts a reading of a bucket only over one whose rows it saw, and only while that one is still there.
 * @param names of the rows that it saw
 * @param replacing hash of a reading that may go even so: it names rows that the ledger does not have
 */
export type PutOfReading = (
  key: Key,
  kind: string,
  aggregate: { readonly rows: number; readonly rowsHash: string },
  names: readonly string[],
  replacing?: string,
) => Promise<boolean>;

export const readingPuts = (client: DynamoDBDocumentClient, table: string): PutOfReading => {
  const fencedPut = fencedPuts(client, table);
  /** What this process put last is mostly still there; then it need not be read to be replaced. */
  const remembered = new Map<string, Reading>();

  const storedAt = async (key: Key): Promise<Reading | undefined> => {
    const { Item: stored } = await client.send(
      new GetCommand({
        TableName: table,
        Key: key,
        ConsistentRead: true,
        ProjectionExpression: '#hash, #names',
        ExpressionAttributeNames: { '#hash': 'hash', '#names': 'names' },
      }),
    );
    return stored && { hash: String(stored['hash']), names: String(stored['names']) };
  };

  return async (key, kind, aggregate, names, replacing) => {
    const { rows, rowsHash: hash } = aggregate;
    const packed = packNames(names);
    const item = { ...key, kind, rows, hash, names: packed, document: packedDocument(documentOf(aggregate)) };
    const name = `${key.pk}|${key.sk}`;
    const mayGo = (stored: Reading): boolean =>
      stored.hash === replacing || sawAll(names, unpackNames(stored.names));
    const putOver = async (known: string): Promise<boolean> => {
      const isPut = await fencedPut(item, '#hash = :known', { '#hash': 'hash' }, { ':known': known });
      if (remembered.size >= REMEMBERED_MAX) remembered.clear();
      if (isPut) remembered.set(name, { hash, names: packed });
      return isPut;
    };
    const own = remembered.get(name);
    if (own !== undefined && mayGo(own) && (await putOver(own.hash))) return true;
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const stored = await storedAt(key);
      if (stored !== undefined && !mayGo(stored)) return false;
      if (await putOver(stored?.hash ?? hash)) return true;
    }
    return false;
  };
};
