/** The forecast cache against a real server: fences, misses, and what an outage looks like to a reader. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type Engine, freeCachePort, startCache } from '../../../scripts/local/engines.ts';
import { ensurePrerequisites } from '../../../scripts/local/prerequisites.ts';
import { forecastCache } from '../../../shared/aws/forecast-cache.ts';
import { fenceOf } from '../../../shared/runway/fence.ts';
import { day } from '../../support/rows.ts';

const directory = mkdtempSync(join(tmpdir(), 'capstack-cache-'));
let port: number;
let server: string;
let engine: Engine;
let nowMs = Date.UTC(2026, 10, 21);

const start = (): Promise<Engine> =>
  startCache(server, { port, directory, logFile: join(directory, 'cache.log') });
const now = (): number => nowMs;
const older = { fence: fenceOf(day('2026-11-21'), 9), document: '{"p5":1}' };
const newer = { fence: fenceOf(day('2026-11-21'), 10), document: '{"p5":2}' };

before(async () => {
  const { cacheServer } = await ensurePrerequisites(() => undefined);
  assert.ok(cacheServer, 'a cache server is installed');
  server = cacheServer;
  port = await freeCachePort();
  engine = await start();
});

after(async () => {
  await engine.stop();
  rmSync(directory, { recursive: true, force: true });
});

test('an older forecast never overwrites a newer one, an equal one may', async () => {
  const cache = forecastCache(`redis://127.0.0.1:${port}`, now);
  assert.equal(await cache.get('acme'), undefined);
  await cache.put('acme', newer, nowMs);
  await cache.put('acme', older, nowMs + 1);
  assert.deepEqual(await cache.get('acme'), { ...newer, cachedAtMs: nowMs });
  await cache.put('acme', { ...newer, document: '{"p5":3}' }, nowMs + 2);
  assert.equal((await cache.get('acme'))?.document, '{"p5":3}');
});

test('a later day outranks more rows of an earlier one', async () => {
  const cache = forecastCache(`redis://127.0.0.1:${port}`, now);
  await cache.put('days', { fence: fenceOf(day('2026-11-21'), 1_000_000), document: 'yesterday' }, nowMs);
  await cache.put('days', { fence: fenceOf(day('2026-11-22'), 12), document: 'today' }, nowMs);
  assert.equal((await cache.get('days'))?.document, 'today');
});

test('one tenant does not see the forecast of another', async () => {
  const cache = forecastCache(`redis://127.0.0.1:${port}`, now);
  await cache.put('ann', newer, nowMs);
  assert.equal(await cache.get('bob'), undefined);
});

test('an outage is a miss, and afterwards only what was put since is served', async () => {
  const reader = forecastCache(`redis://127.0.0.1:${port}`, now);
  const writer = forecastCache(`redis://127.0.0.1:${port}`, now);
  await writer.put('acme', newer, nowMs);
  assert.ok(await reader.get('acme'));

  await engine.stop();
  assert.equal(await reader.get('acme'), undefined);
  await writer.put('acme', newer, nowMs);

  engine = await start();
  nowMs += 3_000;
  assert.equal(await reader.get('acme'), undefined);
  await writer.put('acme', newer, nowMs);
  assert.deepEqual(await reader.get('acme'), { ...newer, cachedAtMs: nowMs });
});

test('without a cache every read is a miss and every write is nothing', async () => {
  const cache = forecastCache('', now);
  await cache.put('acme', newer, nowMs);
  assert.equal(await cache.get('acme'), undefined);
});
