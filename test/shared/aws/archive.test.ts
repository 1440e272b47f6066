import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { S3Client } from '@aws-sdk/client-s3';
import { archive } from '../../../shared/aws/archive.ts';
import { decodeDelivery, encodeDelivery } from '../../../shared/aws/delivery-buffer.ts';
import { sha256Of } from '../../../shared/canonical/canonical.ts';

/** A bucket over HTTP that puts and gets. */
const bucket = async () => {
  const objects = new Map<string, Buffer>();
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '', 'http://s3').pathname;
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (request.method === 'PUT') objects.set(path, Buffer.concat(chunks));
      const found = objects.get(path);
      response.statusCode = found === undefined ? 404 : 200;
      response.end(request.method === 'GET' ? found : undefined);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const client = new S3Client({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
  });
  const stop = (): Promise<void> => {
    client.destroy();
    return new Promise((resolve) => server.close(() => resolve()));
  };
  return { objects, kept: archive(client, 'raw'), stop };
};

test('a body that fits stays with its row; a larger one goes to the archive under its hash, once', async () => {
  const { objects, kept, stop } = await bucket();
  const small = Buffer.from('{"a":1}');
  const inline = await kept.keep('acme', sha256Of(small), small);
  assert.ok(inline.body !== undefined);
  assert.deepEqual(await kept.read(inline), small);
  assert.equal(objects.size, 0);
  const large = randomBytes(400_000);
  const stored = await kept.keep('acme', sha256Of(large), large);
  assert.ok(stored.bodyPointer !== undefined);
  assert.deepEqual(await kept.keep('acme', sha256Of(large), large), stored);
  assert.equal(objects.size, 1);
  assert.deepEqual(await kept.read(stored), large);
  await assert.rejects(kept.read({ bodyPointer: 'deliveries/acme/none.gz' }));
  await stop();
});

test('a megabyte of repetition stays with its row, for what counts is its compressed size', async () => {
  const { objects, kept, stop } = await bucket();
  const repeated = Buffer.alloc(1024 * 1024, 'a');
  assert.ok((await kept.keep('acme', sha256Of(repeated), repeated)).body !== undefined);
  assert.equal(objects.size, 0);
  await stop();
});

test('a delivery survives the buffer, its bytes included', () => {
  const delivery = {
    tenant: 'acme',
    source: 'stripe',
    deliveryId: 'evt_1',
    bodyHash: 'sha256:ab',
    receivedAt: '2026-02-01T00:00:00.000Z',
    traceparent: 'tp',
  };
  const inline = { ...delivery, kept: { body: Buffer.from([0, 255, 10]) } };
  assert.deepEqual(decodeDelivery(encodeDelivery(inline)), inline);
  const pointed = { ...delivery, kept: { bodyPointer: 'deliveries/x' } };
  assert.deepEqual(decodeDelivery(encodeDelivery(pointed)), pointed);
});
