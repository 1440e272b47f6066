import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { build } from 'esbuild';
import { type Application, startApplication } from '../../scripts/local/application.ts';
import { resolveStacks } from '../../scripts/local/assembly.ts';
import { REGION } from '../../scripts/local/attributes.ts';
import { dynamoEngine } from '../../scripts/local/dynamodb-engine.ts';
import { startDynamo } from '../../scripts/local/engines.ts';
import { freePorts } from '../../scripts/local/guarded-process.ts';
import { listen } from '../../scripts/local/http-server.ts';
import { ensurePrerequisites } from '../../scripts/local/prerequisites.ts';
import { openRunDirectory } from '../../scripts/local/run-directory.ts';
import { toyStack } from './toy/template.ts';

const scratch = mkdtempSync(join(tmpdir(), 'capstack-toy-'));
await build({
  entryPoints: [join(import.meta.dirname, 'toy/handler.ts')],
  outfile: join(scratch, 'code/index.mjs'),
  bundle: true,
  platform: 'node',
  format: 'esm',
  mainFields: ['module', 'main'],
  logLevel: 'silent',
});

interface Run {
  readonly application: Application;
  readonly url: string;
  readonly gatewayUrl: string;
  readonly log: readonly string[];
  readonly stop: () => Promise<void>;
}

/** Tables, checkpoints and keys are kept in the folder of that name. */
const start = async (name: string): Promise<Run> => {
  const log: string[] = [];
  const directory = openRunDirectory(join(scratch, name));
  const { java = 'java' } = await ensurePrerequisites(() => undefined);
  const [port = 0] = await freePorts(1);
  const logFile = join(scratch, 'dynamodb.log');
  const started = await startDynamo(java, { port, directory: join(directory.path, 'db'), logFile }, true);
  const engine = dynamoEngine(`http://127.0.0.1:${port}`);
  const [apiServer, gatewayServer] = [await listen(0), await listen(0)];
  const url = `http://127.0.0.1:${apiServer.port}`;
  const gatewayUrl = `http://127.0.0.1:${gatewayServer.port}`;
  const assembly = resolveStacks(
    [toyStack],
    { gatewayUrl, apiUrl: url, cache: { host: '127.0.0.1', port: 1 } },
    new Map([['toy.zip', join(scratch, 'code')]]),
  );
  const application = await startApplication({
    assembly,
    stage: 'toy',
    region: REGION,
    engine,
    directory,
    apiServer,
    gatewayServer,
    stubs: {},
    log: (line) => log.push(line),
  });
  const stop = async (): Promise<void> => {
    await application.stop();
    await Promise.all([apiServer.stop(), gatewayServer.stop()]);
    engine.close();
    await started.stop();
    directory.release();
  };
  return { application, url, gatewayUrl, log, stop };
};

const counted = async ({ url, application }: Run): Promise<number> => {
  await application.settled();
  const { notes } = (await (await fetch(`${url}/count`)).json()) as { notes: number };
  return notes;
};

const post = async ({ url }: Run, id: string): Promise<number> =>
  (await fetch(`${url}/notes/${id}`, { method: 'POST' })).status;

describe('a template on this machine', () => {
  let run: Run;
  after(async () => {
    await run.stop();
    rmSync(scratch, { recursive: true });
  });

  it('serves its routes and carries writes through the stream', async () => {
    run = await start('data');
    assert.equal(await counted(run), 0);
    assert.deepEqual([await post(run, 'a'), await post(run, 'b'), await post(run, 'b')], [201, 201, 409]);
    assert.equal(await post(run, 'quiet-1'), 201);
    assert.equal(await counted(run), 2);
    assert.equal((await fetch(`${run.url}/nowhere`)).status, 404);
    assert.equal((await fetch(`${run.url}/count`, { method: 'POST' })).status, 404);
    assert.equal(
      (await fetch(`${run.url}/notes/x`, { method: 'POST', body: 'x'.repeat(11 * 2 ** 20) })).status,
      413,
    );
  });

  it('denies what the role lacks, in the service’s own protocol, and says so', async () => {
    const response = await fetch(`${run.url}/notes/a`, { method: 'DELETE' });
    assert.deepEqual([response.status, await response.json()], [403, { error: 'AccessDeniedException' }]);
    assert.equal(await post(run, 'a'), 409);
    assert.ok(
      run.log.some((line) => /^denied: .*HttpRole: dynamodb:DeleteItem on .*table\/toy-Notes/.test(line)),
      run.log.join('\n'),
    );
  });

  it('knows nobody without a key of this run', async () => {
    const target = 'DynamoDB_20120810.GetItem';
    const credential = 'AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE/20261121/us-east-1/dynamodb/aws4_request';
    const response = await fetch(run.gatewayUrl, {
      method: 'POST',
      headers: { 'x-amz-target': target, authorization: credential },
      body: '{}',
    });
    assert.equal(response.status, 403);
    assert.equal((await fetch(run.gatewayUrl)).status, 403);
  });

  it('can take a service away and give it back', async () => {
    run.application.outage('dynamodb', true);
    assert.equal(await post(run, 'during'), 500);
    run.application.outage('dynamodb', false);
    assert.equal(await post(run, 'quiet-after'), 201);
  });

  it('gives a function its own environment and nothing of the shell', async () => {
    const names = (await (await fetch(`${run.url}/environment`)).json()) as string[];
    assert.deepEqual(
      names.filter((name) => !name.startsWith('AWS_')),
      ['COUNTS_TABLE', 'NOTES_TABLE', 'TZ'],
    );
  });

  it('asks for tokens where the route does', async () => {
    const get = (headers: Record<string, string>) => fetch(`${run.url}/me`, { headers });
    const tokenFor = async (scopes: string[]): Promise<string> => {
      const body = JSON.stringify({ tenant: 'demo', scopes });
      const response = await fetch(`${run.url}/_local/token`, { method: 'POST', body });
      return ((await response.json()) as { token: string }).token;
    };
    assert.equal((await get({})).status, 401);
    assert.equal((await get({ authorization: `Bearer ${await tokenFor(['write'])}` })).status, 403);
    const me = await get({ authorization: `Bearer ${await tokenFor(['read'])}` });
    const claims = (await me.json()) as Record<string, string>;
    assert.deepEqual(
      [claims['tenant'], claims['scope'], claims['iss']],
      ['demo', 'read', 'https://toy.test'],
    );
    assert.equal(
      ((await (await fetch(`${run.url}/_local/jwks.json`)).json()) as { keys: [] }).keys.length,
      1,
    );
  });

  it('lets no web page in by a name of its own', async () => {
    const { hostname, port } = new URL(run.url);
    const headers = { host: `evil.test:${port}` };
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      request({ hostname, port, path: '/_local/run', headers }, resolve).on('error', reject).end();
    });
    response.resume();
    assert.equal(response.statusCode, 403);
  });

  it('cuts a poisonous record out and goes on', async () => {
    const before = await counted(run);
    await Promise.all(['c', 'poison', 'd'].map((id) => post(run, id)));
    assert.ok((await counted(run)) >= before + 2);
    assert.ok(run.log.some((line) => line.includes('1 stream record(s) given up: RetryAttemptsExhausted')));
    const after = await counted(run);
    await post(run, 'e');
    assert.equal(await counted(run), after + 1);
  });

  it('goes on after a restart where it stopped, reading nothing twice', async () => {
    const before = await counted(run);
    await run.stop();
    run = await start('data');
    assert.equal(await counted(run), before);
    await post(run, 'f');
    assert.equal(await counted(run), before + 1);
  });
});
