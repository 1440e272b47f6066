import type { LedgerStore } from '../../shared/aws/ledger-store.ts';
import { liveView } from '../../shared/aws/live-view.ts';
import type { TenantSettings } from '../../shared/contract/tenant.ts';
import { diagnosisBody, movedBody, paymentsBody } from '../../shared/explain/body.ts';
import { explanation } from '../../shared/explain/explanation.ts';
import { flowsBetween } from '../../shared/explain/flow.ts';
import { flowEffects, largest } from '../../shared/explain/largest.ts';
import { sensitivities } from '../../shared/explain/sensitivity.ts';
import { type HttpRequest, type HttpResponse, json, problem } from '../../shared/lambda/http.ts';
import { forecastRunway, MODEL_VERSION } from '../../shared/model/runway.ts';
import { runwayInputOf } from '../../shared/runway/live-input.ts';
import { type CivilDate, civilDate } from '../../shared/time/civil-date.ts';
import { isoInstant } from '../../shared/time/instant.ts';
import { dayBefore, type PastDeps, type PastForecast, pastForecast } from './past.ts';
import { factsBehind } from './payments.ts';

export interface ExplainDeps extends PastDeps {
  readonly ledger: Pick<LedgerStore, 'bucketRows'>;
}

/** Flows whose own effect is computed: one forecast each. */
const PAYMENTS_MAX = 5;

const badRequest = (detail: string): HttpResponse => problem(400, 'Bad Request', detail);

/** The live input, as a forecast of today. */
export const liveForecast = async (
  deps: PastDeps,
  tenant: TenantSettings,
  nowMs: number,
): Promise<PastForecast> => ({
  input: runwayInputOf(tenant, await liveView(deps, tenant, nowMs), nowMs),
  modelVersion: MODEL_VERSION,
  basis: 'live',
  computedAt: isoInstant(nowMs),
});

const explained = async (
  deps: ExplainDeps,
  tenant: TenantSettings,
  older: PastForecast,
  newer: PastForecast,
): Promise<HttpResponse> => {
  const told = explanation(older, newer.input);
  const top = largest(flowsBetween(older.input, newer.input), PAYMENTS_MAX);
  const facts = await factsBehind(deps.ledger, tenant, top, newer.input.currency);
  const { from, to, ...moved } = movedBody(older, newer.input, told);
  return json(200, {
    tenant: tenant.tenant,
    horizon_days: newer.input.horizonDays,
    from: { ...from, basis: older.basis, computed_at: older.computedAt },
    to: { ...to, basis: newer.basis, computed_at: newer.computedAt },
    ...moved,
    payments: paymentsBody(flowEffects(newer.input, told.current, top), facts, newer.input.currency),
    diagnosis: diagnosisBody(newer.input, told.current, sensitivities(newer.input, told.current)),
  });
};

/** Without an older forecast there is nothing to compare; what there is to know of the newer one is told all the same. */
const diagnosed = (tenant: TenantSettings, { input, basis, computedAt }: PastForecast): HttpResponse => {
  const forecast = forecastRunway(input);
  return json(200, {
    tenant: tenant.tenant,
    horizon_days: input.horizonDays,
    from: null,
    to: { as_of: input.asOf, basis, computed_at: computedAt },
    moved: null,
    payments: [],
    diagnosis: diagnosisBody(input, forecast, sensitivities(input, forecast)),
  });
};

const noForecast = (date: CivilDate): HttpResponse =>
  problem(404, 'Not Found', `there is no forecast of ${date}: none is kept, and the ledger begins later`);

/**
 * `GET /v1/runway/explain?from=&to=`: why the runway moved between two days. Without `to`, until now; without `from`, since
 * the last day before of which a forecast is kept.
 */
export const explainResponse = async (
  deps: ExplainDeps,
  { query, nowMs }: Pick<HttpRequest, 'query' | 'nowMs'>,
  tenant: TenantSettings,
): Promise<HttpResponse> => {
  const [from, to] = [query['from'], query['to']].map((text) =>
    text === undefined ? undefined : (civilDate(text) ?? null),
  );
  if (from === null) return badRequest('from is no date: write YYYY-MM-DD');
  if (to === null) return badRequest('to is no date: write YYYY-MM-DD');
  const live = await liveForecast(deps, tenant, nowMs);
  const today = live.input.asOf;
  if (to !== undefined && to > today) return badRequest(`to is after ${today}, which is today`);
  if (from !== undefined && from > (to ?? today)) return badRequest('from is after to');
  const past = (date: CivilDate): Promise<PastForecast | undefined> =>
    pastForecast(deps, tenant, live.input, date);
  const newer = to === undefined || to === today ? live : await past(to);
  if (newer === undefined) return noForecast(to ?? today);
  const older = await past(from ?? (await dayBefore(deps, tenant.tenant, newer.input.asOf)));
  if (older === undefined) return from === undefined ? diagnosed(tenant, newer) : noForecast(from);
  return explained(deps, tenant, older, newer);
};
