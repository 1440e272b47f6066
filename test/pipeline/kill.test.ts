/** The whole local pipeline is killed while it takes deliveries; nothing it had accepted may be missing afterwards. */
import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, test } from 'node:test';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { freePorts } from '../../scripts/local/guarded-process.ts';
import type { RunFacts } from '../../scripts/local/local-paths.ts';
import { type DayAggregate, foldDay } from '../../shared/aggregate/day.ts';
import { documentOf, parseDocument } from '../../shared/canonical/document.ts';
import { parseBucketKey } from '../../shared/ledger/bucket.ts';
import { rowOf } from '../../shared/ledger/codec.ts';
import type { BucketRow, LedgerRow } from '../../shared/ledger/row.ts';
import { localClient, until } from '../support/local-client.ts';
import { charge, event } from '../support/stripe-payloads.ts';

const START = resolve(import.meta.dirname, '../../scripts/local/start.ts');
const CLIENTS = 8;
const ACCEPTED_BEFORE_KILL = 150;

const dataDir = mkdtempSync(join(tmpdir(), 'capstack-kill-'));
const running = new Set<ChildProcess>();
after(() => {
  for (const child of running) child.kill('SIGKILL');
  rmSync(dataDir, { recursive: true, force: true });
});

const start = async (port: number): Promise<ChildProcess> => {
  const child = spawn(process.execPath, [
    '--disable-warning=ExperimentalWarning',
    START,
    '--empty',
    '--port',
    String(port),
    '--data',
    dataDir,
  ]);
  running.add(child);
  let output = '';
  await new Promise<void>((ready, failed) => {
    child.stdout.on('data', (chunk) => {
      output += chunk;
      if (/^ready /m.test(output)) ready();
    });
    child.stderr.on('data', (chunk) => {
      output += chunk;
    });
    child.once('exit', (code) => failed(new Error(`ended with ${code} before it was ready:\n${output}`)));
  });
  return child;
};

/** Kills a process and everything it started, at once and without a word. */
const killAll = (pid: number): void => {
  const children = execFileSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' })
    .trim()
    .split(/\s+/)
    .filter(Boolean);
  process.kill(pid, 'SIGKILL');
  for (const child of children)
    try {
      process.kill(Number(child), 'SIGKILL');
    } catch {
      // It was gone already.
    }
};

const scan = async (client: DynamoDBDocumentClient, table: string): Promise<Record<string, unknown>[]> => {
  const items: Record<string, unknown>[] = [];
  let from: Record<string, unknown> | undefined;
  do {
    const page = await client.send(
      new ScanCommand({ TableName: table, ConsistentRead: true, ...(from && { ExclusiveStartKey: from }) }),
    );
    items.push(...(page.Items ?? []));
    from = page.LastEvaluatedKey;
  } while (from !== undefined);
  return items;
};

const tablesOf = async (url: string): Promise<{ ledger: LedgerRow[]; state: Record<string, unknown>[] }> => {
  const facts = (await (await fetch(`${url}/_local/run`)).json()) as RunFacts;
  const client = DynamoDBDocumentClient.from(
    new DynamoDBClient({
      endpoint: facts.endpoint,
      region: facts.region,
      credentials: { accessKeyId: facts.operator.id, secretAccessKey: facts.operator.secret },
    }),
  );
  const table = (name: string): string => String(facts.outputs[name]);
  return {
    ledger: (await scan(client, table('LedgerTable'))).map((item) => rowOf(item)),
    state: await scan(client, table('StateTable')),
  };
};

/** Day aggregates folded from the ledger alone, in one go. */
const rebuilt = (ledger: readonly LedgerRow[]): Map<string, string> => {
  const inBuckets = ledger.filter((row): row is LedgerRow & BucketRow => row.bucket !== undefined);
  const days = new Map<string, string>();
  for (const [key, rows] of Map.groupBy(inBuckets, (row) => row.bucket)) {
    const bucket = parseBucketKey(key);
    if (bucket.kind === 'day')
      days.set(`${bucket.date}#${bucket.slice}`, documentOf(foldDay(bucket.date, bucket.slice, rows)));
  }
  return days;
};

test('what was accepted before a kill is there after it, and derived state equals a rebuild', async () => {
  const [port = 0] = await freePorts(1);
  const url = `http://127.0.0.1:${port}`;
  const first = await start(port);
  const client = localClient(url);
  const accepted = new Set<string>();
  let next = 0;
  let killed = false;
  const created = Math.floor(Date.now() / 1000);
  const deliver = async (): Promise<void> => {
    while (!killed) {
      const id = `k${next++}`;
      const sent = event(
        'charge.succeeded',
        charge({ id: `ch_${id}`, balance_transaction: `txn_${id}`, created }),
        { id: `evt_${id}` },
      );
      try {
        const { status, body } = await client.stripe(sent);
        if (status === 200 && body.status === 'accepted') accepted.add(id);
      } catch {
        return;
      }
      if (accepted.size >= ACCEPTED_BEFORE_KILL && !killed) {
        killed = true;
        killAll(first.pid ?? 0);
      }
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, deliver));
  assert.ok(accepted.size >= ACCEPTED_BEFORE_KILL);

  const second = await start(port);
  const facts = async () =>
    (await tablesOf(url)).ledger
      .filter((row) => row.kind === 'fact')
      .map((row) => row.pk.split(':').at(-1)?.replace('txn_', ''));
  const stored = new Set(await facts());
  for (const id of accepted) assert.ok(stored.has(id), `accepted ${id} is in the ledger`);

  /** Deliveries whose answer was lost in the kill are in doubt: the provider sends them again, and each counts once. */
  for (let id = 0; id < next; id++)
    await client.stripe(
      event('charge.succeeded', charge({ id: `ch_k${id}`, balance_transaction: `txn_k${id}`, created }), {
        id: `evt_k${id}`,
      }),
    );
  const token = await client.token();
  const expected = (next * 49).toFixed(2);
  const settled = await until(
    async () => (await client.request('GET', '/v1/runway', { token })).body,
    (runway) => runway.cash.amount === expected,
  );
  assert.equal(settled.cash.amount, expected);

  const { ledger, state } = await tablesOf(url);
  const kept = new Map(
    state
      .filter((item) => item['kind'] === 'day')
      .map((item) => {
        const day = parseDocument<DayAggregate>(String(item['document']));
        return [`${day.date}#${day.slice}`, documentOf(day)];
      }),
  );
  assert.deepEqual(kept, rebuilt(ledger));
  second.kill('SIGTERM');
  await new Promise((ended) => second.once('exit', ended));
  running.clear();
});
