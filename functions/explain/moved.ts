import type { TenantSettings } from '../../shared/contract/tenant.ts';
import { movedBody } from '../../shared/explain/body.ts';
import { explanation } from '../../shared/explain/explanation.ts';
import type { MovedPeriod } from '../../shared/page/moved.ts';
import { addDays, type CivilDate } from '../../shared/time/civil-date.ts';
import { liveForecast } from './explain.ts';
import { type PastDeps, type PastForecast, pastForecast } from './past.ts';

export interface MovedDeps extends PastDeps {
  /** What was explained last, by tenant: a page that is looked at again asks the same. Lives as long as the process. */
  readonly explained: Map<string, { readonly hash: string; readonly periods: readonly MovedPeriod[] }>;
}

/** A day, and a week: what one sees every morning, and what one has forgotten. */
const DAYS_BACK = [1, 7] as const;

const period = (older: PastForecast, newer: PastForecast): MovedPeriod | undefined => {
  const told = explanation(older, newer.input);
  const { moved } = movedBody(older, newer.input, told);
  const isNumberless = moved.p50.unit === 'none';
  return isNumberless ? undefined : { from: { as_of: older.input.asOf, basis: older.basis }, moved };
};

/**
 * What moved the number that the page shows; nothing while a newer one is on its way.
 * @param hash of the inputs of the number shown
 */
export const movedPeriods = async (
  deps: MovedDeps,
  tenant: TenantSettings,
  hash: string,
  nowMs: number,
): Promise<readonly MovedPeriod[]> => {
  const known = deps.explained.get(tenant.tenant);
  if (known?.hash === hash) return known.periods;
  const newer = await liveForecast(deps, tenant, nowMs);
  const at = (date: CivilDate): Promise<PastForecast | undefined> =>
    pastForecast(deps, tenant, newer.input, date);
  const older = await Promise.all(DAYS_BACK.map((days) => at(addDays(newer.input.asOf, -days))));
  const periods = older.flatMap((each) => (each === undefined ? [] : (period(each, newer) ?? [])));
  deps.explained.set(tenant.tenant, { hash, periods });
  return periods;
};
