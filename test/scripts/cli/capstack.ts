import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import type { TestContext } from 'node:test';

const ENTRY = resolve(import.meta.dirname, '../../../scripts/capstack.mjs');

export interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command line as a user does, in `cwd`, with nothing in the environment that would help it. */
export const capstack = async (
  args: readonly string[],
  options: { readonly cwd?: string; readonly stdin?: string; readonly env?: Record<string, string> } = {},
): Promise<Run> => {
  const child = spawn(process.execPath, [ENTRY, ...args], {
    cwd: options.cwd ?? tmpdir(),
    env: { PATH: process.env['PATH'], HOME: tmpdir(), ...options.env },
  });
  child.stdin.end(options.stdin ?? '');
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  return { code, stdout, stderr };
};

/** A folder with these files, gone after the test. */
export const folder = (context: TestContext, files: Readonly<Record<string, string>>): string => {
  const path = mkdtempSync(join(tmpdir(), 'capstack-cli-'));
  context.after(() => rmSync(path, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(path, name), content);
  return path;
};

export interface Seen {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly authorization: string | undefined;
  readonly body: unknown;
}

/** An HTTP server that answers from a table of `METHOD /path` and keeps what it was asked. */
export const server = async (
  context: TestContext,
  answers: Readonly<Record<string, readonly [status: number, body: unknown]>>,
): Promise<{ readonly url: string; readonly seen: readonly Seen[] }> => {
  const seen: Seen[] = [];
  const listening = createServer(async (request, response) => {
    const body = await text(request);
    seen.push({
      method: request.method,
      path: request.url,
      authorization: request.headers.authorization,
      body: body === '' ? undefined : JSON.parse(body),
    });
    const [status, answer] = answers[`${request.method} ${request.url}`] ?? [404, { title: 'Not Found' }];
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  }).listen(0, '127.0.0.1');
  await once(listening, 'listening');
  context.after(() => listening.close());
  const address = listening.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { url: `http://127.0.0.1:${address.port}`, seen };
};
