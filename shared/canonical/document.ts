import { canonicalJson } from './canonical.ts';

/** Canonical JSON of a derived document; every member whose name ends in `Minor` is an exact integer in a string. */
export const documentOf = (value: unknown): string => canonicalJson(value);

/** Reads what `documentOf` wrote: members named `...Minor` come back as bigint. */
export const parseDocument = <Document>(text: string): Document =>
  JSON.parse(text, (key, value) =>
    key.endsWith('Minor') && typeof value === 'string' ? BigInt(value) : value,
  ) as Document;
