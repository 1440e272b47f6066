import type { ForecastCache } from '../../shared/aws/forecast-cache.ts';
import type { ForecastHistory } from '../../shared/aws/forecast-history.ts';
import { type LiveReading, liveView } from '../../shared/aws/live-view.ts';
import { documentOf } from '../../shared/canonical/document.ts';
import { METRICS } from '../../shared/contract/names.ts';
import type { TenantSettings } from '../../shared/contract/tenant.ts';
import type { Log } from '../../shared/lambda/logger.ts';
import type { MetricValues } from '../../shared/lambda/metrics.ts';
import type { BucketRow, LedgerRow } from '../../shared/ledger/row.ts';
import { type Runway, runwayOf } from '../../shared/runway/runway.ts';
import { type AggregateDeps, refoldBuckets } from './aggregate.ts';
import { learnFromPast } from './learn.ts';

export interface RecomputeDeps extends Omit<AggregateDeps, 'daysRead'>, Pick<LiveReading, 'daysRead'> {
  readonly cache: ForecastCache;
  readonly history: Pick<ForecastHistory, 'put'>;
  readonly tenants: readonly TenantSettings[];
}

export interface Reporting {
  readonly nowMs: number;
  readonly log: Log;
  metrics(values: MetricValues, properties?: Readonly<Record<string, string | number>>): void;
}

/** A row as the stream delivers it. */
export interface SeenRow {
  readonly sequenceNumber: string;
  readonly row: BucketRow;
}

/** Rows outside any bucket (raw deliveries) change nothing derived. */
export const isBucketRow = (row: LedgerRow): row is LedgerRow & BucketRow => row.bucket !== undefined;

/** A quantile beyond the horizon is reported as the horizon, a lower bound, so that the alarm on it recovers. */
const report = (tenant: string, { forecast }: Runway, reporting: Reporting): void => {
  if (forecast.status === 'insufficient_data') return;
  const bounded = (quantile: number | null): number => quantile ?? forecast.horizonDays;
  reporting.metrics(
    {
      [METRICS.runwayP5Days]: bounded(forecast.days.p5),
      [METRICS.runwayP50Days]: bounded(forecast.days.p50),
      [METRICS.runwayP95Days]: bounded(forecast.days.p95),
      ...(forecast.burn && { [METRICS.burnRateStd]: Number.parseFloat(forecast.burn.longRunDailyStd) }),
    },
    { tenant },
  );
};

/**
 * Forecasts one tenant from its aggregates: State first, then the cache, then the history, and none when a newer one is there.
 * Readers wait for the cache, and nobody for the history, whose inputs take a while to pack.
 */
export const refreshTenant = async (
  deps: RecomputeDeps,
  tenant: TenantSettings,
  reporting: Reporting,
): Promise<void> => {
  const runway = runwayOf(tenant, await liveView(deps, tenant, reporting.nowMs), reporting.nowMs);
  const { fence, document, input, forecast } = runway;
  if (!(await deps.state.putForecast(tenant.tenant, { fence, document }))) {
    reporting.log.info('a newer forecast is already stored', { tenant: tenant.tenant, fence });
    return;
  }
  await deps.cache.put(tenant.tenant, { fence, document }, reporting.nowMs);
  await deps.history.put(
    tenant.tenant,
    { date: forecast.asOf, fence, document, inputs: documentOf(input) },
    reporting.nowMs,
  );
  report(tenant.tenant, runway, reporting);
};

/**
 * One stream batch: aggregates first, then one forecast per tenant touched, however many rows it brought.
 * @returns sequence numbers to deliver again, because their bucket was read before it was complete.
 */
export const recompute = async (
  deps: RecomputeDeps,
  seen: readonly SeenRow[],
  reporting: Reporting,
): Promise<readonly string[]> => {
  const { tenants, stale } = await refoldBuckets(
    deps,
    seen.map(({ row }) => row),
  );
  await Promise.all(
    deps.tenants
      .filter(({ tenant }) => tenants.has(tenant))
      .map((tenant) => refreshTenant(deps, tenant, reporting)),
  );
  return seen.filter(({ row }) => stale.has(row.bucket)).map(({ sequenceNumber }) => sequenceNumber);
};

/** Forecasts every tenant: a new accounting day has begun somewhere, or a deployment brought another model. */
export const refreshAll = async (deps: RecomputeDeps, reporting: Reporting): Promise<void> => {
  await Promise.all(
    deps.tenants.map(async (tenant) => {
      await learnFromPast(deps, tenant, reporting.nowMs).catch((error: unknown) =>
        // A forecast with yesterday's lesson is better than none; the next hour tries again.
        reporting.log.error('learning from the past failed', { tenant: tenant.tenant, error }),
      );
      await refreshTenant(deps, tenant, reporting);
    }),
  );
};
