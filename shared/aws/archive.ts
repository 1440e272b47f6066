import { gunzipSync, gzipSync } from 'node:zlib';
import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { KeptBody } from '../intake/delivery.ts';

/** A DynamoDB item holds 400 KB; the rest of a delivery row takes a few of them. */
const MAX_INLINE_BYTES = 300 * 1024;

export interface Archive {
  /** Compresses a body and, where it is too large for a ledger row, puts it into the archive. */
  readonly keep: (tenant: string, bodyHash: string, body: Uint8Array) => Promise<KeptBody>;
  readonly read: (kept: KeptBody) => Promise<Buffer>;
}

/** Bodies too large for a row, under their own hash: keeping one twice changes nothing. */
export const archive = (client: S3Client, bucket: string): Archive => ({
  keep: async (tenant, bodyHash, body) => {
    const compressed = gzipSync(body);
    if (compressed.length <= MAX_INLINE_BYTES) return { body: compressed };
    const key = `deliveries/${tenant}/${bodyHash.replace(':', '-')}.gz`;
    await client.send(
      new PutObjectCommand({
        Bucket: bucket,
        Key: key,
        Body: compressed,
        ContentType: 'application/octet-stream',
        ContentEncoding: 'gzip',
      }),
    );
    return { bodyPointer: key };
  },
  read: async (kept) => {
    if (kept.body !== undefined) return gunzipSync(kept.body);
    const { Body: stored } = await client.send(
      new GetObjectCommand({ Bucket: bucket, Key: kept.bodyPointer }),
    );
    if (stored === undefined) throw new Error(`the archive has no ${kept.bodyPointer}`);
    return gunzipSync(await stored.transformToByteArray());
  },
});
