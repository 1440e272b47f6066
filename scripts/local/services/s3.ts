/** S3: whole objects in and out, in path style and by virtual host. */
import { createHash, randomUUID } from 'node:crypto';
import { crc32 } from 'node:zlib';
import XMLBuilder from 'fast-xml-builder';
import type { Durable, Records } from '../durable.ts';
import type { Access, LocalService, ServiceRequest, ServiceResponse } from '../service.ts';
import { ServiceFault } from './fault.ts';
import { asksForListing, objectListing, prefixOf } from './s3-listing.ts';

interface StoredObject {
  readonly body: Uint8Array;
  /** The headers that come back with it. */
  readonly headers: Readonly<Record<string, string>>;
  readonly modifiedMs: number;
}

export interface S3 {
  readonly service: LocalService;
  /** What a bucket holds, in key order. */
  readonly keys: (bucket: string) => readonly string[];
}

const KEPT_HEADERS = /^(content-type|content-encoding|content-disposition|cache-control|x-amz-meta-.+)$/;

const xml = new XMLBuilder({});

const failure = ({ code, message, status }: ServiceFault): ServiceResponse => ({
  status,
  headers: { 'content-type': 'application/xml', 'x-amz-request-id': randomUUID() },
  body: xml.build({ Error: { Code: code, Message: message, RequestId: randomUUID() } }),
});

/** `bucket.s3.us-east-1.amazonaws.com/key` or `host/bucket/key`. */
const objectOf = ({ path, headers }: ServiceRequest): { bucket: string; key: string } => {
  const segments = (path.split('?', 1)[0] ?? '').split('/').slice(1).map(decodeURIComponent);
  const [, hosted] = /^(.+)\.s3[.-][a-z0-9.-]*amazonaws\.com(?::\d+)?$/.exec(headers['host'] ?? '') ?? [];
  const bucket = hosted ?? segments.shift() ?? '';
  return { bucket, key: segments.join('/') };
};

/** Streamed bodies come in chunks, each after a line with its length. */
const unchunked = (body: Buffer): Buffer => {
  const chunks: Buffer[] = [];
  for (let at = 0; at < body.length; ) {
    const lineEnd = body.indexOf('\r\n', at);
    const length = Number.parseInt(body.toString('latin1', at, lineEnd), 16);
    if (lineEnd < 0 || !(length > 0)) break;
    chunks.push(body.subarray(lineEnd + 2, lineEnd + 2 + length));
    at = lineEnd + 2 + length + 2;
  }
  return Buffer.concat(chunks);
};

const bodyOf = ({ body, headers }: ServiceRequest): Buffer =>
  (headers['content-encoding'] ?? '').includes('aws-chunked') ? unchunked(body) : body;

const crc32Of = (body: Uint8Array): string => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(body));
  return bytes.toString('base64');
};

const checkIntegrity = (body: Buffer, headers: ServiceRequest['headers']): void => {
  const { 'x-amz-checksum-crc32': claimedCrc32, 'content-md5': claimedMd5 } = headers;
  if (claimedCrc32 !== undefined && claimedCrc32 !== crc32Of(body))
    throw new ServiceFault('BadDigest', 'The CRC32 you specified did not match the calculated checksum.');
  if (claimedMd5 !== undefined && claimedMd5 !== createHash('md5').update(body).digest('base64'))
    throw new ServiceFault('BadDigest', 'The Content-MD5 you specified did not match what we received.');
};

const keptHeaders = (headers: ServiceRequest['headers']): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => KEPT_HEADERS.test(name))
      .map(([name, value]) => [name, value.replace(/(^|,\s*)aws-chunked(,\s*)?/, '')] as const)
      .filter(([, value]) => value !== ''),
  );

const etagOf = (body: Uint8Array): string => `"${createHash('md5').update(body).digest('hex')}"`;

/** HEAD asks for what GET may do. */
const ACTIONS: Readonly<Record<string, string>> = {
  PUT: 's3:PutObject',
  GET: 's3:GetObject',
  HEAD: 's3:GetObject',
};

/** Parts of S3 that the same paths lead to: versions, uploads in parts, access lists... */
const isPlain = (path: string): boolean =>
  [...new URLSearchParams(path.split(/\?(.*)/s)[1]).keys()].every(
    (name) => name === 'x-id' || name.toLowerCase().startsWith('x-amz-'),
  );

type Objects = Records<StoredObject>;

const put = (objects: Objects, key: string, request: ServiceRequest, nowMs: number): ServiceResponse => {
  const body = bodyOf(request);
  checkIntegrity(body, request.headers);
  objects.put(key, { body, headers: keptHeaders(request.headers), modifiedMs: nowMs });
  return { status: 200, headers: { etag: etagOf(body), 'x-amz-checksum-crc32': crc32Of(body) }, body: '' };
};

const get = (objects: Objects, key: string, request: ServiceRequest): ServiceResponse => {
  const stored = objects.get(key);
  if (!stored) throw new ServiceFault('NoSuchKey', 'The specified key does not exist.', 404);
  return {
    status: 200,
    headers: {
      'content-type': 'application/octet-stream',
      ...stored.headers,
      etag: etagOf(stored.body),
      'last-modified': new Date(stored.modifiedMs).toUTCString(),
      ...(request.headers['x-amz-checksum-mode'] && {
        'x-amz-checksum-crc32': crc32Of(stored.body),
        'x-amz-checksum-type': 'FULL_OBJECT',
      }),
    },
    /** To HEAD the server answers the length of the body alone. */
    body: Buffer.from(stored.body),
  };
};

const list = (objects: Objects, bucket: string, { path }: ServiceRequest): ServiceResponse => {
  const listed = objects.entries().map(([key, { body, modifiedMs }]) => ({
    key,
    sizeBytes: body.length,
    etag: etagOf(body),
    modifiedMs,
  }));
  return {
    status: 200,
    headers: { 'content-type': 'application/xml', 'x-amz-request-id': randomUUID() },
    body: xml.build({ ListBucketResult: objectListing(bucket, listed, path) }),
  };
};

/** @throws Error on what is neither a whole object nor a listing. */
const access = (request: ServiceRequest): readonly Access[] => {
  const { bucket, key } = objectOf(request);
  const resource = `arn:aws:s3:::${bucket}`;
  if (key === '' && asksForListing(request))
    return [{ action: 's3:ListBucket', resource, context: { 's3:prefix': prefixOf(request.path) } }];
  const action = ACTIONS[request.method];
  if (action === undefined || key === '' || !isPlain(request.path))
    throw new Error(`s3: ${request.method} ${request.path} is not supported by the local runtime`);
  return [{ action, resource: `${resource}/${key}` }];
};

export const s3Service = (
  durable: Durable,
  buckets: readonly string[],
  clock: () => number = Date.now,
): S3 => {
  const objectsIn = (bucket: string): Objects => durable.records<StoredObject>(`s3:${bucket}`);

  const serve = (request: ServiceRequest): ServiceResponse => {
    const { bucket, key } = objectOf(request);
    if (!buckets.includes(bucket))
      throw new ServiceFault('NoSuchBucket', 'The specified bucket does not exist', 404);
    const objects = objectsIn(bucket);
    if (key === '') return list(objects, bucket, request);
    return request.method === 'PUT' ? put(objects, key, request, clock()) : get(objects, key, request);
  };

  return {
    keys: (bucket) =>
      objectsIn(bucket)
        .entries()
        .map(([key]) => key),
    service: {
      signingNames: ['s3'],
      access,
      handle: async (request) => {
        try {
          return serve(request);
        } catch (error) {
          if (error instanceof ServiceFault) return failure(error);
          throw error;
        }
      },
      denied: (_, message) => failure(new ServiceFault('AccessDenied', message, 403)),
    },
  };
};
