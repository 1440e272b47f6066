import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { eventually, freePorts, guardedProcess, isPortFree } from '../../scripts/local/guarded-process.ts';

const directory = mkdtempSync(join(tmpdir(), 'capstack-guard-'));
after(() => rmSync(directory, { recursive: true }));

const GIVE_UP_MS = 20_000;

/** Leaves its process id in a file, then sleeps. */
const sleeper = (name: string) => ({
  command: 'sh',
  args: ['-c', `echo $$ > ${name}.pid; exec sleep 600`],
  directory,
  logFile: join(directory, `${name}.log`),
});

const pidOf = async (name: string): Promise<number> => {
  const file = join(directory, `${name}.pid`);
  await eventually(
    async () => assert.ok(existsSync(file) && readFileSync(file, 'utf8').endsWith('\n')),
    GIVE_UP_MS,
  );
  return Number(readFileSync(file, 'utf8'));
};

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

const untilGone = (pid: number): Promise<void> =>
  eventually(async () => assert.equal(isRunning(pid), false, `${pid} still runs`), GIVE_UP_MS);

describe('a guarded process', () => {
  it('ends when it is stopped', async () => {
    const child = guardedProcess(sleeper('stopped'));
    const pid = await pidOf('stopped');
    assert.equal(isRunning(pid), true);
    await child.stop();
    await untilGone(pid);
  });

  it('ends when its parent is killed and can do nothing any more', async () => {
    const module = join(import.meta.dirname, '../../scripts/local/guarded-process.ts');
    const script = `
      import { guardedProcess } from ${JSON.stringify(module)};
      guardedProcess(${JSON.stringify(sleeper('orphan'))});
      setInterval(() => undefined, 1000);`;
    const parent = spawn(process.execPath, ['--input-type=module', '--eval', script], { stdio: 'inherit' });
    const pid = await pidOf('orphan');
    assert.equal(isRunning(pid), true);
    parent.kill('SIGKILL');
    await untilGone(pid);
  });

  it('says how it ended when it ends by itself, and keeps what it printed', async () => {
    const logFile = join(directory, 'own.log');
    const child = guardedProcess({ command: 'sh', args: ['-c', 'echo said; exit 7'], directory, logFile });
    assert.equal(await child.ended, 7);
    await child.stop();
    await eventually(async () => assert.equal(readFileSync(logFile, 'utf8'), 'said\n'), GIVE_UP_MS);
  });

  it('is reported as ended when there is no such command', async () => {
    const logFile = join(directory, 'none.log');
    const child = guardedProcess({ command: 'capstack-no-such-command', args: [], directory, logFile });
    assert.equal(await child.ended, 127);
    await child.stop();
  });
});

describe('ports', () => {
  it('are free, and all different', async () => {
    const ports = await freePorts(5);
    assert.equal(new Set(ports).size, 5);
    for (const port of ports) assert.equal(await isPortFree(port), true);
  });

  it('are not free while somebody listens', async () => {
    const [port = 0] = await freePorts(1);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    assert.equal(await isPortFree(port), false);
    await new Promise((resolve) => server.close(resolve));
  });
});
