/** What a running pipeline has stored, read as its administrator. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SSMClient } from '@aws-sdk/client-ssm';
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { RunFacts } from '../../../scripts/local/local-paths.ts';
import { type Archive, archive } from '../../../shared/aws/archive.ts';
import { policyMode } from '../../../shared/aws/policy-mode.ts';
import { sha256Of } from '../../../shared/canonical/canonical.ts';
import { rowOf } from '../../../shared/ledger/codec.ts';
import type { DeliveryRow, LedgerRow } from '../../../shared/ledger/row.ts';
import type { Sent } from './door.ts';

export interface Stored {
  readonly ledger: readonly LedgerRow[];
  readonly archive: Archive;
  readonly policyMode: string;
}

const scan = async (client: DynamoDBDocumentClient, table: string): Promise<LedgerRow[]> => {
  const rows: LedgerRow[] = [];
  let from: Record<string, unknown> | undefined;
  do {
    const page = await client.send(
      new ScanCommand({ TableName: table, ConsistentRead: true, ...(from && { ExclusiveStartKey: from }) }),
    );
    rows.push(...(page.Items ?? []).map((item) => rowOf(item)));
    from = page.LastEvaluatedKey;
  } while (from !== undefined);
  return rows;
};

export const storedBy = async (url: string): Promise<Stored> => {
  const facts = (await (await fetch(`${url}/_local/run`)).json()) as RunFacts;
  const settings = {
    endpoint: facts.endpoint,
    region: facts.region,
    credentials: { accessKeyId: facts.operator.id, secretAccessKey: facts.operator.secret },
  };
  const output = (name: string): string => String(facts.outputs[name]);
  return {
    ledger: await scan(DynamoDBDocumentClient.from(new DynamoDBClient(settings)), output('LedgerTable')),
    archive: archive(new S3Client({ ...settings, forcePathStyle: true }), output('ArchiveBucket')),
    policyMode: await policyMode(new SSMClient(settings), output('PolicyMode')).read(),
  };
};

const nameOf = (tenant: string, source: string, bodyHash: string): string =>
  `${tenant} ${source} ${bodyHash}`;

/** Deliveries that must be in the ledger, by name, and whether each waits for review. */
export const promised = (
  sent: readonly Sent[],
): ReadonlyMap<string, { quarantined: boolean; bytes: Buffer }> =>
  new Map(
    sent.flatMap(({ delivery: { tenant = 'demo', source }, bytes, kept }) =>
      kept === 'nothing'
        ? []
        : [
            [
              nameOf(tenant, source, sha256Of(bytes)),
              { quarantined: kept === 'quarantined', bytes },
            ] as const,
          ],
    ),
  );

export const deliveryRows = (
  rows: readonly LedgerRow[],
  sources: readonly string[],
): ReadonlyMap<string, DeliveryRow> =>
  new Map(
    rows.flatMap((row) =>
      row.kind === 'delivery' && sources.includes(row.source)
        ? [[nameOf(row.tenant, row.source, row.bodyHash), row] as const]
        : [],
    ),
  );

/** Keys of the facts that answers say were accepted. */
export const acceptedKeys = (sent: readonly Sent[]): ReadonlySet<string> =>
  new Set(
    sent.flatMap(({ delivery: { source }, answer }) =>
      ((answer.body?.events ?? []) as { id: string; status: string }[])
        .filter(({ status }) => status === 'accepted')
        .map(({ id }) => (source === 'generic' ? `generic:${id}` : id)),
    ),
  );
