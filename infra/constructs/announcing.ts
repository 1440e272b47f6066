import { EventBus } from 'aws-cdk-lib/aws-events';
import { FilterRule } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { AnnounceEnvironment } from '../../functions/announce/environment.ts';
import { CURRENT_FORECAST_KIND } from '../../shared/contract/names.ts';
import type { StageSettings } from '../stages.ts';
import type { StatefulStack } from '../stateful-stack.ts';
import type { DeadLetters } from './dead-letters.ts';
import { PipelineFunction } from './pipeline-function.ts';
import { StreamConsumer } from './stream-consumer.ts';

/** A stored forecast in; ForecastChanged on the bus out. The table is the outbox, so none is announced but not stored. */
export class Announcing extends Construct {
  readonly announce: PipelineFunction<AnnounceEnvironment>;
  readonly bus: EventBus;

  constructor(
    scope: Construct,
    id: string,
    settings: StageSettings,
    { state }: StatefulStack,
    deadLetters: DeadLetters,
  ) {
    super(scope, id);
    this.bus = new EventBus(this, 'Bus', { description: `Forecasts of Capstack ${settings.stage}` });
    this.announce = new PipelineFunction<AnnounceEnvironment>(this, 'Announce', settings, {
      folder: 'announce',
      description: 'Changed forecasts to the event bus',
      memoryMb: 256,
      timeoutSeconds: 10,
      environment: { STAGE: settings.stage, EVENT_BUS_NAME: this.bus.eventBusName },
    });
    this.announce.allow('PutEvents', { actions: ['events:PutEvents'], resources: [this.bus.eventBusArn] });
    deadLetters.grantSend(this.announce);
    new StreamConsumer(this, 'StateStream', {
      table: state.table,
      consumer: this.announce,
      filter: {
        eventName: FilterRule.or('INSERT', 'MODIFY'),
        dynamodb: { NewImage: { kind: { S: FilterRule.isEqual(CURRENT_FORECAST_KIND) } } },
      },
      batchSize: 25,
      batchWindowSeconds: 0,
      retryAttempts: 20,
      /** The forecast itself is in the table; its number suffices. */
      onFailure: deadLetters.queue,
    });
  }
}
