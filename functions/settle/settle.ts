import type { TenantSettings } from '../../shared/contract/tenant.ts';
import { type HttpRequest, type HttpResponse, json, problem } from '../../shared/lambda/http.ts';
import type { Invocation } from '../../shared/lambda/invocation.ts';
import type { DateRange } from '../../shared/ledger/range.ts';
import { accountingDay } from '../../shared/runway/accounting.ts';
import { addDays, type CivilDate } from '../../shared/time/civil-date.ts';
import { type RecomputeDeps, type Reporting, refreshTenant } from '../forecast/recompute.ts';
import { type RebuildDeps, type Rebuilt, rebuild } from './rebuild.ts';
import { rebuildRequest } from './request.ts';
import { type SealDeps, sealTenant } from './seal.ts';

export type SettleDeps = RebuildDeps & RecomputeDeps & SealDeps;
type Run = Reporting & Pick<Invocation, 'remainingMs'>;

/**
 * A stream that stood still for so many days is caught up with by nobody's hand. Their months are settled as a whole: one lost
 * day would keep its month from being rolled up ever again.
 */
const SETTLED_DAYS = 3;
/** A night's run ends in time to say how far it came. */
const NIGHT_RESERVE_MS = 30_000;
/** The gateway gives up after 30 seconds of a run that may take 300. */
const REQUEST_MS_MAX = 15_000;

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
const answerRebuild = async (
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

/** `POST /v1/audit/seals`: seals what is not sealed yet, as much of it as a request has time for. */
const answerSeal = async (deps: SettleDeps, tenant: TenantSettings, run: Run): Promise<HttpResponse> => {
  const beganMs = run.remainingMs();
  const remainingMs = () => REQUEST_MS_MAX - (beganMs - run.remainingMs());
  return json(200, await sealTenant(deps, tenant, run.nowMs, remainingMs, 0));
};

/** What an administrator asks for by hand. */
export const answerSettling = async (
  deps: SettleDeps,
  request: Pick<HttpRequest, 'rawBody' | 'path'>,
  tenant: TenantSettings,
  run: Run,
): Promise<HttpResponse> => {
  if (request.path === '/v1/rebuild') return answerRebuild(deps, request, tenant, run);
  if (request.path === '/v1/audit/seals') return answerSeal(deps, tenant, run);
  return problem(404, 'Not Found');
};

/**
 * Brings the last days of every tenant up to the ledger, for the stream gives up after some tries and forgets after a day; then
 * seals what the ledger holds.
 * @throws AggregateError of the tenants that could not be settled.
 */
export const settle = async (deps: SettleDeps, reporting: Run): Promise<void> => {
  const failures: unknown[] = [];
  for (const tenant of deps.tenants) {
    const today = accountingDay(tenant, reporting.nowMs);
    const month = addDays(today, 1 - SETTLED_DAYS).slice(0, 7);
    const range = { from: `${month}-01` as CivilDate, to: addDays(today, 1) };
    try {
      const { differences, rows } = await rebuildAndForecast(deps, tenant, range, true, reporting);
      const found = { tenant: tenant.tenant, ...range, rows, differences: differences.slice(0, 20) };
      if (differences.length === 0) reporting.log.info('the last days agree with the ledger', found);
      else reporting.log.warn('the last days did not agree with the ledger', found);
      const sealed = await sealTenant(deps, tenant, reporting.nowMs, reporting.remainingMs, NIGHT_RESERVE_MS);
      reporting.log.info('the ledger is sealed', { tenant: tenant.tenant, ...sealed });
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, 'not every tenant could be settled');
};
