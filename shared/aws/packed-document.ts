import { gunzipSync, gzipSync } from 'node:zlib';
import { parseDocument } from '../canonical/document.ts';

/** A DynamoDB item holds 400 KB; small documents stay readable, large ones shrink about tenfold. */
const PLAIN_CHARACTERS_MAX = 32_768;

/** A document as an attribute of an item: text while it is small, else gzip. */
export const packedDocument = (document: string): string | Uint8Array =>
  document.length <= PLAIN_CHARACTERS_MAX ? document : gzipSync(document);

/** Reads what `packedDocument` wrote. */
export const unpackedDocument = (attribute: unknown): string =>
  attribute instanceof Uint8Array ? gunzipSync(attribute).toString('utf8') : String(attribute);

const isSame = (a: unknown, b: unknown): boolean =>
  a === b || (a instanceof Uint8Array && b instanceof Uint8Array && Buffer.compare(a, b) === 0);

/** What all that is remembered may come to: a busy tenant's days are many and large. */
const CHARACTERS_MAX = 16_000_000;

/** Packed ones are about ten times as long as they look. */
const charactersIn = (attribute: unknown): number =>
  attribute instanceof Uint8Array ? 10 * attribute.length : String(attribute).length;

/** Reads documents under names: one that is what it was when it was read last is not parsed again. Nobody may write to it. */
export const documentReader = (): (<Document>(name: string, attribute: unknown) => Document) => {
  const remembered = new Map<string, { readonly attribute: unknown; readonly document: unknown }>();
  let characters = 0;
  return <Document>(name: string, attribute: unknown): Document => {
    const last = remembered.get(name);
    if (last !== undefined && isSame(last.attribute, attribute)) return last.document as Document;
    const document = parseDocument<Document>(unpackedDocument(attribute));
    characters += charactersIn(attribute) - charactersIn(last?.attribute ?? '');
    if (characters > CHARACTERS_MAX) {
      remembered.clear();
      characters = charactersIn(attribute);
    }
    remembered.set(name, { attribute, document });
    return document;
  };
};
