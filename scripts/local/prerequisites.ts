/** Finds Java and a Redis or Valkey server, and installs what is missing where that can be done by itself. */
import { execFile } from 'node:child_process';
import {
  accessSync,
  constants,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface Prerequisites {
  /** Undefined where DYNAMODB_ENDPOINT names a running engine. */
  readonly java: string | undefined;
  /** Undefined where CACHE_ENDPOINT names a running server. */
  readonly cacheServer: string | undefined;
}

type Need = 'java' | 'cacheServer';

export const TOOLS_DIR: string = resolve(import.meta.dirname, '../../.capstack/tools');
const MINIMUM_JAVA = 11;
const PACKAGES: Readonly<Record<Need, string>> = {
  java: 'openjdk-17-jre-headless',
  cacheServer: 'redis-server',
};
const BREW: Readonly<Record<Need, string>> = { java: 'openjdk@17', cacheServer: 'valkey' };
const NAMES: Readonly<Record<Need, string>> = { java: 'Java 11 or newer', cacheServer: 'Redis or Valkey' };

const isExecutable = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** Every executable of that name on PATH and where Homebrew keeps what it does not link. */
const candidates = (names: readonly string[], extraDirs: readonly string[]): string[] =>
  [...extraDirs, ...(process.env['PATH'] ?? '').split(delimiter)]
    .flatMap((directory) => names.map((name) => join(directory, name)))
    .filter(isExecutable);

/** Java says its version in a file beside it; starting it to ask takes a third of a second. */
const javaMajor = async (java: string): Promise<number> => {
  const release = join(dirname(realpathSync(java)), '..', 'release');
  const stated = existsSync(release)
    ? /JAVA_VERSION="([^"]+)"/.exec(readFileSync(release, 'utf8'))?.[1]
    : /version "([^"]+)"/.exec((await run(java, ['-version'])).stderr)?.[1];
  const [first = '0', second = '0'] = (stated ?? '').split('.');
  return Number.parseInt(first === '1' ? second : first, 10);
};

const findJava = async (): Promise<string | undefined> => {
  const jvmDir = join(TOOLS_DIR, 'usr/lib/jvm');
  const installed = existsSync(jvmDir) ? readdirSync(jvmDir).map((name) => join(jvmDir, name, 'bin')) : [];
  const home = process.env['JAVA_HOME'];
  const brew = ['/opt/homebrew/opt/openjdk@17/bin', '/usr/local/opt/openjdk@17/bin'];
  for (const java of candidates(['java'], [...(home ? [join(home, 'bin')] : []), ...installed]).concat(
    candidates(['java'], brew),
  ))
    if ((await javaMajor(java).catch(() => 0)) >= MINIMUM_JAVA) return java;
  return undefined;
};

const findCacheServer = (): string | undefined =>
  candidates(['valkey-server', 'redis-server'], [join(TOOLS_DIR, 'bin')])[0];

/** Debian links Java's configuration by absolute path to /etc; unpacked elsewhere those links must follow. */
const relinkInto = (root: string, directory: string): void => {
  for (const name of readdirSync(directory)) {
    const path = join(directory, name);
    const status = lstatSync(path);
    if (status.isDirectory()) relinkInto(root, path);
    if (!status.isSymbolicLink()) continue;
    const target = readlinkSync(path);
    if (!target.startsWith('/') || target.startsWith(root)) continue;
    rmSync(path);
    symlinkSync(join(root, target), path);
  }
};

/** The server's libraries lie beside it, where the system's loader does not look. */
const wrapServer = (root: string): void => {
  const server = join(root, 'usr/bin/redis-server');
  if (!existsSync(server)) return;
  const parent = join(root, 'usr/lib');
  const libraries = readdirSync(parent).map((name) => join(parent, name));
  const lines = ['#!/bin/sh', `LD_LIBRARY_PATH='${libraries.join(':')}' exec '${server}' "$@"`, ''];
  mkdirSync(join(root, 'bin'), { recursive: true });
  writeFileSync(join(root, 'bin/redis-server'), lines.join('\n'), { mode: 0o755 });
};

/** Needs no root: the packages that are not installed are downloaded and unpacked into a folder of this project. */
const unpackInto = async (directory: string, packages: readonly string[]): Promise<void> => {
  const downloads = join(directory, 'downloads');
  mkdirSync(downloads, { recursive: true });
  const { stdout } = await run('apt-get', ['install', '--simulate', '--no-install-recommends', ...packages]);
  const names = [...stdout.matchAll(/^Inst (\S+)/gm)].map(([, name = '']) => name);
  await run('apt-get', ['download', ...names], { cwd: downloads });
  for (const file of readdirSync(downloads).filter((name) => name.endsWith('.deb')))
    await run('dpkg', ['-x', join(downloads, file), directory]);
  rmSync(downloads, { recursive: true });
  relinkInto(directory, directory);
  wrapServer(directory);
};

const install = async (packages: readonly string[]): Promise<void> => {
  if (process.getuid?.() !== 0) return unpackInto(TOOLS_DIR, packages);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await run('apt-get', ['update'], { env });
  await run('apt-get', ['install', '-y', '--no-install-recommends', ...packages], {
    env,
    maxBuffer: 64 * 1024 * 1024,
  });
};

/** One line that says what is missing and how to get it. */
const advice = (missing: readonly Need[], cause?: string): string => {
  const what = missing.map((need) => NAMES[need]).join(' and ');
  const command =
    process.platform === 'darwin'
      ? `brew install ${missing.map((need) => BREW[need]).join(' ')}`
      : `sudo apt-get install ${missing.map((need) => PACKAGES[need]).join(' ')} (or your distribution's equivalent)`;
  const instead = missing
    .map((need) => (need === 'java' ? 'DYNAMODB_ENDPOINT' : 'CACHE_ENDPOINT'))
    .join(', ');
  return `${what} not found${cause ? ` and could not be installed (${cause})` : ''}: ${command}, or set ${instead}`;
};

const find = async (need: Need): Promise<string | undefined> =>
  need === 'java' ? findJava() : findCacheServer();

const hasApt = (): boolean => candidates(['apt-get'], []).length > 0 && candidates(['dpkg'], []).length > 0;

/** @throws Error with one line that says what is missing and the command that installs it. */
export const ensurePrerequisites = async (log: (line: string) => void): Promise<Prerequisites> => {
  const needed: Need[] = [];
  if (!process.env['DYNAMODB_ENDPOINT']) needed.push('java');
  if (!process.env['CACHE_ENDPOINT']) needed.push('cacheServer');
  const found = new Map(await Promise.all(needed.map(async (need) => [need, await find(need)] as const)));
  const missing = needed.filter((need) => found.get(need) === undefined);
  if (missing.length > 0) {
    if (!hasApt()) throw new Error(advice(missing));
    const packages = missing.map((need) => PACKAGES[need]);
    log(`installing ${packages.join(' and ')} ...`);
    try {
      await install(packages);
    } catch (error) {
      const [cause] = String(error instanceof Error ? error.message : error).split('\n');
      throw new Error(advice(missing, cause), { cause: error });
    }
    for (const need of missing) {
      const path = await find(need);
      if (path === undefined) throw new Error(advice([need], 'installed, yet not found'));
      found.set(need, path);
    }
  }
  return { java: found.get('java'), cacheServer: found.get('cacheServer') };
};
