import { gunzipSync, gzipSync } from 'node:zlib';

/** A DynamoDB item holds 400 KB; small documents stay readable, large ones shrink about tenfold. */
const PLAIN_CHARACTERS_MAX = 32_768;

/** A document as an attribute of an item: text while it is small, else gzip. */
export const packedDocument = (document: string): string | Uint8Array =>
  document.length <= PLAIN_CHARACTERS_MAX ? document : gzipSync(document);

/** Reads what `packedDocument` wrote. */
export const unpackedDocument = (attribute: unknown): string =>
  attribute instanceof Uint8Array ? gunzipSync(attribute).toString('utf8') : String(attribute);
