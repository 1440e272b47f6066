/** Runs the template's functions in worker threads: own environment, memory limit, timeout, few at a time. */
import { randomUUID } from 'node:crypto';
import { createWriteStream, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Assembly, LocalResource } from './assembly.ts';
import { REGION } from './attributes.ts';
import {
  type Environment,
  environmentPool,
  failure,
  type InvocationResult,
  type Pool,
  startEnvironment,
} from './execution-environment.ts';
import type { WorkerSettings } from './lambda-worker.ts';

export interface LocalFunction {
  readonly name: string;
  readonly arn: string;
  /** What a person would call it: `forecast`. */
  readonly title: string;
  readonly roleArn: string;
  readonly resource: LocalResource;
  /** Runs one invocation, waiting for a free worker. Never throws: a crash is a failed invocation. */
  readonly invoke: (event: unknown) => Promise<InvocationResult>;
  /** Sets the function's clock ahead by so much more, from its next invocation on. */
  readonly setAhead: (byMs: number) => void;
  /** Starts one worker, so that the first invocation finds it ready. */
  readonly warm: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

export interface LambdaOptions {
  readonly assembly: Assembly;
  readonly gatewayUrl: string;
  readonly logDir: string;
  /** Access key that tells the gateway which role calls. */
  readonly accessKey: (roleArn: string) => { readonly id: string; readonly secret: string };
  readonly log: (line: string) => void;
}

/** What Lambda takes where the template says nothing. */
const DEFAULT_MEMORY_MB = 128;
const DEFAULT_TIMEOUT_SECONDS = 3;

/** Path and export of `index.handler` inside the function's asset. */
const moduleOf = (assembly: Assembly, { logicalId, properties }: LocalResource) => {
  const code = properties['Code'] as { S3Key?: string } | undefined;
  const asset = assembly.assetPath(code?.S3Key ?? '');
  if (asset === undefined || !statSync(asset).isDirectory())
    throw new Error(`function ${logicalId} has no local code: only folder assets can run here`);
  const [file = '', exportName = ''] = String(properties['Handler']).split('.');
  return { module: join(asset, `${file}.mjs`), exportName };
};

/** The template's variables and those that Lambda itself sets; nothing of the developer's shell. */
const variablesOf = (
  resource: LocalResource,
  { gatewayUrl, accessKey }: LambdaOptions,
): Record<string, string> => {
  const { name, properties } = resource;
  const environment = properties['Environment'] as { Variables?: Record<string, unknown> } | undefined;
  const own = Object.entries(environment?.Variables ?? {});
  const key = accessKey(String(properties['Role']));
  return {
    ...Object.fromEntries(own.map(([variable, value]) => [variable, String(value)])),
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    AWS_ENDPOINT_URL: gatewayUrl,
    AWS_ACCESS_KEY_ID: key.id,
    AWS_SECRET_ACCESS_KEY: key.secret,
    /** The SDK reads these files at start; a developer's own profile must not change what runs here. */
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(properties['MemorySize'] ?? DEFAULT_MEMORY_MB),
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_LOG_FORMAT: 'JSON',
    TZ: ':UTC',
  };
};

/** Runs one invocation; an environment that timed out or crashed is thrown away. */
const invokeIn = async (
  pool: Pool,
  event: unknown,
  timeoutMs: number,
  aheadMs: number,
): Promise<InvocationResult> => {
  const environment: Environment = await pool.take();
  try {
    await environment.ready;
  } catch (error) {
    pool.drop(environment);
    return failure('Runtime.InitError', String(error));
  }
  let timer: NodeJS.Timeout | undefined;
  const timedOut = new Promise<InvocationResult>((resolve) => {
    const message = `Task timed out after ${timeoutMs / 1000} seconds`;
    timer = setTimeout(() => resolve(failure('Sandbox.Timedout', message)), timeoutMs);
  });
  const message = { requestId: randomUUID(), event, deadlineMs: Date.now() + timeoutMs, aheadMs };
  const result = await Promise.race([environment.run(message), timedOut]);
  clearTimeout(timer);
  if (!result.ok && /^(Sandbox|Runtime)\./.test(result.error.errorType)) pool.drop(environment);
  else pool.give(environment);
  return result;
};

/** The last word of `ForecastingForecastFunction1A2B3C4D` before its kind and digest. */
export const titleOf = (logicalId: string): string => {
  const words = logicalId.replace(/[0-9A-F]{8}$/, '').replace(/Function$/, '');
  return (/[A-Z][a-z0-9]*$/.exec(words)?.[0] ?? logicalId).toLowerCase();
};

const localFunction = (resource: LocalResource, options: LambdaOptions): LocalFunction => {
  const { name, arn, logicalId, properties } = resource;
  const title = titleOf(logicalId);
  const timeoutMs = Number(properties['Timeout'] ?? DEFAULT_TIMEOUT_SECONDS) * 1000;
  const settings: WorkerSettings = {
    ...moduleOf(options.assembly, resource),
    functionName: name,
    functionArn: arn,
    memoryMb: Number(properties['MemorySize'] ?? DEFAULT_MEMORY_MB),
    logGroup: `/aws/lambda/${name}`,
  };
  const logFile = join(options.logDir, `${title}.log`);
  const logStream = createWriteStream(logFile, { flags: 'a' });
  /** Every worker adds listeners of its own. */
  logStream.setMaxListeners(0);
  const variables = variablesOf(resource, options);
  const pool = environmentPool(() => startEnvironment(settings, variables, logStream));
  let aheadMs = 0;

  return {
    name,
    arn,
    title,
    roleArn: String(properties['Role']),
    resource,
    invoke: async (event) => {
      const result = await invokeIn(pool, event, timeoutMs, aheadMs);
      if (!result.ok) {
        const { errorType, errorMessage, trace } = result.error;
        options.log(`${title} failed: ${errorType}: ${errorMessage.split('\n')[0]} (${logFile})`);
        logStream.write(`${errorType}: ${errorMessage}\n${trace.join('\n')}\n`);
      }
      return result;
    },
    setAhead: (byMs) => {
      aheadMs += byMs;
    },
    warm: async () => {
      const environment = await pool.take();
      try {
        await environment.ready;
      } catch (error) {
        pool.drop(environment);
        throw new Error(`function ${title} does not start: ${error}`, { cause: error });
      }
      pool.give(environment);
    },
    stop: async () => {
      await pool.stop();
      logStream.end();
    },
  };
};

/** @throws Error where a function's code is not a local folder. */
export const localFunctions = (options: LambdaOptions): LocalFunction[] => {
  mkdirSync(options.logDir, { recursive: true });
  return options.assembly
    .ofType('AWS::Lambda::Function')
    .filter(({ properties }) => String(properties['Runtime']).startsWith('nodejs'))
    .map((resource) => localFunction(resource, options));
};
