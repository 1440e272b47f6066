/** What a deployment costs a month, computed from its templates and a table of prices. An estimate, not a quotation. */

/** US dollars in us-east-1, November 2026. */
const PRICES = {
  httpRequest: 1.0e-6,
  lambdaRequest: 0.2e-6,
  lambdaGbSecond: 0.0000133334,
  writeUnit: 0.625e-6,
  readUnit: 0.125e-6,
  tableGbMonth: 0.25,
  backupGbMonth: 0.2,
  queueRequest: 0.4e-6,
  busEvent: 1.0e-6,
  cacheGbHour: 0.084,
  cacheUnit: 0.0023e-6,
  logGb: 0.5,
  metric: 0.3,
  alarm: 0.1,
  costRequest: 0.01,
} as const;

/** What AWS gives every account every month, for ever. */
const FREE = {
  lambdaRequests: 1_000_000,
  lambdaGbSeconds: 400_000,
  tableGb: 25,
  queueRequests: 1_000_000,
  logGb: 5,
  metrics: 10,
  alarms: 10,
} as const;

/** Printed with the table: whoever knows better corrects them here. */
export const ASSUMPTIONS: readonly string[] = [
  'us-east-1, first month, permanent free tier included, nothing else in the account',
  'one webhook is one event; each recomputes the forecast unless one runs already (0.35 s at 1.7 GB)',
  'an event costs 5 write units (delivery, fact, index), a forecast 17 (12 of them the record of its day) and reads 20 units',
  'with alerts.channels, each forecast is judged by three rules that cost 3 write and 20 read units',
  'with tenants[].aws, Cost Explorer is asked twice a day for one page at a cent',
  'a table row is 2 KB; every twentieth event is a request of a person',
  'a run by the clock takes two seconds; a row that changes in a product’s own database is an event',
];

const HOURS_A_MONTH = 730;
const NIGHTS_A_MONTH = 30;
const FORECAST_SECONDS = 0.35;
/** A queue without messages is asked about this often a month. */
const IDLE_RECEIVES = 650_000;
/** The smallest cache that is charged. */
const CACHE_GB = 0.1;
const METRIC_NAMES = 10;
const SCHEDULED_SECONDS = 2;
/** Two readings a day, of one page each. */
const COST_REQUESTS = 61;

export interface Deployment {
  readonly hasCache: boolean;
  readonly alarms: number;
  /** Whether it asks Cost Explorer what the account costs. */
  readonly readsCosts: boolean;
  /** Whether people are told on PagerDuty and Slack. */
  readonly tellsPeople: boolean;
  /** Runs by the clock, a month, and their memory times the number of runs. */
  readonly scheduled: { readonly runs: number; readonly runGb: number };
}

export interface CostLine {
  readonly service: string;
  readonly usd: number;
}

interface Template {
  readonly Resources: Readonly<
    Record<string, { readonly Type: string; readonly Properties?: Readonly<Record<string, unknown>> }>
  >;
}

interface Target {
  readonly Arn?: { readonly 'Fn::GetAtt'?: readonly string[] };
}

/** Every hour or once a day; the schedules of this repository know no other. */
const runsAMonth = (expression: string): number =>
  /^cron\(\S+ \* /.test(expression) ? HOURS_A_MONTH : NIGHTS_A_MONTH;

/** Runs by the clock of one template, each with the memory of the function that it calls. */
const schedulesOf = ({ Resources }: Template): readonly { readonly runs: number; readonly gb: number }[] =>
  Object.values(Resources).flatMap(({ Type, Properties: { ScheduleExpression, Targets } = {} }) => {
    if (Type !== 'AWS::Events::Rule' || typeof ScheduleExpression !== 'string') return [];
    return ((Targets ?? []) as readonly Target[]).map(({ Arn }) => {
      const memoryMb = Resources[Arn?.['Fn::GetAtt']?.[0] ?? '']?.Properties?.['MemorySize'];
      return { runs: runsAMonth(ScheduleExpression), gb: Number(memoryMb ?? 128) / 1024 };
    });
  });

/** What matters to the bill in a set of templates. */
export const deploymentOf = (templates: readonly Template[]): Deployment => {
  const types = templates.flatMap((template) => Object.values(template.Resources).map(({ Type }) => Type));
  const schedules = templates.flatMap(schedulesOf);
  return {
    scheduled: {
      runs: schedules.reduce((sum, { runs }) => sum + runs, 0),
      runGb: schedules.reduce((sum, { runs, gb }) => sum + runs * gb, 0),
    },
    hasCache: types.includes('AWS::ElastiCache::ServerlessCache'),
    alarms: types.filter((type) => type === 'AWS::CloudWatch::Alarm').length,
    readsCosts: JSON.stringify(templates).includes('"ce:GetCostAndUsage"'),
    tellsPeople: JSON.stringify(templates).includes('"PAGERDUTY_URL"'),
  };
};

const above = (used: number, free: number): number => Math.max(0, used - free);

export const monthlyCost = (deployment: Deployment, eventsPerMonth: number): CostLine[] => {
  const requests = eventsPerMonth / 20;
  /** While one forecast is computed the next batch gathers, so there are never more than fit in a month. */
  const forecasts = Math.min(eventsPerMonth, (HOURS_A_MONTH * 3600) / FORECAST_SECONDS) + HOURS_A_MONTH;
  const { runs, runGb } = deployment.scheduled;
  /** Each changed forecast is judged anew; what the clock judges is among the runs. */
  const judged = deployment.tellsPeople ? forecasts : 0;
  const invocations = eventsPerMonth + requests + 2 * forecasts + runs + judged;
  const gbSeconds =
    eventsPerMonth * 0.04 * 0.5 +
    forecasts * (FORECAST_SECONDS * 1.73 + 0.01 * 0.25) +
    judged * 0.05 * 0.25 +
    requests * 0.02 * 0.5 +
    runGb * SCHEDULED_SECONDS;
  const tableGb = (eventsPerMonth * 4) / 1e6;
  const logGb = ((eventsPerMonth + requests + forecasts) * 1.5) / 1e6;
  return [
    { service: 'API Gateway', usd: (eventsPerMonth + requests) * PRICES.httpRequest },
    {
      service: 'Lambda',
      usd:
        above(invocations, FREE.lambdaRequests) * PRICES.lambdaRequest +
        above(gbSeconds, FREE.lambdaGbSeconds) * PRICES.lambdaGbSecond,
    },
    {
      service: 'DynamoDB requests',
      usd:
        (eventsPerMonth * 5 + forecasts * 17 + requests + judged * 3) * PRICES.writeUnit +
        (forecasts * 20 + requests + judged * 20) * PRICES.readUnit,
    },
    {
      service: 'DynamoDB storage and backup',
      usd: above(tableGb, FREE.tableGb) * PRICES.tableGbMonth + tableGb * PRICES.backupGbMonth,
    },
    { service: 'SQS', usd: above(IDLE_RECEIVES, FREE.queueRequests) * PRICES.queueRequest },
    { service: 'EventBridge', usd: forecasts * PRICES.busEvent },
    {
      service: 'ElastiCache Serverless',
      usd: deployment.hasCache
        ? CACHE_GB * HOURS_A_MONTH * PRICES.cacheGbHour + (forecasts + requests) * 4 * PRICES.cacheUnit
        : 0,
    },
    { service: 'CloudWatch logs', usd: above(logGb, FREE.logGb) * PRICES.logGb },
    {
      service: 'CloudWatch metrics and alarms',
      usd:
        above(METRIC_NAMES, FREE.metrics) * PRICES.metric +
        above(deployment.alarms, FREE.alarms) * PRICES.alarm,
    },
    { service: 'Cost Explorer', usd: deployment.readsCosts ? COST_REQUESTS * PRICES.costRequest : 0 },
  ];
};

export const total = (lines: readonly CostLine[]): number => lines.reduce((sum, line) => sum + line.usd, 0);
