/** `npm start`: the whole pipeline on this machine, until Ctrl-C. */
import { parseArgs } from 'node:util';
import { loadDemo } from '../demo/load.ts';
import { printRunway, type RunwayDocument } from '../demo/print-runway.ts';
import { isPortFree } from './guarded-process.ts';
import { type LocalRun, startLocal } from './runtime.ts';
import { listOfStories, storiesOf } from './try/stories.ts';
import type { Story } from './try/story.ts';
import { trySources } from './try/try.ts';

const USAGE = `npm start [-- options]
  --port N       port of the API (default 8080, or the next free one)
  --data DIR     keep tables, queues and keys in DIR between runs
  --config FILE  configuration (default capstack.config.yml)
  --empty        start without the demo company
  --once         stop after the demo company's forecast, and print it
  --try SOURCE   start empty with this source connected, and play what it tells; several may be named,
                 none lists them. With --once stop afterwards
  --help
`;
const DEFAULT_PORT = 8080;
const DEMO_TENANT = 'demo';
const PARENT_CHECK_MS = 1_000;

interface Arguments {
  readonly port: number;
  readonly dataDir: string | undefined;
  readonly configFile: string | undefined;
  readonly empty: boolean;
  readonly once: boolean;
  /** Sources whose stories are to be played. */
  readonly stories: readonly Story[];
}

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const fail = (message: string): never => {
  process.stderr.write(`${message}\n`);
  process.exit(1);
};

const nextFreePort = async (from: number): Promise<number> => {
  for (let port = from; port < 65_536; port += 1) if (await isPortFree(port)) return port;
  throw new Error(`no free port from ${from} on`);
};

const portOf = async (given: string | undefined): Promise<number> => {
  if (given !== undefined) {
    const port = Number(given);
    if (!Number.isInteger(port) || port < 0 || port > 65_535)
      throw new Error(`--port: expected a number from 0 to 65535, not ${given}`);
    if (port !== 0 && !(await isPortFree(port))) throw new Error(`--port: ${port} is taken; choose another`);
    return port;
  }
  const port = await nextFreePort(DEFAULT_PORT);
  if (port !== DEFAULT_PORT)
    say(`port ${DEFAULT_PORT} is taken, using ${port}: give commands --api http://127.0.0.1:${port}`);
  return port;
};

const readArguments = async (): Promise<Arguments> => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      port: { type: 'string' },
      data: { type: 'string' },
      config: { type: 'string' },
      empty: { type: 'boolean', default: false },
      once: { type: 'boolean', default: false },
      try: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    process.exit(0);
  }
  const { data, config, empty, once } = values;
  if (values.try && positionals.length === 0) {
    process.stdout.write(listOfStories());
    process.exit(0);
  }
  if (!values.try && positionals.length > 0) throw new Error(`not an option: ${positionals.join(' ')}`);
  if (values.try && data !== undefined) throw new Error('--try begins with nothing: leave out --data');
  const stories = storiesOf(positionals);
  return { port: await portOf(values.port), dataDir: data, configFile: config, empty, once, stories };
};

/** What the first run shows: the demo company, sent through the front door into an empty ledger. */
const showDemo = async (run: LocalRun): Promise<void> => {
  const token = await run.token({ tenant: DEMO_TENANT, scopes: ['runway:read', 'plan:write'] });
  await run.settled();
  const { outcome, answers } = await loadDemo({ url: run.url, token });
  await run.settled();
  if (outcome === 'in_use') say('the ledger holds other events: the demo company was left out');
  if (outcome === 'loaded')
    say(
      `demo company loaded: ${Object.entries(answers)
        .map(([answer, count]) => `${count} ${answer}`)
        .join(', ')}`,
    );
};

const printDemo = async (run: LocalRun): Promise<void> => {
  const token = await run.token({ tenant: DEMO_TENANT, scopes: ['runway:read'] });
  const response = await fetch(`${run.url}/v1/runway`, { headers: { authorization: `Bearer ${token}` } });
  printRunway((await response.json()) as RunwayDocument);
};

/** @throws Error where a story did not come to its end. */
const startWithStories = async (
  stories: readonly Story[],
  options: Pick<Arguments, 'port' | 'configFile'>,
): Promise<LocalRun> => {
  const { run, played } = await trySources(stories, { ...options, say });
  const failed = played.filter(({ failure }) => failure !== undefined).map(({ source }) => source);
  if (failed.length === 0) return run;
  await run.stop();
  throw new Error(`not as it should be: ${failed.join(', ')}`);
};

/** Resolves when a signal asks for an end, or when whoever started us is gone. */
const untilAskedToStop = (): Promise<void> =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve());
    const parent = process.ppid;
    setInterval(() => {
      if (process.ppid !== parent) resolve();
    }, PARENT_CHECK_MS).unref();
  });

const main = async (): Promise<void> => {
  /** Lambda's clock is UTC; a time zone belongs to the process, so it cannot be set for a function alone. */
  process.env['TZ'] = 'UTC';
  const asked = untilAskedToStop();
  const { port, dataDir, configFile, empty, once, stories } = await readArguments();
  const starting =
    stories.length > 0
      ? startWithStories(stories, { port, configFile })
      : startLocal({ port, dataDir, configFile, log: say });
  const run = await Promise.race([starting, asked]);
  /** What is half started needs no order to end: it ends with us. */
  if (!run) process.exit(130);
  if (!empty && stories.length === 0) await showDemo(run);
  if (once) {
    await run.settled();
    if (stories.length === 0) await printDemo(run);
    await run.stop();
    process.exit(0);
  }
  say(`ready ${run.url}`);
  await asked;
  say('stopping ...');
  await run.stop();
  process.exit(0);
};

if (import.meta.main) main().catch((error) => fail(error instanceof Error ? error.message : String(error)));
