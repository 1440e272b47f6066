import type { ForecastHistory } from '../../shared/aws/forecast-history.ts';
import type { PolicyStore } from '../../shared/aws/policy-store.ts';
import type { ReconciliationStore } from '../../shared/aws/reconciliation-store.ts';
import type { StateStore } from '../../shared/aws/state-store.ts';
import type { TenantSettings } from '../../shared/contract/tenant.ts';
import { heldBack } from '../../shared/lambda/exposure.ts';
import type { HttpRequest, HttpResponse } from '../../shared/lambda/http.ts';
import { renderPage } from '../../shared/page/page.ts';
import { recentHistory } from './history.ts';
import { readPlan } from './plan.ts';
import { type RunwayDeps, readRunway } from './runway.ts';

export interface PageDeps extends RunwayDeps {
  readonly state: Pick<StateStore, 'forecast' | 'overview' | 'statements'>;
  readonly reconciliation: Pick<ReconciliationStore, 'status' | 'results'>;
  readonly history: Pick<ForecastHistory, 'between'>;
  readonly policy: Pick<PolicyStore, 'state' | 'decisions' | 'outcomes'>;
}

/** `GET /`: the runway as a page for people. */
export const pageResponse = async (
  deps: PageDeps,
  tenant: TenantSettings,
  { claims, nowMs }: Pick<HttpRequest, 'claims' | 'nowMs'>,
): Promise<HttpResponse> => {
  const [runway, plan, policy, decisions, told] = await Promise.all([
    readRunway(deps, tenant, nowMs),
    readPlan(deps.state, tenant.tenant),
    deps.policy.state(tenant.tenant),
    deps.policy.decisions(tenant.tenant),
    recentHistory(deps.history, tenant, nowMs),
  ]);
  const held = heldBack(runway.pause, claims);
  if (held !== undefined) return held;
  const { html, headers } = renderPage({
    tenant,
    runway: JSON.parse(runway.document),
    plan: plan.items,
    decisions,
    policy: policy.state,
    told: told.days,
    nowMs,
    source: runway.source,
    ageSeconds: runway.ageSeconds,
  });
  return { status: 200, headers, body: html };
};
