import { FilterRule } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { ForecastEnvironment } from '../../functions/forecast/environment.ts';
import { LEDGER_INDEX } from '../../shared/contract/names.ts';
import type { StageSettings } from '../stages.ts';
import type { StatefulStack } from '../stateful-stack.ts';
import type { DeadLetters } from './dead-letters.ts';
import { PipelineFunction } from './pipeline-function.ts';
import { Schedule } from './schedule.ts';
import { StreamConsumer } from './stream-consumer.ts';

/** New ledger rows in; the tenant's runway, in State and cache, out. */
export class Forecasting extends Construct {
  readonly forecast: PipelineFunction<ForecastEnvironment>;

  constructor(
    scope: Construct,
    id: string,
    settings: StageSettings,
    { ledger, state, cache, network, streamFailures }: StatefulStack,
    deadLetters: DeadLetters,
  ) {
    super(scope, id);
    this.forecast = new PipelineFunction<ForecastEnvironment>(this, 'Forecast', settings, {
      folder: 'forecast',
      description: 'Changed ledger buckets to aggregates, forecast and metrics',
      /** One whole processor: the simulation has nothing else to wait for. */
      memoryMb: 1769,
      timeoutSeconds: 60,
      environment: {
        STAGE: settings.stage,
        LEDGER_TABLE: ledger.table.tableName,
        STATE_TABLE: state.table.tableName,
        CACHE_URL: cache?.url ?? '',
        TENANTS: JSON.stringify(settings.tenants),
      },
      network,
    });
    ledger.grantReadBuckets(this.forecast);
    state.grantDerive(this.forecast);
    cache?.grantConnect(this.forecast);
    streamFailures.grantReceive(this.forecast);
    new StreamConsumer(this, 'LedgerStream', {
      table: ledger.table,
      consumer: this.forecast,
      filter: {
        eventName: FilterRule.isEqual('INSERT'),
        dynamodb: { NewImage: { [LEDGER_INDEX.partition]: { S: FilterRule.exists() } } },
      },
      batchSize: 1000,
      batchWindowSeconds: settings.batchWindowSeconds,
      retryAttempts: 10,
      onFailure: streamFailures,
    });
    this.forecast.keepFailedEvents(deadLetters.queue);
    /** A day ends in some tenant's zone at nearly every hour, and the runway is a day shorter then. */
    new Schedule(this, 'Hourly', {
      target: this.forecast,
      at: { minute: '1' },
      input: { refresh: true },
      deadLetters,
    });
  }
}
