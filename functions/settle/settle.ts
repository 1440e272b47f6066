import type { TenantSettings } from '../../shared/contract/tenant.ts';
import { type HttpRequest, type HttpResponse, json, problem } from '../../shared/lambda/http.ts';
import type { DateRange } from '../../shared/ledger/range.ts';
import { accountingDay } from '../../shared/runway/accounting.ts';
import { addDays } from '../../shared/time/civil-date.ts';
import { type RecomputeDeps, type Reporting, refreshTenant } from '../forecast/recompute.ts';
import { type RebuildDeps, type Rebuilt, rebuild } from './rebuild.ts';
import { rebuildRequest } from './request.ts';

export type SettleDeps = RebuildDeps & RecomputeDeps;

/** Days that a night settles: a stream that stood still for that long is caught up with by nobody's hand. */
const SETTLED_DAYS = 3;

/** What changed the aggregates changes the forecast too: nobody waits for the next hour. */
const rebuildAndForecast = async (
  deps: SettleDeps,
  tenant: TenantSettings,
  range: DateRange,
  heal: boolean,
  reporting: Reporting,
): Promise<Rebuilt> => {
  const rebuilt = await rebuild(deps, tenant, range, heal);
  if (rebuilt.differences.some(({ healed }) => healed)) await refreshTenant(deps, tenant, reporting);
  return rebuilt;
};

/** `POST /v1/rebuild`: where State tells something else than the ledger within a range of days, and healed. */
export const answerRebuild = async (
  deps: SettleDeps,
  { rawBody }: Pick<HttpRequest, 'rawBody'>,
  tenant: TenantSettings,
  reporting: Reporting,
): Promise<HttpResponse> => {
  const wanted = rebuildRequest(rawBody);
  if (typeof wanted === 'string') return problem(400, 'Bad Request', wanted);
  const { heal, ...range } = wanted;
  return json(200, await rebuildAndForecast(deps, tenant, range, heal, reporting));
};

/**
 * Brings the last days of every tenant up to the ledger: the stream gives up after some tries, and forgets after a day.
 * @throws AggregateError of the tenants that could not be settled.
 */
export const settle = async (deps: SettleDeps, reporting: Reporting): Promise<void> => {
  const failures: unknown[] = [];
  for (const tenant of deps.tenants) {
    const today = accountingDay(tenant, reporting.nowMs);
    const range = { from: addDays(today, 1 - SETTLED_DAYS), to: addDays(today, 1) };
    try {
      const { differences, rows } = await rebuildAndForecast(deps, tenant, range, true, reporting);
      const found = { tenant: tenant.tenant, ...range, rows, differences: differences.slice(0, 20) };
      if (differences.length === 0) reporting.log.info('the last days agree with the ledger', found);
      else reporting.log.warn('the last days did not agree with the ledger', found);
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, 'not every tenant could be settled');
};
