/** Strings that infrastructure and runtime must agree on. */

/** CloudWatch namespace and the ten metric names, all with the single dimension `service`. */
export const METRIC_NAMESPACE = 'Capstack';
export const METRIC_SERVICE = 'capstack';
export const METRICS = {
  eventsIngested: 'capital_events_ingested_total',
  eventsDuplicate: 'capital_events_duplicate_total',
  eventsRejected: 'capital_events_rejected_total',
  runwayP5Days: 'runway_p5_days',
  runwayP50Days: 'runway_p50_days',
  runwayP95Days: 'runway_p95_days',
  burnRateStd: 'burn_rate_std',
  optimizationApplied: 'cloud_optimization_applied_total',
  reconciliationVariance: 'reconciliation_variance_ratio',
  forecastAgeSeconds: 'forecast_age_seconds',
} as const;
export type MetricName = (typeof METRICS)[keyof typeof METRICS];

/** Ledger and State share one key shape; the Ledger has one index. */
export const TABLE_KEYS = { partition: 'pk', sort: 'sk' } as const;
export const LEDGER_INDEX = {
  name: 'byBucket',
  partition: 'bucket',
  sort: 'bucketOrder',
  /** What the recomputation of a bucket reads; the raw body stays in the row, outside the index. */
  attributes: ['kind', 'fact', 'contentHash', 'reverses', 'delivery', 'quarantined', 'recordedAt', 'tenant'],
} as const;
export const STATE_TTL_ATTRIBUTE = 'expiresAt';

/** Ledger row kinds and State item kinds that stream filters select on (attribute `kind`). */
export const LEDGER_KINDS = {
  delivery: 'delivery',
  fact: 'fact',
  reversal: 'reversal',
  conflict: 'conflict',
  progress: 'progress',
} as const;
/** Set on delivery rows that tell us to fetch something from the provider. */
export const DOORBELL_ATTRIBUTE = 'doorbell';
/** State attribute `kind` of the tenant's current forecast; the announce function's stream filter. */
export const CURRENT_FORECAST_KIND = 'forecast';

export const EVENT_SOURCE = 'capstack.forecast';
export const FORECAST_CHANGED = 'ForecastChanged';

/** Auto Scaling groups are managed by tag, and carry their before-state as one. */
export const ASG_TAGS = {
  managed: 'capstack-managed',
  environment: 'capstack-environment',
  baseline: 'capstack-baseline',
  /** `batch`: interruptible work, may stop altogether; `shift`: may run on spot instances instead. */
  spot: 'capstack-spot',
} as const;
export const ENVIRONMENTS = ['production', 'staging', 'dev'] as const;

export const policyModeParameter = (stage: string): string => `/capstack/${stage}/policy/mode`;
/** Parent of `/{tenant}/{source}/webhook/{current|previous}`. */
export const secretPrefix = (stage: string): string => `/capstack/${stage}`;

export const WEBHOOK_SOURCES = [
  'stripe',
  'plaid',
  'chargebee',
  'gusto',
  'payroll',
  'generic',
  'aws-budgets',
] as const;

/** OAuth scopes of the API. `admin` implies every other. */
export const SCOPES = [
  'runway:read',
  'metrics:read',
  'plan:write',
  'import:write',
  'policy:write',
  'admin',
] as const;
export type Scope = (typeof SCOPES)[number];
