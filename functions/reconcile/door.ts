import { METRICS } from '../../shared/contract/names.ts';
import type { TenantSettings } from '../../shared/contract/tenant.ts';
import { type HttpResponse, json } from '../../shared/lambda/http.ts';
import type { Invocation } from '../../shared/lambda/invocation.ts';
import { type ReconcileDeps, reconcileAll, reconciledBody, reconcileTenant } from './reconcile.ts';
import { staleness } from './staleness.ts';

type Run = Pick<Invocation, 'nowMs' | 'log' | 'metrics'>;

/** What infra wrote of `reconciliation` in the configuration. */
export const settingsOf = (text: string): Pick<ReconcileDeps, 'tolerance' | 'autoPause'> => {
  const { variance, floor, autoPause } = JSON.parse(text) as {
    variance: number;
    floor: string;
    autoPause: boolean;
  };
  return { tolerance: { variance, floor }, autoPause };
};

/** `POST /v1/reconciliation`: compares now, and pauses or resumes by what it finds. */
export const answerReconciliation = async (
  deps: ReconcileDeps,
  tenant: TenantSettings,
  run: Run,
): Promise<HttpResponse> => json(200, reconciledBody(await reconcileTenant(deps, tenant, run)));

/** Every hour: how old each forecast is, and a look at what is paused; where the schedule says so, at everybody. */
export const everyHour = async (deps: ReconcileDeps, event: unknown, run: Run): Promise<void> => {
  for (const { tenant, forecastAgeSeconds } of await staleness(deps, run.nowMs)) {
    if (forecastAgeSeconds === undefined) run.log.warn('no forecast yet', { tenant });
    else run.metrics({ [METRICS.forecastAgeSeconds]: forecastAgeSeconds }, { tenant });
  }
  await reconcileAll(deps, (event as { readonly everybody?: unknown } | null)?.everybody === true, run);
};
