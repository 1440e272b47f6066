import { Construct } from 'constructs';
import type { ReconcileEnvironment } from '../../functions/reconcile/environment.ts';
import { secretPrefix } from '../../shared/contract/names.ts';
import type { StageSettings } from '../stages.ts';
import type { StatefulStack } from '../stateful-stack.ts';
import type { DeadLetters } from './dead-letters.ts';
import { PipelineFunction } from './pipeline-function.ts';
import { Schedule } from './schedule.ts';
import { grantStripeKey } from './secrets.ts';

/** Looks after the number: how old it is, and whether books and sources agree. It appends nothing: pulling does. */
export class Reconciliation extends Construct {
  readonly reconcile: PipelineFunction<ReconcileEnvironment>;

  constructor(
    scope: Construct,
    id: string,
    settings: StageSettings,
    { ledger, state }: StatefulStack,
    deadLetters: DeadLetters,
  ) {
    super(scope, id);
    const { frequency, ...tolerance } = settings.reconciliation;
    this.reconcile = new PipelineFunction<ReconcileEnvironment>(this, 'Reconcile', settings, {
      folder: 'reconcile',
      description: 'Age of the forecasts; books compared with their sources',
      memoryMb: 1024,
      timeoutSeconds: 300,
      environment: {
        STAGE: settings.stage,
        LEDGER_TABLE: ledger.table.tableName,
        STATE_TABLE: state.table.tableName,
        SECRET_PREFIX: secretPrefix(settings.stage),
        TENANTS: JSON.stringify(settings.tenants),
        STRIPE_API_URL: settings.stripeApiUrl,
        RECONCILIATION: JSON.stringify(tolerance),
        RATE_LIMIT_PER_MINUTE: String(settings.rateLimitPerMinute),
        ADMIN_RATE_LIMITED: String(settings.adminRateLimited),
      },
    });
    ledger.grantReadBuckets(this.reconcile);
    state.grantDerive(this.reconcile);
    state.grantCountRequests(this.reconcile);
    grantStripeKey(this.reconcile, settings.stage);
    this.reconcile.keepFailedEvents(deadLetters.queue);
    new Schedule(this, 'Hourly', {
      target: this.reconcile,
      at: { minute: '27' },
      ...(frequency === 'hourly' && { input: { everybody: true } }),
      deadLetters,
    });
    if (frequency === 'daily')
      new Schedule(this, 'Daily', {
        target: this.reconcile,
        at: { minute: '17', hour: '3' },
        input: { everybody: true },
        deadLetters,
      });
  }
}
