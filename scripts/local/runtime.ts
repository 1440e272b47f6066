/** Brings the whole pipeline up on this machine: engines, bundles, templates, and what the templates describe. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { bundle } from '../bundle.ts';
import { synthesise } from '../synth.ts';
import { type Application, startApplication } from './application.ts';
import { loadAssembly } from './assembly.ts';
import { REGION } from './attributes.ts';
import { type DynamoEngine, dynamoEngine } from './dynamodb-engine.ts';
import { type Engine, freeCachePort, restrictCache, startCache, startDynamo } from './engines.ts';
import { freePorts } from './guarded-process.ts';
import { type ListeningServer, listen } from './http-server.ts';
import type { TokenRequest } from './issuer.ts';
import type { RunFacts } from './local-paths.ts';
import { ensurePrerequisites } from './prerequisites.ts';
import { chargebeeStub } from './providers/chargebee.ts';
import { ecbStub } from './providers/ecb.ts';
import { googleStub } from './providers/google.ts';
import { gustoStub } from './providers/gusto.ts';
import { mixpanelStub } from './providers/mixpanel.ts';
import { pagerDutyStub } from './providers/pagerduty.ts';
import { plaidStub } from './providers/plaid.ts';
import { posthogStub } from './providers/posthog.ts';
import { slackStub } from './providers/slack.ts';
import { snsStub } from './providers/sns.ts';
import { stripeStub } from './providers/stripe.ts';
import { openRunDirectory, type RunDirectory } from './run-directory.ts';

export interface LocalOptions {
  /** Of the API. 0 takes any free one. */
  readonly port: number;
  /** Keeps tables, queues and keys between runs; without it they end with the run. */
  readonly dataDir?: string | undefined;
  /** Default `capstack.config.yml` of the repository. */
  readonly configFile?: string | undefined;
  /** Makes another configuration of the file's text, for this run alone: it lies in the run's folder. */
  readonly reconfigure?: ((text: string) => string) | undefined;
  /** Schedules run once this settles; at once where left out. */
  readonly schedulesFrom?: Promise<void> | undefined;
  /** One line per step, and one per failure of a function or denial of a policy. */
  readonly log?: (line: string) => void;
}

export interface LocalRun {
  /** `http://127.0.0.1:PORT` of the API. */
  readonly url: string;
  /** Endpoint and administrator's key of the local account. */
  readonly facts: RunFacts;
  readonly application: Application;
  /** A bearer token of the local issuer. */
  readonly token: (request: TokenRequest) => Promise<string>;
  /** Resolves once every stream and queue is read to its end and no invocation is on its way. */
  readonly settled: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

const STAGE = 'local';

interface Engines {
  readonly dynamo: DynamoEngine;
  readonly cache: { readonly host: string; readonly port: number };
  /** Whether the cache is ours to set rights in. */
  readonly ownsCache: boolean;
  /** Settles once both answer. */
  readonly ready: Promise<void>;
  readonly stop: () => Promise<void>;
}

type Step = <Result>(name: string, work: () => Promise<Result>) => Promise<Result>;

/** Logs each step when it is done, with its time. */
const stepLogger =
  (log: (line: string) => void): Step =>
  async (name, work) => {
    const startedMs = performance.now();
    const result = await work();
    log(`${name}, ${((performance.now() - startedMs) / 1000).toFixed(1)} s`);
    return result;
  };

/** Addresses are known at once, so that everything else can be prepared while the engines start. */
const startEngines = async (
  directory: RunDirectory,
  step: Step,
  log: (line: string) => void,
): Promise<Engines> => {
  const { java, cacheServer } = await ensurePrerequisites(log);
  const [dynamoPort = 0] = await freePorts(1);
  const cachePort = await freeCachePort();
  const started: Promise<Engine>[] = [];
  const options = (name: string, port: number) => ({
    port,
    directory: join(directory.path, name),
    logFile: join(directory.logDir, `${name}.log`),
    log,
  });
  if (java !== undefined)
    started.push(
      step('DynamoDB Local started', () =>
        startDynamo(java, options('dynamodb', dynamoPort), directory.keep),
      ),
    );
  if (cacheServer !== undefined)
    started.push(step('cache started', () => startCache(cacheServer, options('cache', cachePort))));
  const external = process.env['CACHE_ENDPOINT'];
  const address = external && new URL(external.includes('://') ? external : `redis://${external}`);
  const dynamo = dynamoEngine(
    java === undefined ? (process.env['DYNAMODB_ENDPOINT'] ?? '') : `http://127.0.0.1:${dynamoPort}`,
  );
  const ready = Promise.all(started).then(() => undefined);
  ready.catch(() => undefined);
  return {
    dynamo,
    cache: address
      ? { host: address.hostname, port: Number(address.port || 6379) }
      : { host: '127.0.0.1', port: cachePort },
    ownsCache: cacheServer !== undefined,
    ready,
    stop: async () => {
      dynamo.close();
      const settled = await Promise.allSettled(started);
      await Promise.all(settled.map((each) => (each.status === 'fulfilled' ? each.value.stop() : undefined)));
    },
  };
};

const OWN_CONFIGURATION: string = resolve(import.meta.dirname, '../../capstack.config.yml');

/** The file to configure this run with. */
const configurationOf = (
  directory: RunDirectory,
  { configFile, reconfigure }: LocalOptions,
): string | undefined => {
  if (reconfigure === undefined) return configFile;
  const file = join(directory.path, 'capstack.config.yml');
  const own = configFile ?? process.env['CAPSTACK_CONFIG'] ?? OWN_CONFIGURATION;
  writeFileSync(file, reconfigure(readFileSync(own, 'utf8')));
  return file;
};

/** The same template as a deployment's, for the stage `local`. */
const synthesiseInto = async (directory: RunDirectory, apiUrl: string, configFile: string | undefined) => {
  const distDir = join(directory.path, 'dist');
  const outDir = join(directory.path, 'cdk.out');
  /** What an earlier run left would be taken for a function of this one. */
  for (const stale of [distDir, outDir]) rmSync(stale, { recursive: true, force: true });
  await bundle({ outDir: distDir });
  await synthesise({
    outDir,
    distDir,
    context: {
      stage: STAGE,
      stripeApiUrl: `${apiUrl}/_local/stub/stripe`,
      plaidApiUrl: `${apiUrl}/_local/stub/plaid`,
      chargebeeApiUrl: `${apiUrl}/_local/stub/chargebee/{site}`,
      gustoApiUrl: `${apiUrl}/_local/stub/gusto`,
      fxApiUrl: `${apiUrl}/_local/stub/ecb`,
      pagerDutyUrl: `${apiUrl}/_local/stub/pagerduty`,
      slackUrl: `${apiUrl}/_local/stub/slack`,
      snsUrl: `${apiUrl}/_local/stub/sns/{region}`,
      posthogUrl: `${apiUrl}/_local/stub/posthog/{host}`,
      mixpanelUrl: `${apiUrl}/_local/stub/mixpanel/{host}`,
      googleApisUrl: `${apiUrl}/_local/stub/google/{service}`,
    },
    validate: false,
    ...(configFile !== undefined && { configFile }),
  });
  return outDir;
};

const startIn = async (
  directory: RunDirectory,
  options: LocalOptions,
  cleanUps: (() => Promise<void>)[],
): Promise<Omit<LocalRun, 'stop'>> => {
  const log = options.log ?? (() => undefined);
  const step = stepLogger(log);
  const apiServer: ListeningServer = await listen(options.port);
  cleanUps.push(apiServer.stop);
  const gatewayServer = await listen(0);
  cleanUps.push(gatewayServer.stop);
  const apiUrl = `http://127.0.0.1:${apiServer.port}`;
  const gatewayUrl = `http://127.0.0.1:${gatewayServer.port}`;

  const engines = await startEngines(directory, step, log);
  cleanUps.push(engines.stop);
  const outDir = await step('functions bundled and templates synthesised', () =>
    synthesiseInto(directory, apiUrl, configurationOf(directory, options)),
  );
  const assembly = loadAssembly(outDir, { apiUrl, gatewayUrl, cache: engines.cache });
  await engines.ready;
  const [user] = assembly.ofType('AWS::ElastiCache::User');
  if (user && engines.ownsCache)
    await restrictCache(engines.cache.port, String(user.properties['AccessString']));
  const application = await step('tables created and functions loaded', () =>
    startApplication({
      assembly,
      stage: STAGE,
      region: REGION,
      engine: engines.dynamo,
      directory,
      apiServer,
      gatewayServer,
      schedulesFrom: options.schedulesFrom,
      stubs: {
        stripe: stripeStub(),
        plaid: plaidStub({ apiUrl }),
        chargebee: chargebeeStub({ apiUrl }),
        gusto: gustoStub({ apiUrl }),
        ecb: ecbStub(),
        pagerduty: pagerDutyStub(log),
        slack: slackStub(log),
        sns: snsStub({ apiUrl }),
        google: googleStub(),
        posthog: posthogStub(),
        mixpanel: mixpanelStub(),
      },
      log,
    }),
  );
  cleanUps.push(application.stop);
  return {
    url: apiUrl,
    facts: application.facts,
    application,
    token: application.issuer.token,
    settled: application.settled,
  };
};

/** @throws Error with one line that says what is missing or wrong; everything started is stopped then. */
export const startLocal = async (options: LocalOptions): Promise<LocalRun> => {
  const directory = openRunDirectory(options.dataDir);
  const cleanUps: (() => Promise<void>)[] = [];
  /** Last started, first stopped; functions before the engines they call. */
  const cleanUp = async (): Promise<void> => {
    for (let next = cleanUps.pop(); next; next = cleanUps.pop()) await next();
    directory.release();
  };
  try {
    const run = await startIn(directory, options, cleanUps);
    return { ...run, stop: cleanUp };
  } catch (error) {
    await cleanUp();
    throw error;
  }
};
