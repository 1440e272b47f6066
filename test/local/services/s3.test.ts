import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, test } from 'node:test';
import {
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandInput,
  NoSuchKey,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { openDurable } from '../../../scripts/local/durable.ts';
import type { ServiceRequest } from '../../../scripts/local/service.ts';
import { type S3, s3Service } from '../../../scripts/local/services/s3.ts';
import { type ServiceEndpoint, serviceEndpoint } from '../../support/service-endpoint.ts';

const Bucket = 'archive';
let s3: S3;
let endpoint: ServiceEndpoint;
let client: S3Client;

beforeEach(async () => {
  s3 = s3Service(openDurable(undefined), [Bucket], () => Date.parse('2026-11-21T08:00:00Z'));
  endpoint = await serviceEndpoint(s3.service);
  client = new S3Client({ ...endpoint.client, forcePathStyle: true });
});
afterEach(async () => {
  client.destroy();
  await endpoint.stop();
});

/** Every byte value, so that no text decoding can hide. */
const BYTES = Buffer.from(Array.from({ length: 70_000 }, (_, index) => index % 256));

const get = async (Key: string): Promise<Buffer> => {
  const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
  return Buffer.from((await Body?.transformToByteArray()) ?? []);
};

test('bytes and headers come back as they were put', async () => {
  const Key = 'deliveries/demo/a b+c%ü.gz';
  await client.send(
    new PutObjectCommand({
      Bucket,
      Key,
      Body: BYTES,
      ContentType: 'application/json',
      ContentEncoding: 'gzip',
      Metadata: { origin: 'test' },
    }),
  );
  /** The client compares the checksum that the service answers. */
  assert.ok(BYTES.equals(await get(Key)));
  const head = await client.send(new HeadObjectCommand({ Bucket, Key }));
  assert.deepEqual(
    [head.ContentType, head.ContentEncoding, head.Metadata, head.ContentLength],
    ['application/json', 'gzip', { origin: 'test' }, BYTES.length],
  );
  assert.equal(head.LastModified?.toISOString(), '2026-11-21T08:00:00.000Z');
  assert.deepEqual(s3.keys(Bucket), [Key]);
});

test('a streamed body, which comes in chunks, is stored without them', async () => {
  const chunks = [BYTES.subarray(0, 66_000), BYTES.subarray(66_000)];
  await client.send(
    new PutObjectCommand({ Bucket, Key: 'k', Body: Readable.from(chunks), ContentLength: BYTES.length }),
  );
  assert.ok(endpoint.requests[0]?.headers['content-encoding']?.includes('aws-chunked'));
  assert.ok(BYTES.equals(await get('k')));
  const head = await client.send(new HeadObjectCommand({ Bucket, Key: 'k' }));
  assert.equal(head.ContentEncoding, undefined);
});

test('a missing object, a missing bucket and a damaged body are refused', async () => {
  await assert.rejects(get('none'), (error) => error instanceof NoSuchKey);
  await assert.rejects(client.send(new HeadObjectCommand({ Bucket, Key: 'none' })), { name: 'NotFound' });
  await assert.rejects(client.send(new PutObjectCommand({ Bucket: 'other', Key: 'k', Body: 'x' })), {
    name: 'NoSuchBucket',
  });
  const damaged = new PutObjectCommand({ Bucket, Key: 'k', Body: 'x', ChecksumCRC32: 'AAAAAA==' });
  await assert.rejects(client.send(damaged), { name: 'BadDigest' });
  assert.deepEqual(s3.keys(Bucket), []);
});

test('IAM is asked for the object, by path or by host; a denial is an error', async () => {
  await client.send(new PutObjectCommand({ Bucket, Key: 'a/b', Body: 'x' }));
  assert.deepEqual(endpoint.asked, [{ action: 's3:PutObject', resource: 'arn:aws:s3:::archive/a/b' }]);
  const byHost: ServiceRequest = {
    method: 'GET',
    path: '/a/b?x-id=GetObject',
    headers: { host: 'archive.s3.us-east-1.amazonaws.com' },
    body: Buffer.alloc(0),
  };
  assert.deepEqual(s3.service.access(byHost), [
    { action: 's3:GetObject', resource: 'arn:aws:s3:::archive/a/b' },
  ]);
  assert.equal(String((await s3.service.handle(byHost)).body), 'x');
  assert.throws(() => s3.service.access({ ...byHost, path: '/a/b?acl' }), /not supported/);
  assert.throws(() => s3.service.access({ ...byHost, method: 'DELETE' }), /not supported/);
  endpoint.deny();
  await assert.rejects(get('a/b'), { name: 'AccessDenied' });
});

const list = (input: Omit<ListObjectsV2CommandInput, 'Bucket'> = {}) =>
  client.send(new ListObjectsV2Command({ Bucket, ...input }));

const listedKeys = async (input?: Omit<ListObjectsV2CommandInput, 'Bucket'>) =>
  ((await list(input)).Contents ?? []).map(({ Key }) => Key);

const fill = async (...keys: string[]): Promise<void> => {
  for (const Key of keys) await client.send(new PutObjectCommand({ Bucket, Key, Body: Key }));
};

test('a listing tells keys in the order of their bytes, with sizes, and only those of a prefix', async () => {
  await fill('b/2', '\u{1d518}', 'b/10', 'a', '\uffee', 'c & <d>');
  assert.deepEqual(await listedKeys(), ['a', 'b/10', 'b/2', 'c & <d>', '\uffee', '\u{1d518}']);
  assert.deepEqual(await listedKeys({ Prefix: 'b/' }), ['b/10', 'b/2']);
  assert.deepEqual(await listedKeys({ StartAfter: '\uffee' }), ['\u{1d518}']);
  const { Contents, KeyCount, IsTruncated } = await list({ Prefix: 'c & <' });
  assert.deepEqual([KeyCount, IsTruncated, Contents?.[0]?.Size], [1, false, 7]);
  assert.deepEqual(Contents?.[0]?.LastModified, new Date('2026-11-21T08:00:00Z'));
  assert.deepEqual([(await list({ Prefix: 'z' })).KeyCount, await listedKeys({ Prefix: 'z' })], [0, []]);
});

test('pages of a listing together hold every key once', async () => {
  await fill('k/1', 'k/2', 'k/3', 'k/4', 'other');
  const pages: (string | undefined)[][] = [];
  let token: string | undefined;
  do {
    const page = await list({ Prefix: 'k/', MaxKeys: 2, ContinuationToken: token });
    pages.push((page.Contents ?? []).map(({ Key }) => Key));
    token = page.NextContinuationToken;
    assert.equal(page.IsTruncated, token !== undefined);
  } while (token !== undefined);
  assert.deepEqual(pages, [
    ['k/1', 'k/2'],
    ['k/3', 'k/4'],
  ]);
});

test('for a listing IAM is asked for the bucket and the prefix; a missing bucket is an error', async () => {
  await list({ Prefix: 'k/' });
  assert.deepEqual(endpoint.asked, [
    { action: 's3:ListBucket', resource: `arn:aws:s3:::${Bucket}`, context: { 's3:prefix': 'k/' } },
  ]);
  await assert.rejects(client.send(new ListObjectsV2Command({ Bucket: 'elsewhere' })), {
    name: 'NoSuchBucket',
  });
});
