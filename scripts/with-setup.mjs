#!/usr/bin/env node
// Runs one script of this repository under Node 24 with its packages installed.
// Plain JavaScript for Node >= 20: it is the only code that runs before anything is installed.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, lstatSync, statSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** npm rewrites this file at the end of every install, so it is older than the lock file only when something is missing. */
const installed = join(root, 'node_modules', '.package-lock.json');
const lock = join(root, 'package-lock.json');
/** A linked folder is another checkout's, and npm would empty it there. */
const isLinked = lstatSync(dirname(installed), { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
if (!isLinked && (!existsSync(installed) || statSync(installed).mtimeMs < statSync(lock).mtimeMs)) {
  process.stderr.write('installing packages (npm ci) ...\n');
  const npm = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  if (npm.status !== 0) {
    process.stderr.write('npm ci failed; see the lines above\n');
    process.exit(npm.status ?? 1);
  }
}

/** Lambda runs Node 24, so we do: this process where it is new enough, else the one npm installed. */
const node24 = () => {
  if (Number.parseInt(process.versions.node, 10) >= 24) return process.execPath;
  const packaged = join(root, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node');
  if (existsSync(packaged)) return packaged;
  process.stderr.write(
    `Node >= 24 is needed and npm has none for ${process.platform}-${process.arch}: install it from nodejs.org\n`,
  );
  process.exit(1);
};

const [script, ...args] = process.argv.slice(2);
const node = node24();
const child = spawn(node, ['--disable-warning=ExperimentalWarning', resolve(root, script), ...args], {
  cwd: process.env.CAPSTACK_CWD ?? root,
  env: { ...process.env, PATH: `${dirname(node)}:${process.env.PATH}` },
  stdio: 'inherit',
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
/** npm that is told to end tells only the shell between us: without it nobody could stop what it started. */
const parent = process.ppid;
if (process.env.npm_lifecycle_event !== undefined)
  setInterval(() => {
    if (process.ppid !== parent) child.kill('SIGTERM');
  }, 1_000).unref();
child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 1)));
