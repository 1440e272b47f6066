/** Latencies of the whole local pipeline: gateway, functions, DynamoDB Local and the cache, all on this machine. */
import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { forecastHistory } from '../../shared/aws/forecast-history.ts';
import { ledgerStore } from '../../shared/aws/ledger-store.ts';
import { parseDocument } from '../../shared/canonical/document.ts';
import { forecastRunway, type RunwayInput } from '../../shared/model/runway.ts';
import { signedHeaders } from '../../shared/providers/generic/signature.ts';
import type { CivilDate } from '../../shared/time/civil-date.ts';
import { type LocalClient, localClient } from '../../test/support/local-client.ts';
import { loadDemo } from '../demo/load.ts';
import { httpEvent } from '../local/http-event.ts';
import { type LocalRun, startLocal } from '../local/runtime.ts';

export interface Latency {
  readonly name: string;
  /** Absent where it was not measured here. */
  readonly count?: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly note: string;
}

const POSTS = 100;
const WARM_UP = 20;
const POLL_MS = 2;
const READS_PER_SECOND = 500;
const READ_SECONDS = 5;
const SOURCE_IP = '127.0.0.1';

const latency = (name: string, ms: readonly number[], note: string): Latency => {
  const sorted = ms.toSorted((a, b) => a - b);
  const at = (q: number): number => sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? Number.NaN;
  return { name, count: ms.length, p50Ms: at(0.5), p95Ms: at(0.95), note };
};

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** What the article's own stack took from an event to its cached forecast, run once on two cores: a constant to compare with. */
const ARTICLE = { p50Ms: 165, p95Ms: 450 } as const;

const daysAgo = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);

const expense = (date: string = daysAgo(0)) => ({
  id: randomUUID(),
  type: 'expense',
  amount: '12.34',
  currency: 'USD',
  date,
});

interface EventTimes {
  readonly seenMs: readonly number[];
  readonly answeredMs: readonly number[];
}

/** From the first byte of a post until a reader is given a forecast that holds it; reads are polls, so their time is in it. */
const eventToForecast = async (client: LocalClient, token: string, date: string): Promise<EventTimes> => {
  const hash = async (): Promise<string> =>
    (await client.request('GET', '/v1/runway', { token })).body.inputs.hash;
  const seenMs: number[] = [];
  const answeredMs: number[] = [];
  let before = await hash();
  for (let post = 0; post < WARM_UP + POSTS; post += 1) {
    const startedMs = performance.now();
    const { status } = await client.generic([expense(date)]);
    const tookMs = performance.now() - startedMs;
    if (status !== 200) throw new Error(`a post was answered ${status}`);
    let now = await hash();
    while (now === before) {
      await pause(POLL_MS);
      now = await hash();
    }
    before = now;
    if (post < WARM_UP) continue;
    seenMs.push(performance.now() - startedMs);
    answeredMs.push(tookMs);
  }
  return { seenMs, answeredMs };
};

const FORECASTS = 15;

/** The model alone, on what the last forecast was made from: all of its paths each time, because each time the past is another. */
const forecastAlone = async ({ facts }: LocalRun): Promise<Latency> => {
  const { endpoint, region, operator, outputs } = facts;
  const credentials = { accessKeyId: operator.id, secretAccessKey: operator.secret };
  const client = new DynamoDBClient({ endpoint, region, credentials });
  const history = forecastHistory(DynamoDBDocumentClient.from(client), String(outputs['StateTable']));
  const told = await history.on('demo', daysAgo(0) as CivilDate);
  client.destroy();
  if (told === undefined) throw new Error('no forecast was kept');
  const input = parseDocument<RunwayInput>(told.inputs);
  const ms: number[] = [];
  for (let call = 0; call < 3 + FORECASTS; call += 1) {
    const days = input.days.map((day, k) =>
      k === input.days.length - 2 ? { ...day, netMinor: day.netMinor - BigInt(call) } : day,
    );
    const startedMs = performance.now();
    forecastRunway({ ...input, days });
    if (call >= 3) ms.push(performance.now() - startedMs);
  }
  return latency('forecast alone, all paths', ms, 'the model on the same input, in this process');
};

/** Event to cached forecast beside two baselines: the model's own time in the same run, and the article's stack. */
const events = async (run: LocalRun, client: LocalClient, token: string): Promise<Latency[]> => {
  const today = await eventToForecast(client, token, daysAgo(0));
  await run.settled();
  const earlier = await eventToForecast(client, token, daysAgo(3));
  await run.settled();
  const alone = await forecastAlone(run);
  const compared = (name: string, { seenMs }: EventTimes, note: string): Latency => {
    const { p50Ms } = latency('', seenMs, '');
    const toModel = (p50Ms / alone.p50Ms).toFixed(2);
    const toArticle = (ARTICLE.p50Ms / p50Ms).toFixed(2);
    return latency(
      name,
      seenMs,
      `${note}; ${toModel} x the model alone, ${toArticle} x as fast as the article's`,
    );
  };
  return [
    compared('event of today to cached forecast', today, 'demo company, one at a time'),
    compared('event of three days ago', earlier, 'the past is another, so all paths are'),
    alone,
    { name: "the article's stack", ...ARTICLE, note: 'event to cached forecast; measured once, a constant' },
    latency('post to its answer', today.answeredMs, 'the posts of today'),
  ];
};

/** The ingest function alone, without gateway and connection. */
const ingestHandler = async ({ application }: LocalRun): Promise<Latency> => {
  const ingest = application.functions.find(({ title }) => title === 'ingest');
  if (ingest === undefined) throw new Error('the pipeline has no ingest function');
  const ms: number[] = [];
  for (let call = 0; call < WARM_UP + POSTS; call += 1) {
    const body = Buffer.from(JSON.stringify({ schema: 1, events: [expense()] }));
    const headers = signedHeaders('local-secret', randomUUID(), body, Date.now());
    const request = {
      method: 'POST',
      target: '/v1/webhooks/demo/generic',
      headers: { 'content-type': 'application/json', ...headers },
      body,
      sourceIp: SOURCE_IP,
    };
    const event = httpEvent(request, {
      apiId: 'bench',
      routeKey: 'POST /v1/webhooks/{tenant}/{source}',
      pathParameters: { tenant: 'demo', source: 'generic' },
      authorization: undefined,
      requestId: randomUUID(),
      nowMs: Date.now(),
    });
    const startedMs = performance.now();
    const result = await ingest.invoke(event);
    if (!result.ok) throw new Error(`ingest failed: ${result.error.errorMessage}`);
    if (call >= WARM_UP) ms.push(performance.now() - startedMs);
  }
  return latency('ingest handler', ms, 'invoked directly, forecasts running beside it');
};

/** The store alone: the conditional put of a delivery like the ones above, which an ingest call makes before its facts' put. */
const storeCall = async ({ facts }: LocalRun): Promise<Latency> => {
  const { endpoint, region, operator, outputs } = facts;
  const credentials = { accessKeyId: operator.id, secretAccessKey: operator.secret };
  const client = new DynamoDBClient({ endpoint, region, credentials });
  const store = ledgerStore(DynamoDBDocumentClient.from(client), String(outputs['LedgerTable']));
  const ms: number[] = [];
  for (let call = 0; call < WARM_UP + POSTS; call += 1) {
    const body = Buffer.from(JSON.stringify({ schema: 1, events: [expense()] }));
    const row = {
      pk: `D#bench#generic#${randomUUID()}`,
      sk: 'body',
      kind: 'delivery',
      tenant: 'bench',
      recordedAt: new Date().toISOString(),
      normaliser: 'bench',
      traceparent: `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`,
      source: 'generic',
      deliveryId: randomUUID(),
      body: gzipSync(body),
      bodyHash: 'sha256:bench',
    } as const;
    const startedMs = performance.now();
    await store.putDelivery(row);
    if (call >= WARM_UP) ms.push(performance.now() - startedMs);
  }
  client.destroy();
  return latency('store call', ms, 'one conditional put; an ingest call makes two in turn');
};

/** Reads at a steady rate, whether or not earlier ones have been answered. */
const reads = async (client: LocalClient, token: string): Promise<Latency> => {
  const total = READS_PER_SECOND * READ_SECONDS;
  let hits = 0;
  let failures = 0;
  const read = async (dueMs: number): Promise<number> => {
    await pause(Math.max(0, dueMs - performance.now()));
    /** A timer may be a little early; where it is late, the machine was busy with earlier reads, and that counts. */
    const startedMs = Math.min(dueMs, performance.now());
    const { status, headers } = await client.request('GET', '/v1/runway', { token });
    if (headers.get('x-source') === 'cache') hits += 1;
    if (status !== 200) failures += 1;
    return performance.now() - startedMs;
  };
  const startMs = performance.now() + 100;
  const ms = await Promise.all(
    Array.from({ length: total }, (_, k) => read(startMs + (k * 1000) / READS_PER_SECOND)),
  );
  const hitRate = ((100 * hits) / total).toFixed(1);
  return latency(
    `read at ${READS_PER_SECOND}/s`,
    ms,
    `${hitRate} % from the cache, ${failures} of ${total} failed`,
  );
};

/** Starts a pipeline of its own with the demo company in it, and stops it. */
export const pipelineLatencies = async (log: (line: string) => void): Promise<Latency[]> => {
  const run = await startLocal({ port: 0, log });
  try {
    const token = await run.token({ tenant: 'demo', scopes: ['admin'] });
    const client = localClient(run.url);
    await loadDemo({ url: run.url, token });
    await run.settled();
    const forecasts = await events(run, client, token);
    await run.settled();
    const ingest = await ingestHandler(run);
    await run.settled();
    const store = await storeCall(run);
    return [...forecasts, ingest, store, await reads(client, token)];
  } finally {
    await run.stop();
  }
};
