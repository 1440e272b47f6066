import { type LiveReading, liveView } from '../../shared/aws/live-view.ts';
import type { StateStore } from '../../shared/aws/state-store.ts';
import type { TenantSettings } from '../../shared/contract/tenant.ts';
import { accountingDay, baseCurrency } from '../../shared/runway/accounting.ts';
import { learnt, lessonOf, monthsLearntFrom } from '../../shared/runway/adaptation.ts';
import { fenceOf } from '../../shared/runway/fence.ts';
import { addDays } from '../../shared/time/civil-date.ts';

export interface LearnDeps extends Pick<LiveReading, 'daysRead'> {
  readonly state: LiveReading['state'] & Pick<StateStore, 'putAdaptation'>;
}

/**
 * Brings what a tenant's past teaches up to the ledger and the day. Reads two years and more and simulates each origin that is
 * new, so it belongs in the hourly run and never in the path of an event; where ledger, day and model are as they were, it
 * reads the overview alone.
 */
export const learnFromPast = async (
  deps: LearnDeps,
  tenant: TenantSettings,
  nowMs: number,
): Promise<void> => {
  const overview = await deps.state.overview(tenant.tenant);
  const asOf = accountingDay(tenant, nowMs);
  const through = addDays(asOf, -1);
  const madeFrom = lessonOf(overview.months, through);
  if (overview.adaptation?.madeFrom === madeFrom) return;
  const view = await liveView(deps, tenant, nowMs, (months) => monthsLearntFrom(months, through));
  if (view.firstDate === undefined) return;
  const adaptation = learnt(
    { currency: baseCurrency(tenant), from: view.firstDate, through, days: view.past },
    { fence: fenceOf(asOf, view.rows), madeFrom },
    overview.adaptation,
  );
  const isNews = adaptation.origins.length > 0 || overview.adaptation !== undefined;
  if (isNews) await deps.state.putAdaptation(tenant.tenant, adaptation);
};
