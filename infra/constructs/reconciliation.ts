import { Construct } from 'constructs';
import type { ReconcileEnvironment } from '../../functions/reconcile/environment.ts';
import type { StageSettings } from '../stages.ts';
import type { StatefulStack } from '../stateful-stack.ts';
import type { DeadLetters } from './dead-letters.ts';
import { PipelineFunction } from './pipeline-function.ts';
import { Schedule } from './schedule.ts';

/** Looks after the number by the clock: how old it is. It does not compare with the sources yet. */
export class Reconciliation extends Construct {
  readonly reconcile: PipelineFunction<ReconcileEnvironment>;

  constructor(
    scope: Construct,
    id: string,
    settings: StageSettings,
    { state }: StatefulStack,
    deadLetters: DeadLetters,
  ) {
    super(scope, id);
    this.reconcile = new PipelineFunction<ReconcileEnvironment>(this, 'Reconcile', settings, {
      folder: 'reconcile',
      description: 'Age of the forecasts',
      memoryMb: 1024,
      timeoutSeconds: 300,
      environment: {
        STAGE: settings.stage,
        STATE_TABLE: state.table.tableName,
        TENANTS: JSON.stringify(settings.tenants),
      },
    });
    state.grantRead(this.reconcile);
    this.reconcile.keepFailedEvents(deadLetters.queue);
    new Schedule(this, 'Hourly', {
      target: this.reconcile,
      at: { minute: '27' },
      deadLetters,
    });
  }
}
