/** What a bucket holds, page by page, as `ListObjectsV2` tells it. */
import type { ServiceRequest } from '../service.ts';
import { ServiceFault } from './fault.ts';

export interface ListedObject {
  readonly key: string;
  readonly sizeBytes: number;
  readonly etag: string;
  readonly modifiedMs: number;
}

const MAX_KEYS = 1000;

const KNOWN = ['list-type', 'prefix', 'max-keys', 'start-after', 'continuation-token', 'x-id'];

const queryOf = (path: string): URLSearchParams => new URLSearchParams(path.split(/\?(.*)/s)[1]);

/** Folders, versions and the older listing do not run here. */
export const asksForListing = ({ method, path }: ServiceRequest): boolean => {
  const query = queryOf(path);
  return (
    method === 'GET' &&
    query.get('list-type') === '2' &&
    [...query.keys()].every((name) => KNOWN.includes(name))
  );
};

export const prefixOf = (path: string): string => queryOf(path).get('prefix') ?? '';

/** Keys are ordered by their bytes, which is not the order of JavaScript's strings. */
const isAfter = (key: string, other: string): boolean =>
  Buffer.compare(Buffer.from(key), Buffer.from(other)) > 0;

/** The token names the last key of the page before. */
const startOf = (query: URLSearchParams): string | undefined => {
  const token = query.get('continuation-token');
  return token === null
    ? (query.get('start-after') ?? undefined)
    : Buffer.from(token, 'base64url').toString();
};

/** @param objects of the bucket, in key order. @returns the content of `ListBucketResult`. @throws ServiceFault */
export const objectListing = (bucket: string, objects: readonly ListedObject[], path: string): object => {
  const query = queryOf(path);
  const maxKeys = Number(query.get('max-keys') ?? MAX_KEYS);
  if (!Number.isInteger(maxKeys) || maxKeys < 0)
    throw new ServiceFault('InvalidArgument', 'Provided max-keys not an integer or within integer range');
  const start = startOf(query);
  const due = objects.filter(
    ({ key }) => key.startsWith(prefixOf(path)) && (start === undefined || isAfter(key, start)),
  );
  const page = due.slice(0, Math.min(maxKeys, MAX_KEYS));
  const last = page.at(-1);
  const isTruncated = last !== undefined && page.length < due.length;
  return {
    Name: bucket,
    Prefix: prefixOf(path),
    KeyCount: page.length,
    MaxKeys: maxKeys,
    IsTruncated: isTruncated,
    ...(isTruncated && { NextContinuationToken: Buffer.from(last.key).toString('base64url') }),
    Contents: page.map(({ key, sizeBytes, etag, modifiedMs }) => ({
      Key: key,
      LastModified: new Date(modifiedMs).toISOString(),
      ETag: etag,
      Size: sizeBytes,
      StorageClass: 'STANDARD',
    })),
  };
};
