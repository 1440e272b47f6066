import { Duration, Stack } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  MathExpression,
  Metric,
  Stats,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { METRIC_NAMESPACE, METRIC_SERVICE, METRICS, type MetricName } from '../../shared/contract/names.ts';
import type { StageSettings } from '../stages.ts';
import type { HttpApi } from './http-api.ts';
import type { PipelineFunction } from './pipeline-function.ts';
import type { StreamFailures } from './stream-failures.ts';

export interface Watched {
  readonly api: HttpApi;
  readonly buffer: Queue;
  readonly deadLetters: Queue;
  readonly streamFailures: StreamFailures;
  readonly forecast: PipelineFunction;
  /** Readers of a stream, by the name their alarm has. */
  readonly consumers: Readonly<Record<string, PipelineFunction>>;
}

/** What no data means: `bad` where silence is itself the failure, `good` where data comes only with trouble. */
type Silence = 'keeps' | 'bad' | 'good';

interface AlarmRow {
  readonly id: string;
  /** What it means and what to do, for whoever is woken by it. */
  readonly reason: string;
  readonly metric: IMetric;
  readonly is: 'below' | 'above';
  readonly threshold: number;
  readonly periods: number;
  readonly silence: Silence;
}

const SILENCE: Record<Silence, TreatMissingData> = {
  keeps: TreatMissingData.IGNORE,
  bad: TreatMissingData.BREACHING,
  good: TreatMissingData.NOT_BREACHING,
};

const ours = (name: MetricName, statistic: string, period: Duration): Metric =>
  new Metric({
    namespace: METRIC_NAMESPACE,
    metricName: name,
    dimensionsMap: { service: METRIC_SERVICE },
    statistic,
    period,
  });

const hour = Duration.hours(1);
const fiveMinutes = Duration.minutes(5);

/** The numbers themselves, and whether they can be trusted. The worst tenant counts. */
const numberAlarms = ({ alerts, reconciliation }: StageSettings): AlarmRow[] => [
  {
    id: 'BooksDiffer',
    reason:
      'Books and sources differ by more than is tolerated, money waits between Stripe and the bank, or a source fell silent: capstack reconcile says where.',
    metric: ours(METRICS.reconciliationVariance, Stats.MAXIMUM, hour),
    is: 'above',
    threshold: reconciliation.variance,
    periods: 1,
    silence: 'keeps',
  },
  {
    id: 'RunwayPage',
    reason: `In 5 of 100 futures the money is gone within ${alerts.p5PageDays} days. Look at the plan of the policy.`,
    metric: ours(METRICS.runwayP5Days, Stats.MINIMUM, hour),
    is: 'below',
    threshold: alerts.p5PageDays,
    periods: 2,
    silence: 'keeps',
  },
  {
    id: 'RunwayCritical',
    reason: `In 5 of 100 futures the money is gone within ${alerts.p5CriticalDays} days.`,
    metric: ours(METRICS.runwayP5Days, Stats.MINIMUM, hour),
    is: 'below',
    threshold: alerts.p5CriticalDays,
    periods: 1,
    silence: 'keeps',
  },
  {
    id: 'BurnErratic',
    reason: `Daily burn varies by more than ${alerts.burnRateStd}. Look for a misclassified expense or a refund batch.`,
    metric: ours(METRICS.burnRateStd, Stats.MAXIMUM, hour),
    is: 'above',
    threshold: alerts.burnRateStd,
    periods: 2,
    silence: 'keeps',
  },
  {
    id: 'ForecastStale',
    reason:
      'The runway is no longer renewed every hour, or nobody reports its age: do not trust the number shown.',
    metric: ours(METRICS.forecastAgeSeconds, Stats.MAXIMUM, hour),
    is: 'above',
    threshold: alerts.forecastAgeSeconds,
    periods: 2,
    silence: 'bad',
  },
];

const pathAlarms = ({ api, buffer, deadLetters, streamFailures }: Watched): AlarmRow[] => [
  {
    id: 'DeadLetters',
    reason:
      'Something could not be delivered after all retries. Read the dead letter queue, repair, redrive.',
    metric: deadLetters.metricApproximateNumberOfMessagesVisible({
      period: fiveMinutes,
      statistic: Stats.MAXIMUM,
    }),
    is: 'above',
    threshold: 0,
    periods: 1,
    silence: 'good',
  },
  {
    id: 'BufferOld',
    reason: 'Webhooks wait in the buffer: the ledger cannot be written. Nothing is lost for 14 days.',
    metric: buffer.metricApproximateAgeOfOldestMessage({ period: fiveMinutes, statistic: Stats.MAXIMUM }),
    is: 'above',
    threshold: 300,
    periods: 1,
    silence: 'good',
  },
  {
    id: 'StreamFailures',
    reason:
      'Ledger rows were set aside unprocessed. S3 counts once a day, so the iterator age mostly speaks first.',
    metric: new Metric({
      namespace: 'AWS/S3',
      metricName: 'NumberOfObjects',
      dimensionsMap: { BucketName: streamFailures.bucket.bucketName, StorageType: 'AllStorageTypes' },
      statistic: Stats.MAXIMUM,
      period: Duration.days(1),
    }),
    is: 'above',
    threshold: 0,
    periods: 1,
    silence: 'good',
  },
  {
    id: 'ApiFailing',
    reason:
      'More than 5 of 100 requests were answered with a server error. Providers retry webhooks for days.',
    metric: new MathExpression({
      expression: '100 * failed / count',
      label: 'failed requests, percent',
      usingMetrics: {
        failed: api.stage.metricServerError({ statistic: Stats.SUM }),
        count: api.stage.metricCount({ statistic: Stats.SUM }),
      },
      period: fiveMinutes,
    }),
    is: 'above',
    threshold: 5,
    periods: 2,
    silence: 'good',
  },
];

/**
 * Functions called by EventBridge have no alarm of their own: what they cannot do in three tries is a dead letter. The
 * API's functions have none either, because their errors are the API's.
 */
const functionAlarms = ({ consumers, forecast }: Watched): AlarmRow[] => [
  ...Object.entries(consumers).map(
    ([name, consumer]): AlarmRow => ({
      id: `${name}Behind`,
      reason: `${name} has not kept up with its stream for 15 minutes; records expire after 24 hours.`,
      metric: consumer.function.metric('IteratorAge', { period: fiveMinutes, statistic: Stats.MAXIMUM }),
      is: 'above',
      threshold: Duration.minutes(15).toMilliseconds(),
      periods: 1,
      silence: 'good',
    }),
  ),
  {
    id: 'ForecastErrors',
    reason: 'The forecast fails again and again; single failures are retried and do not alarm. Read its log.',
    metric: forecast.function.metricErrors({ period: fiveMinutes, statistic: Stats.SUM }),
    is: 'above',
    threshold: 3,
    periods: 2,
    silence: 'good',
  },
];

/** Told for each tenant by itself, from its forecast. */
const TOLD_OTHERWISE: readonly string[] = ['RunwayPage', 'RunwayCritical', 'BurnErratic'];

/** One table of alarms, each with its reason, to one topic. */
export class Alarms extends Construct {
  readonly topic: Topic;
  /** What people may be told of beside the topic. */
  readonly forPeople: readonly Alarm[];

  constructor(scope: Construct, id: string, settings: StageSettings, watched: Watched) {
    super(scope, id);
    this.topic = new Topic(this, 'Topic', { displayName: `Capstack ${settings.stage}`, enforceSSL: true });
    /** A topic with a policy of its own has lost the default one, which lets the account's alarms publish. */
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AlarmsPublish',
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [this.topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
    if (settings.alarmEmail !== undefined)
      this.topic.addSubscription(new EmailSubscription(settings.alarmEmail));
    const action = new SnsAction(this.topic);
    const forPeople: Alarm[] = [];
    for (const row of [...numberAlarms(settings), ...pathAlarms(watched), ...functionAlarms(watched)]) {
      const alarm = new Alarm(this, row.id, {
        alarmDescription: row.reason,
        metric: row.metric,
        threshold: row.threshold,
        comparisonOperator:
          row.is === 'below'
            ? ComparisonOperator.LESS_THAN_THRESHOLD
            : ComparisonOperator.GREATER_THAN_THRESHOLD,
        evaluationPeriods: row.periods,
        treatMissingData: SILENCE[row.silence],
      });
      alarm.addAlarmAction(action);
      alarm.addOkAction(action);
      if (!TOLD_OTHERWISE.includes(row.id)) forPeople.push(alarm);
    }
    this.forPeople = forPeople;
  }
}
