import { Construct } from 'constructs';
import type { AuditEnvironment } from '../../functions/audit/environment.ts';
import type { SettleEnvironment } from '../../functions/settle/environment.ts';
import type { StageSettings } from '../stages.ts';
import type { StatefulStack } from '../stateful-stack.ts';
import type { DeadLetters } from './dead-letters.ts';
import { PipelineFunction } from './pipeline-function.ts';
import { Schedule } from './schedule.ts';

/** Brings State up to the ledger, every night for the last days and on request for any, and seals what the ledger holds. */
export class Settling extends Construct {
  readonly settle: PipelineFunction<SettleEnvironment>;
  readonly audit: PipelineFunction<AuditEnvironment>;

  constructor(
    scope: Construct,
    id: string,
    settings: StageSettings,
    { ledger, state, archive }: StatefulStack,
    deadLetters: DeadLetters,
  ) {
    super(scope, id);
    const environment = {
      STAGE: settings.stage,
      LEDGER_TABLE: ledger.table.tableName,
      STATE_TABLE: state.table.tableName,
      ARCHIVE_BUCKET: archive.bucket.bucketName,
      TENANTS: JSON.stringify(settings.tenants),
      RATE_LIMIT_PER_MINUTE: String(settings.rateLimitPerMinute),
      ADMIN_RATE_LIMITED: String(settings.adminRateLimited),
    };
    this.settle = new PipelineFunction<SettleEnvironment>(this, 'Settle', settings, {
      folder: 'settle',
      description: 'Buckets of the ledger recomputed, compared with State, and sealed',
      /** A whole core: it folds hundreds of buckets while the caller waits, and forecasts. */
      memoryMb: 1769,
      timeoutSeconds: 300,
      environment,
    });
    ledger.grantReadBuckets(this.settle);
    ledger.grantReadRows(this.settle);
    archive.grantSeal(this.settle);
    state.grantDerive(this.settle);
    state.grantCountRequests(this.settle);
    this.audit = new PipelineFunction<AuditEnvironment>(this, 'Audit', settings, {
      folder: 'audit',
      description: 'Export of what is sealed, lineage of a figure, and what was known when; reads only',
      /** A whole core: a replay folds every day there is, and forecasts. */
      memoryMb: 1769,
      /** API Gateway gives up after 30. */
      timeoutSeconds: 29,
      environment,
    });
    ledger.grantReadBuckets(this.audit);
    ledger.grantReadRows(this.audit);
    archive.grantRead(this.audit);
    state.grantRead(this.audit);
    state.grantCountRequests(this.audit);
    this.settle.keepFailedEvents(deadLetters.queue);
    new Schedule(this, 'Nightly', {
      target: this.settle,
      at: { minute: '47', hour: '2' },
      deadLetters,
    });
  }
}
