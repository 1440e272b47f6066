/** One execution environment: runs inside a worker thread, one invocation at a time. */
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';

export interface WorkerSettings {
  /** `index.mjs` of the bundle. */
  readonly module: string;
  /** Name of the exported handler. */
  readonly exportName: string;
  readonly functionName: string;
  readonly functionArn: string;
  readonly memoryMb: number;
  readonly logGroup: string;
}

export interface InvocationMessage {
  readonly requestId: string;
  readonly event: unknown;
  /** On the clock of `Date.now()`, which both threads share. */
  readonly deadlineMs: number;
  /** How far this function's clock is ahead of the machine's. */
  readonly aheadMs: number;
}

export type WorkerMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'result'; readonly requestId: string; readonly json: string }
  | { readonly kind: 'error'; readonly requestId: string | undefined; readonly error: FunctionFailure };

export interface FunctionFailure {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace: readonly string[];
}

type Handler = (event: unknown, context: object) => unknown;

const failureOf = (error: unknown): FunctionFailure =>
  error instanceof Error
    ? { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? '').split('\n') }
    : { errorType: 'Error', errorMessage: String(error), trace: [] };

const machineClock = Date;
const settings = workerData as WorkerSettings;
const post = (message: WorkerMessage): void => parentPort?.postMessage(message);

/** Sets this thread's clock ahead; both ways of asking for the time go by it. */
const setAhead = (aheadMs: number): void => {
  const now = (): number => machineClock.now() + aheadMs;
  globalThis.Date = new Proxy(machineClock, {
    construct: (target, given, self) => Reflect.construct(target, given.length > 0 ? given : [now()], self),
    get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
  });
};

const contextOf = ({ requestId, deadlineMs, aheadMs }: InvocationMessage): object => ({
  awsRequestId: requestId,
  callbackWaitsForEmptyEventLoop: true,
  functionName: settings.functionName,
  functionVersion: '$LATEST',
  invokedFunctionArn: settings.functionArn,
  memoryLimitInMB: String(settings.memoryMb),
  logGroupName: settings.logGroup,
  logStreamName: 'local',
  getRemainingTimeInMillis: () => Math.max(0, deadlineMs + aheadMs - Date.now()),
});

const invoke = async (handler: Handler, message: InvocationMessage): Promise<void> => {
  const { requestId, aheadMs } = message;
  if (aheadMs > 0) setAhead(aheadMs);
  try {
    const result = await handler(message.event, contextOf(message));
    /** Lambda too answers in JSON: what that cannot hold is lost or an error. */
    post({ kind: 'result', requestId, json: JSON.stringify(result) ?? 'null' });
  } catch (error) {
    post({ kind: 'error', requestId, error: failureOf(error) });
  }
};

try {
  const exports = (await import(pathToFileURL(settings.module).href)) as Record<string, unknown>;
  const handler = exports[settings.exportName];
  if (typeof handler !== 'function')
    throw new Error(`${settings.module} exports no function ${settings.exportName}`);
  parentPort?.on('message', (message: InvocationMessage) => {
    invoke(handler as Handler, message).catch((error) => {
      throw error;
    });
  });
  post({ kind: 'ready' });
} catch (error) {
  post({ kind: 'error', requestId: undefined, error: failureOf(error) });
}
