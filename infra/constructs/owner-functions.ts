import { Construct } from 'constructs';
import type { CommandEnvironment } from '../../functions/command/environment.ts';
import type { ExplainEnvironment } from '../../functions/explain/environment.ts';
import type { ImportEnvironment } from '../../functions/import/environment.ts';
import type { ReadEnvironment } from '../../functions/read/environment.ts';
import type { ScenarioEnvironment } from '../../functions/scenario/environment.ts';
import type { StageSettings } from '../stages.ts';
import type { StatefulStack } from '../stateful-stack.ts';
import type { Governing } from './governing.ts';
import { PipelineFunction } from './pipeline-function.ts';

/** What answers people: reading, commanding, importing files, asking what if and why. Five functions, because they may do different things. */
export class OwnerFunctions extends Construct {
  readonly read: PipelineFunction<ReadEnvironment>;
  readonly command: PipelineFunction<CommandEnvironment>;
  readonly imports: PipelineFunction<ImportEnvironment>;
  readonly scenario: PipelineFunction<ScenarioEnvironment>;
  readonly explain: PipelineFunction<ExplainEnvironment>;

  constructor(
    scope: Construct,
    id: string,
    settings: StageSettings,
    { ledger, state, archive, cache, network }: StatefulStack,
    governing: Governing,
  ) {
    super(scope, id);
    const shared = {
      STAGE: settings.stage,
      STATE_TABLE: state.table.tableName,
      RATE_LIMIT_PER_MINUTE: String(settings.rateLimitPerMinute),
      ADMIN_RATE_LIMITED: String(settings.adminRateLimited),
    };
    const tenants = JSON.stringify(settings.tenants);

    this.read = new PipelineFunction<ReadEnvironment>(this, 'Read', settings, {
      folder: 'read',
      description: 'Runway, plan and decisions, cache first',
      memoryMb: 512,
      timeoutSeconds: 5,
      environment: {
        ...shared,
        CACHE_URL: cache?.url ?? '',
        TENANTS: tenants,
      },
      network,
    });
    state.grantRead(this.read);
    state.grantCountRequests(this.read);
    cache?.grantConnect(this.read);

    this.command = new PipelineFunction<CommandEnvironment>(this, 'Command', settings, {
      folder: 'command',
      description: 'Changes of plan into the ledger, and orders to the policy',
      memoryMb: 512,
      timeoutSeconds: 10,
      environment: {
        ...shared,
        LEDGER_TABLE: ledger.table.tableName,
        ARCHIVE_BUCKET: archive.bucket.bucketName,
        POLICY_MODE_PARAMETER: governing.mode.parameterName,
        TENANTS: tenants,
      },
    });
    ledger.grantAppend(this.command);
    archive.grantWrite(this.command);
    state.grantCountRequests(this.command);
    governing.grantSetMode(this.command);
    state.grantAskPolicy(this.command);

    this.imports = new PipelineFunction<ImportEnvironment>(this, 'Import', settings, {
      folder: 'import',
      description: "An account's rows in; each of them in the ledger, once",
      /** A whole core: it signs thousands of writes while the caller waits. */
      memoryMb: 1769,
      /** API Gateway gives up after 30. */
      timeoutSeconds: 29,
      environment: {
        ...shared,
        LEDGER_TABLE: ledger.table.tableName,
        ARCHIVE_BUCKET: archive.bucket.bucketName,
        TENANTS: tenants,
      },
    });
    ledger.grantAppend(this.imports);
    ledger.grantReadBuckets(this.imports);
    archive.grantWrite(this.imports);
    state.grantCountRequests(this.imports);

    this.scenario = new PipelineFunction<ScenarioEnvironment>(this, 'Scenario', settings, {
      folder: 'scenario',
      description: 'A scenario in, its forecast out; reads no data of anyone',
      memoryMb: 1769,
      /** API Gateway gives up after 30. */
      timeoutSeconds: 29,
      environment: { ...shared, TENANTS: tenants },
    });
    state.grantCountRequests(this.scenario);

    this.explain = new PipelineFunction<ExplainEnvironment>(this, 'Explain', settings, {
      folder: 'explain',
      description: 'The page, why the runway moved, and what would move it; stores nothing',
      memoryMb: 1769,
      /** API Gateway gives up after 30. */
      timeoutSeconds: 29,
      environment: {
        ...shared,
        LEDGER_TABLE: ledger.table.tableName,
        TENANTS: tenants,
        OPEN_PAGE_TENANT: settings.openPage ? (settings.tenants[0]?.tenant ?? '') : '',
      },
    });
    state.grantRead(this.explain);
    state.grantCountRequests(this.explain);
    ledger.grantReadBuckets(this.explain);
  }
}
