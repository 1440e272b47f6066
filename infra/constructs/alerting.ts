import { Duration } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import type { AlertEnvironment } from '../../functions/alert/environment.ts';
import { CHANNEL_CREDENTIALS } from '../../shared/contract/alert.ts';
import { EVENT_SOURCE, FORECAST_CHANGED, secretPrefix } from '../../shared/contract/names.ts';
import type { StageSettings } from '../stages.ts';
import type { StatefulStack } from '../stateful-stack.ts';
import type { Alarms } from './alarms.ts';
import type { Announcing } from './announcing.ts';
import type { DeadLetters } from './dead-letters.ts';
import type { HttpApi } from './http-api.ts';
import { PipelineFunction } from './pipeline-function.ts';
import { Schedule } from './schedule.ts';
import { grantApiKey } from './secrets.ts';

/** What alerts are made of, and where they are sent from. */
export interface Alertable {
  readonly announcing: Announcing;
  readonly api: HttpApi;
  readonly alarms: Alarms;
  readonly deadLetters: DeadLetters;
}

/**
 * People are told, on PagerDuty and Slack: of what forecasts say, and of the stage's own alarms. The alarms' topic stays as it is;
 * what a channel refuses is a dead letter, and so comes by that way.
 */
export class Alerting extends Construct {
  readonly alert: PipelineFunction<AlertEnvironment>;

  constructor(
    scope: Construct,
    id: string,
    settings: StageSettings,
    { state }: StatefulStack,
    { announcing, api, alarms, deadLetters }: Alertable,
  ) {
    super(scope, id);
    this.alert = new PipelineFunction<AlertEnvironment>(this, 'Alert', settings, {
      folder: 'alert',
      description: 'What forecasts and alarms call for, to PagerDuty and Slack',
      memoryMb: 256,
      timeoutSeconds: 30,
      environment: {
        STAGE: settings.stage,
        STATE_TABLE: state.table.tableName,
        SECRET_PREFIX: secretPrefix(settings.stage),
        TENANTS: JSON.stringify(settings.tenants),
        ALERTS: JSON.stringify(settings.alerts),
        API_URL: api.url,
        DEAD_LETTER_QUEUE_URL: deadLetters.queue.queueUrl,
        PAGERDUTY_URL: settings.pagerDutyUrl,
        SLACK_URL: settings.slackUrl,
        RATE_LIMIT_PER_MINUTE: String(settings.rateLimitPerMinute),
        ADMIN_RATE_LIMITED: String(settings.adminRateLimited),
      },
    });
    state.grantAlert(this.alert);
    state.grantCountRequests(this.alert);
    for (const channel of settings.alerts.channels)
      grantApiKey(this.alert, settings.stage, channel, CHANNEL_CREDENTIALS[channel]);
    /** Both what the function refuses itself and what Lambda gives up. */
    this.alert.keepFailedEvents(deadLetters.queue);
    this.listen(announcing, alarms, deadLetters);
    /** A forecast that is not renewed changes nothing, nor does an alarm that stays well. */
    new Schedule(this, 'Hourly', { target: this.alert, at: { minute: '47' }, deadLetters });
  }

  private listen({ bus }: Announcing, { forPeople }: Alarms, deadLetters: DeadLetters): void {
    const targets = [
      new LambdaFunction(this.alert.function, {
        deadLetterQueue: deadLetters.queue,
        retryAttempts: 8,
        maxEventAge: Duration.hours(2),
      }),
    ];
    new Rule(this, 'ForecastChanged', {
      eventBus: bus,
      eventPattern: { source: [EVENT_SOURCE], detailType: [FORECAST_CHANGED] },
      targets,
    });
    new Rule(this, 'AlarmChanged', {
      eventPattern: {
        source: ['aws.cloudwatch'],
        detailType: ['CloudWatch Alarm State Change'],
        resources: forPeople.map(({ alarmArn }) => alarmArn),
      },
      targets,
    });
  }
}
