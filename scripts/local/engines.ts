/** The two servers behind the runtime: DynamoDB Local and a Redis or Valkey server. */
import { mkdirSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';
import { Redis } from 'iovalkey';
import { eventually, freePorts, type GuardedProcess, guardedProcess, isPortFree } from './guarded-process.ts';

export interface Engine {
  readonly stop: () => Promise<void>;
}

const EMULATOR_DIR: string = resolve(
  import.meta.dirname,
  '../../node_modules/amplify-dynamodb-simulator/emulator',
);
/** On two busy cores the Java machine has been seen to need five seconds. */
const START_TIMEOUT_MS = 60_000;

const untilListening = (port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve();
    });
    socket.on('error', reject);
  });

export interface EngineOptions {
  readonly port: number;
  readonly directory: string;
  readonly logFile: string;
  /** Told when the server ends although nobody stopped it. */
  readonly log?: (line: string) => void;
}

/** @throws Error at once where the process ends before `ready` does. */
const startedEngine = async (
  name: string,
  child: GuardedProcess,
  ready: Promise<void>,
  { logFile, log = () => undefined }: EngineOptions,
): Promise<Engine> => {
  const ended = child.ended.then((code) => {
    throw new Error(`${name} ended with code ${code} while starting; see ${logFile}`);
  });
  try {
    await Promise.race([ready, ended]);
  } catch (error) {
    await child.stop();
    throw error;
  }
  let stopping = false;
  ended.catch(() => {
    if (!stopping) log(`${name} ended by itself; see ${logFile}`);
  });
  return {
    stop: () => {
      stopping = true;
      return child.stop();
    },
  };
};

/** @param keep whether tables outlive the process, in `directory`; otherwise they live in memory. */
export const startDynamo = async (java: string, options: EngineOptions, keep: boolean): Promise<Engine> => {
  const { port, directory, logFile } = options;
  mkdirSync(directory, { recursive: true });
  const storage = keep ? ['-dbPath', directory] : ['-inMemory'];
  const args = [
    '-XX:TieredStopAtLevel=1',
    '-XX:+UseSerialGC',
    '-Xmx512m',
    '-Xshare:auto',
    `-Djava.library.path=${join(EMULATOR_DIR, 'DynamoDBLocal_lib')}`,
    '-jar',
    join(EMULATOR_DIR, 'DynamoDBLocal.jar'),
    '-port',
    String(port),
    ...storage,
    '-disableTelemetry',
  ];
  const child = guardedProcess({ command: java, args, directory, logFile });
  const ready = eventually(async () => {
    await untilListening(port);
    await fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(2_000) });
  }, START_TIMEOUT_MS);
  return startedEngine('DynamoDB Local', child, ready, options);
};

const EVERY_SLOT: readonly number[] = Array.from({ length: 16_384 }, (_, slot) => slot);
/** The cluster bus listens this far above the port; Redis 6 knows no other place for it. */
const BUS_OFFSET = 10_000;

export const freeCachePort = async (): Promise<number> => {
  for (;;) {
    const [port = 0] = await freePorts(1);
    if (port + BUS_OFFSET < 65_536 && (await isPortFree(port + BUS_OFFSET))) return port;
  }
};

/**
 * One node that owns every slot and speaks the cluster protocol, as ElastiCache Serverless does. It saves nothing: what
 * it holds may be lost at any time.
 */
export const startCache = async (server: string, options: EngineOptions): Promise<Engine> => {
  const { port, directory, logFile } = options;
  mkdirSync(directory, { recursive: true });
  rmSync(join(directory, 'nodes.conf'), { force: true });
  const settings = {
    port: String(port),
    bind: '127.0.0.1',
    dir: directory,
    save: '',
    appendonly: 'no',
    'cluster-enabled': 'yes',
    'cluster-config-file': 'nodes.conf',
  };
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
  const child = guardedProcess({ command: server, args, directory, logFile });
  const ready = (async () => {
    await eventually(() => untilListening(port), START_TIMEOUT_MS);
    const client = new Redis({ host: '127.0.0.1', port, lazyConnect: true });
    client.on('error', () => undefined);
    await client.connect();
    await client.cluster('ADDSLOTS', ...EVERY_SLOT);
    await eventually(async () => {
      if (!String(await client.cluster('INFO')).includes('cluster_state:ok'))
        throw new Error('cluster not ok');
    }, START_TIMEOUT_MS);
    client.disconnect();
  })();
  return startedEngine('the cache server', child, ready, options);
};

/**
 * Gives whoever connects what the template's cache user may do, and no more.
 * @param accessString as in the user's definition: `on ~key:* -@all +get`.
 */
export const restrictCache = async (port: number, accessString: string): Promise<void> => {
  const client = new Redis({ host: '127.0.0.1', port, lazyConnect: true });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.acl('SETUSER', 'default', 'reset', 'nopass', ...accessString.split(' '));
  } finally {
    client.disconnect();
  }
};
