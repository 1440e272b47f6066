/** A PostgreSQL server of its own in a temporary folder. */
import { execFileSync, spawn } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Client } from 'pg';
import { ensurePostgres, POSTGRES_DIR } from '../../scripts/local/prerequisites.ts';

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' ? (address?.port ?? 0) : 0));
    });
  });

/** PostgreSQL refuses to run as root. */
const NOBODY = 65_534;
const unprivileged = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};

export interface PostgresServer {
  readonly address: (role: string) => string;
  readonly run: (sql: string) => Promise<unknown>;
  readonly stop: () => Promise<void>;
}

export const startPostgres = async (): Promise<PostgresServer> => {
  const programs = await ensurePostgres();
  const directory = mkdtempSync(join(tmpdir(), 'capstack-postgres-'));
  if (process.getuid?.() === 0) chownSync(directory, NOBODY, NOBODY);
  const data = join(directory, 'data');
  const libraries = programs.startsWith(POSTGRES_DIR)
    ? {
        LD_LIBRARY_PATH: ['x86_64', 'aarch64']
          .map((each) => join(POSTGRES_DIR, `usr/lib/${each}-linux-gnu`))
          .join(':'),
      }
    : {};
  const options = { ...unprivileged, cwd: directory, env: { ...process.env, ...libraries } };
  execFileSync(join(programs, 'initdb'), ['-D', data, '-U', 'owner', '--auth=trust', '-N', '--locale=C'], {
    ...options,
    stdio: 'pipe',
  });
  const port = await freePort();
  const server = spawn(
    join(programs, 'postgres'),
    ['-D', data, '-p', `${port}`, '-h', '127.0.0.1', '-k', directory, '-F'],
    { ...options, stdio: 'ignore' },
  );
  const stopped = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  const address = (role: string): string => `postgres://${role}@127.0.0.1:${port}/postgres`;
  const connected = async (): Promise<Client> => {
    for (;;) {
      const client = new Client({ connectionString: address('owner') });
      try {
        await client.connect();
        return client;
      } catch (error) {
        if (server.exitCode !== null) throw error;
        await setTimeout(50);
      }
    }
  };
  const owner = await connected();
  return {
    address,
    run: (sql) => owner.query(sql),
    stop: async () => {
      await owner.end();
      server.kill('SIGINT');
      await stopped;
      rmSync(directory, { recursive: true });
    },
  };
};
