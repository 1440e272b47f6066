/** Child processes that end when this process ends, however it ends. */
import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { createServer } from 'node:net';

export interface GuardedProcess {
  readonly stop: () => Promise<void>;
  /** Settles when the process is gone; with an exit code where it ended by itself. */
  readonly ended: Promise<number | null>;
}

/**
 * Runs the command with its standard input held open by us. When the pipe closes, because we close it or because this
 * process was killed, the shell kills the command.
 */
const GUARD = `
exec 3<&0
"$@" </dev/null 3<&- &
child=$!
{ cat <&3 >/dev/null; kill $child 2>/dev/null; } &
exec 3<&-
wait $child
`;

export interface GuardedCommand {
  readonly command: string;
  readonly args: readonly string[];
  /** Where it may leave files. */
  readonly directory: string;
  /** Receives what it prints. */
  readonly logFile: string;
  /** Whom to run it as, where not as ourselves. */
  readonly user?: { readonly uid: number; readonly gid: number } | undefined;
}

export const guardedProcess = ({
  command,
  args,
  directory,
  logFile,
  user,
}: GuardedCommand): GuardedProcess => {
  /** A group of its own: Ctrl-C reaches us alone, and we stop the command in order. */
  const shell = spawn('sh', ['-c', GUARD, 'sh', command, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
    cwd: directory,
    ...user,
  });
  const log = createWriteStream(logFile, { flags: 'a' });
  shell.stdout.pipe(log, { end: false });
  shell.stderr.pipe(log, { end: false });
  shell.stdin.on('error', () => undefined);
  const ended = new Promise<number | null>((resolve) => {
    shell.on('exit', (code) => {
      shell.stdin.destroy();
      resolve(code);
    });
    shell.on('error', () => resolve(127));
  });
  return {
    ended,
    stop: async () => {
      shell.stdin.destroy();
      await ended;
      log.end();
    },
  };
};

/** Whether nothing listens on the port of the loopback address. */
export const isPortFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });

/** Ports that were free a moment ago, all different. */
export const freePorts = async (count: number): Promise<number[]> => {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(0, '127.0.0.1', resolve);
      });
      return server;
    }),
  );
  const ports = servers.map((server) => {
    const address = server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  });
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
};

/** Calls `probe` until it no longer throws. @throws the last error once the time is over. */
export const eventually = async (
  probe: () => Promise<void>,
  timeoutMs: number,
  pauseMs = 30,
): Promise<void> => {
  const deadlineMs = performance.now() + timeoutMs;
  for (;;)
    try {
      return await probe();
    } catch (error) {
      if (performance.now() > deadlineMs) throw error;
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
};
