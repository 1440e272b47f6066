/** Execution environments of one function: worker threads, kept and reused. */
import type { WriteStream } from 'node:fs';
import { Worker } from 'node:worker_threads';
import type { FunctionFailure, InvocationMessage, WorkerMessage, WorkerSettings } from './lambda-worker.ts';

export type InvocationResult =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly error: FunctionFailure };

/** Nine workers at once took 650 MB and two seconds each to start. */
const WORKERS_PER_FUNCTION = 2;
const INIT_TIMEOUT_MS = 30_000;

export interface Environment {
  /** Settles once the handler is loaded. */
  readonly ready: Promise<void>;
  readonly run: (message: InvocationMessage) => Promise<InvocationResult>;
  readonly terminate: () => Promise<void>;
  /** Called once, however the worker ended. */
  readonly onGone: (listener: () => void) => void;
}

export const failure = (errorType: string, errorMessage: string): InvocationResult => ({
  ok: false,
  error: { errorType, errorMessage, trace: [] },
});

const resultOf = (message: Exclude<WorkerMessage, { kind: 'ready' }>): InvocationResult =>
  message.kind === 'result'
    ? { ok: true, value: JSON.parse(message.json) }
    : { ok: false, error: message.error };

const initError = ({ trace, errorMessage }: FunctionFailure): Error =>
  new Error(trace.join('\n') || errorMessage);

/** One worker thread with one function's handler in it. */
export const startEnvironment = (
  settings: WorkerSettings,
  variables: Readonly<Record<string, string>>,
  log: WriteStream,
): Environment => {
  const worker = new Worker(new URL('./lambda-worker.ts', import.meta.url), {
    workerData: settings,
    env: variables,
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: settings.memoryMb },
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  worker.stdout.pipe(log, { end: false });
  worker.stderr.pipe(log, { end: false });

  let current: { requestId: string; settle: (result: InvocationResult) => void } | undefined;
  const goneListeners: (() => void)[] = [];
  const settle = (result: InvocationResult): void => {
    current?.settle(result);
    current = undefined;
  };
  const { promise: ready, resolve: loaded, reject: broken } = Promise.withResolvers<void>();
  ready.catch(() => undefined);
  const timer = setTimeout(() => broken(new Error('initialisation timed out')), INIT_TIMEOUT_MS);
  timer.unref();
  worker.on('message', (message: WorkerMessage) => {
    clearTimeout(timer);
    if (message.kind === 'ready') loaded();
    else if (message.kind === 'error' && message.requestId === undefined) broken(initError(message.error));
    else if (message.requestId === current?.requestId) settle(resultOf(message));
  });
  worker.on('error', (error) => {
    log.write(`${error.stack ?? error}\n`);
    broken(error);
    settle(failure('Runtime.ExitError', String(error)));
  });
  worker.on('exit', (code) => {
    broken(new Error(`worker exited with code ${code}`));
    settle(failure('Runtime.ExitError', `worker exited with code ${code}`));
    for (const listener of goneListeners) listener();
  });
  return {
    ready,
    run: (message) =>
      new Promise((resolve) => {
        current = { requestId: message.requestId, settle: resolve };
        worker.postMessage(message);
      }),
    terminate: async () => {
      await worker.terminate();
    },
    onGone: (listener) => goneListeners.push(listener),
  };
};

export interface Pool {
  readonly take: () => Promise<Environment>;
  readonly give: (environment: Environment) => void;
  readonly drop: (environment: Environment) => void;
  readonly stop: () => Promise<void>;
}

/** Idle environments, reused last in first out; waiting invocations are served in order of arrival. */
export const environmentPool = (start: () => Environment): Pool => {
  const alive = new Set<Environment>();
  const idle: Environment[] = [];
  const waiting: ((environment: Environment) => void)[] = [];

  const add = (): Environment => {
    const environment = start();
    alive.add(environment);
    environment.onGone(() => drop(environment));
    return environment;
  };
  const drop = (environment: Environment): void => {
    if (!alive.delete(environment)) return;
    const position = idle.indexOf(environment);
    if (position >= 0) idle.splice(position, 1);
    environment.terminate().catch(() => undefined);
    if (waiting.length > 0) waiting.shift()?.(add());
  };
  return {
    take: () => {
      const free = idle.pop();
      if (free) return Promise.resolve(free);
      if (alive.size < WORKERS_PER_FUNCTION) return Promise.resolve(add());
      return new Promise((resolve) => waiting.push(resolve));
    },
    give: (environment) => {
      if (!alive.has(environment)) return;
      const next = waiting.shift();
      if (next) next(environment);
      else idle.push(environment);
    },
    drop,
    stop: async () => {
      waiting.length = 0;
      await Promise.all([...alive].map((environment) => environment.terminate()));
    },
  };
};
