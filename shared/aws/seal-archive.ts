import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { SealedRows } from '../audit/seal.ts';
import { canonicalJson } from '../canonical/canonical.ts';

export interface SealArchive {
  /** Copies a link to where nobody can take it back; the same link twice is one copy. */
  readonly copy: (sealed: SealedRows) => Promise<void>;
}

/** Copies of seals in the locked bucket: what the table may lose or be made to say, these still hold. */
export const sealArchive = (client: S3Client, bucket: string): SealArchive => ({
  copy: async (sealed) => {
    const { tenant, seq, chain } = sealed.seal;
    await client.send(
      new PutObjectCommand({
        Bucket: bucket,
        Key: `seals/${tenant}/${seq.toString().padStart(10, '0')}-${chain.slice('sha256:'.length, 23)}.json`,
        Body: canonicalJson(sealed),
        ContentType: 'application/json',
      }),
    );
  },
});
