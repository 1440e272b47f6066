import { planItems } from '../../shared/aws/plan-items.ts';
import type { PolicyStore } from '../../shared/aws/policy-store.ts';
import type { ReconciliationStore } from '../../shared/aws/reconciliation-store.ts';
import type { StateStore } from '../../shared/aws/state-store.ts';
import { recentHistory } from '../../shared/aws/told-history.ts';
import type { TenantSettings } from '../../shared/contract/tenant.ts';
import { heldBack } from '../../shared/lambda/exposure.ts';
import type { HttpRequest, HttpResponse } from '../../shared/lambda/http.ts';
import type { RunwayDocument } from '../../shared/page/document.ts';
import { renderPage } from '../../shared/page/page.ts';
import { pausedDocument } from '../../shared/reconciliation/paused-document.ts';
import { emptyRunway } from '../../shared/runway/runway.ts';
import { type MovedDeps, movedPeriods } from './moved.ts';

export interface PageDeps extends MovedDeps {
  readonly state: MovedDeps['state'] & Pick<StateStore, 'forecast'>;
  readonly reconciliation: Pick<ReconciliationStore, 'status'>;
  readonly policy: Pick<PolicyStore, 'state' | 'decisions'>;
}

/** `GET /`: the runway as a page for people, with what moved it. */
export const pageResponse = async (
  deps: PageDeps,
  tenant: TenantSettings,
  { claims, nowMs }: Pick<HttpRequest, 'claims' | 'nowMs'>,
): Promise<HttpResponse> => {
  const [stored, pause, plan, policy, decisions, told] = await Promise.all([
    deps.state.forecast(tenant.tenant),
    deps.reconciliation.status(tenant.tenant),
    planItems(deps.state, tenant.tenant),
    deps.policy.state(tenant.tenant),
    deps.policy.decisions(tenant.tenant),
    recentHistory(deps.history, tenant, nowMs),
  ]);
  const held = heldBack(pause, claims);
  if (held !== undefined) return held;
  const document = stored?.document ?? emptyRunway(tenant, nowMs);
  const runway: RunwayDocument = JSON.parse(pause?.paused ? pausedDocument(document, pause) : document);
  const { html, headers } = renderPage({
    tenant,
    runway,
    plan: plan.items,
    decisions,
    policy: policy.state,
    told: told.days,
    moved: await movedPeriods(deps, tenant, runway.inputs.hash, nowMs),
    nowMs,
    source: 'table',
    ageSeconds: Math.max(0, Math.floor((nowMs - Date.parse(runway.computed_at)) / 1000)),
  });
  return { status: 200, headers, body: html };
};
