/** Runs a synthesised template against running engines: functions, API, streams, queues, rules and policies. */
import { join } from 'node:path';
import type { Assembly } from './assembly.ts';
import { type AsyncInvoker, asyncInvoker } from './async-invoke.ts';
import { jwtAuthorizer } from './authorizer.ts';
import { type Checkpoints, openCheckpoints } from './checkpoints.ts';
import { dynamoService } from './dynamodb.ts';
import type { DynamoEngine } from './dynamodb-engine.ts';
import { type EventSource, startEventSources } from './event-source.ts';
import type { CallAs } from './failure-destination.ts';
import { type AccessKey, accessKeys, type Gateway, OPERATOR, openGateway, serveGateway } from './gateway.ts';
import { hourStriker } from './hour.ts';
import { serveHttpApi } from './http-api.ts';
import type { ListeningServer } from './http-server.ts';
import { type Issuer, openIssuer } from './issuer.ts';
import { type LocalFunction, localFunctions } from './lambda.ts';
import { localPaths, type ProviderStub, type RunFacts } from './local-paths.ts';
import { type LocalServices, openLocalServices } from './local-services.ts';
import { collectPolicies, type Policies } from './policies.ts';
import { localRoutes, routeMatcher } from './routes.ts';
import { openRules, type Rules } from './rules.ts';
import type { RunDirectory } from './run-directory.ts';
import type { AcceptedEvent } from './services/event-bridge.ts';
import { createTables, type LocalTable, localTables } from './tables.ts';
import { type Wake, wake } from './wake.ts';

export interface ApplicationOptions {
  readonly assembly: Assembly;
  readonly stage: string;
  readonly region: string;
  readonly engine: DynamoEngine;
  readonly directory: RunDirectory;
  /** Both hold their ports already. */
  readonly apiServer: ListeningServer;
  readonly gatewayServer: ListeningServer;
  readonly stubs: Readonly<Record<string, ProviderStub>>;
  /** Schedules run once this settles; at once where left out. */
  readonly schedulesFrom?: Promise<void> | undefined;
  readonly log: (line: string) => void;
}

export interface Application {
  readonly functions: readonly LocalFunction[];
  readonly issuer: Issuer;
  readonly facts: RunFacts;
  readonly callAs: CallAs;
  /** Takes a service away, for whoever wants to see what happens then: `outage('dynamodb', true)`. */
  readonly outage: Gateway['outage'];
  /** Resolves once every stream and queue is read to its end and no invocation is on its way. */
  readonly settled: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Everything that is wired together before anything runs. */
interface Wiring {
  readonly policies: Policies;
  readonly tables: readonly LocalTable[];
  readonly functions: readonly LocalFunction[];
  readonly gateway: Gateway;
  readonly rules: Rules;
  readonly invoker: AsyncInvoker;
  readonly checkpoints: Checkpoints;
  readonly local: LocalServices;
  readonly redeliver: () => void;
  readonly operator: AccessKey;
  readonly bell: Wake;
  /** Told of every change, so that they need not wait for their next look. */
  readonly sources: EventSource[];
}

const addressOf = ({ port }: ListeningServer): string => `http://127.0.0.1:${port}`;

const wire = (options: ApplicationOptions): Wiring => {
  const { assembly, stage, engine, directory, gatewayServer, log } = options;
  const gatewayUrl = addressOf(gatewayServer);
  const keys = accessKeys();
  const policies = collectPolicies(assembly);
  const tables = localTables(assembly);
  const bell = wake();
  const sources: EventSource[] = [];
  const functions = localFunctions({
    assembly,
    gatewayUrl,
    logDir: directory.logDir,
    accessKey: keys.keyFor,
    log,
  });
  /** Rules invoke functions, failures go through the gateway, and the gateway's services publish to the rules. */
  const callAs: CallAs = (...request) => gateway.callAs(...request);
  const invoker = asyncInvoker({ assembly, callAs, gatewayUrl, bell, log });
  const rules = openRules({ assembly, functions, policies, invoker, bell, log });
  const changed = (arn: string): void => {
    for (const source of sources) source.notify(arn);
  };
  const dynamo = dynamoService(engine, tables, (name) =>
    changed(tables.find((table) => table.name === name)?.arn ?? ''),
  );
  const dispatch = (accepted: AcceptedEvent): void => {
    rules
      .publish(accepted)
      .then((done) => done && local.events.delivered(accepted.event.id))
      .catch((error) => log(`event ${accepted.event.id}: ${error}`));
  };
  const local = openLocalServices({ assembly, stage, directory, changed, accepted: dispatch });
  const gateway = openGateway({ services: [dynamo, ...local.services], policies, log });
  serveGateway(gatewayServer, gateway, keys, log);
  return {
    policies,
    tables,
    functions,
    gateway,
    rules,
    invoker,
    bell,
    sources,
    local,
    /** What an earlier run accepted and did not finish. */
    redeliver: () => {
      for (const event of local.events.pending()) dispatch(event);
    },
    operator: keys.keyFor(OPERATOR),
    checkpoints: openCheckpoints(directory.keep ? join(directory.path, 'checkpoints.json') : undefined),
  };
};

/** Functions that a person or a stream waits for; the others start when they are first needed. */
const warmUp = async (assembly: Assembly, functions: readonly LocalFunction[]): Promise<void> => {
  const uris = assembly
    .ofType('AWS::ApiGatewayV2::Integration')
    .map(({ properties }) => String(properties['IntegrationUri']));
  const mapped = assembly
    .ofType('AWS::Lambda::EventSourceMapping')
    .map(({ properties }) => String(properties['FunctionName']));
  const queue = functions.filter(
    ({ name, arn }) => uris.some((uri) => uri.includes(arn)) || mapped.includes(name) || mapped.includes(arn),
  );
  /** Two at a time: each start keeps one core busy. */
  const warmNext = async (): Promise<void> => {
    for (let next = queue.shift(); next; next = queue.shift()) await next.warm();
  };
  await Promise.all([warmNext(), warmNext()]);
};

const authenticationOf = (assembly: Assembly): { issuerUrl: string; audiences: string[] } => {
  const settings = assembly.ofType('AWS::ApiGatewayV2::Authorizer')[0]?.properties['JwtConfiguration'] as
    | { Issuer?: string; Audience?: string[] }
    | undefined;
  return {
    issuerUrl: settings?.Issuer ?? 'https://local.invalid',
    audiences: settings?.Audience ?? ['local'],
  };
};

const serveApi = async (options: ApplicationOptions, wiring: Wiring) => {
  const { assembly, directory, apiServer, gatewayServer, stage, region, stubs, log } = options;
  const { issuerUrl, audiences } = authenticationOf(assembly);
  const keyFile = join(directory.path, 'issuer-key.json');
  const issuer = await openIssuer(keyFile, issuerUrl, audiences[0] ?? '');
  const facts: RunFacts = {
    stage,
    region,
    endpoint: addressOf(gatewayServer),
    operator: wiring.operator,
    dataDir: directory.path,
    outputs: assembly.outputs,
  };
  serveHttpApi(apiServer, {
    apiId: assembly.ofType('AWS::ApiGatewayV2::Api')[0]?.ref ?? 'local',
    match: routeMatcher(localRoutes(assembly, wiring.functions)),
    authorize: jwtAuthorizer({ issuer: issuerUrl, audiences, keySet: issuer.keySet }),
    localPaths: localPaths({
      issuer,
      issuerUrl,
      facts,
      strikeHour: hourStriker(wiring.functions),
      stubs: { ...stubs, ...wiring.local.controls },
    }),
    log,
  });
  return { issuer, facts };
};

const SETTLE_PAUSE_MS = 20;

/** Twice in a row, because what ends one invocation may begin another. */
const settle = async (isBusy: () => boolean): Promise<void> => {
  for (let quiet = 0; quiet < 2; quiet = isBusy() ? 0 : quiet + 1)
    await new Promise((resolve) => setTimeout(resolve, SETTLE_PAUSE_MS));
};

/** @throws Error naming the part of the template that cannot run here. */
export const startApplication = async (options: ApplicationOptions): Promise<Application> => {
  const { assembly, engine, gatewayServer, log } = options;
  const wiring = wire(options);
  const { functions, tables, gateway, sources, bell, checkpoints, invoker } = wiring;
  await Promise.all([createTables(engine, tables), warmUp(assembly, functions)]);
  sources.push(
    ...(await startEventSources({
      ...wiring,
      assembly,
      engine,
      log,
      callAs: gateway.callAs,
      gatewayUrl: addressOf(gatewayServer),
    })),
  );
  wiring.redeliver();
  if (options.schedulesFrom === undefined) wiring.rules.start();
  else options.schedulesFrom.then(wiring.rules.start, log);
  const { issuer, facts } = await serveApi(options, wiring);
  return {
    functions,
    issuer,
    facts,
    callAs: gateway.callAs,
    outage: gateway.outage,
    settled: () => settle(() => sources.some((source) => source.isBusy()) || invoker.pending() > 0),
    stop: async () => {
      bell.stop();
      await Promise.all(sources.map((source) => source.stop()));
      await Promise.all(functions.map((each) => each.stop()));
      await checkpoints.flush();
      wiring.local.close();
    },
  };
};
