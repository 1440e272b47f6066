import type { ForecastHistory } from '../../shared/aws/forecast-history.ts';
import type { TenantSettings } from '../../shared/contract/tenant.ts';
import { type HttpRequest, type HttpResponse, json, problem } from '../../shared/lambda/http.ts';
import type { RunwayNumbers } from '../../shared/model/body.ts';
import { accountingDay } from '../../shared/runway/accounting.ts';
import { addDays, type CivilDate, civilDate, daysBetween } from '../../shared/time/civil-date.ts';

type Told = Pick<
  RunwayNumbers,
  'status' | 'as_of' | 'p5_days' | 'p50_days' | 'p95_days' | 'censored' | 'survival' | 'cash' | 'model'
> & {
  readonly computed_at: string;
  readonly inputs: { readonly hash: string };
};

export interface HistoryBody {
  readonly tenant: string;
  readonly from: CivilDate;
  readonly to: CivilDate;
  /** Each day's last forecast, ascending; days without one are left out. */
  readonly days: readonly Told[];
}

/** Days that are asked for where no first one is named. */
const DEFAULT_DAYS = 90;
/** No more are kept. */
const DAYS_MAX = 400;

const toldOf = (document: string): Told => {
  const { status, as_of, computed_at, p5_days, p50_days, p95_days, censored, survival, cash, inputs, model } =
    JSON.parse(document) as Told;
  return {
    as_of,
    computed_at,
    status,
    p5_days,
    p50_days,
    p95_days,
    censored,
    survival,
    cash,
    inputs: { hash: inputs.hash },
    model,
  };
};

/** What was told of the runway, day by day. */
const readHistory = async (
  history: Pick<ForecastHistory, 'between'>,
  tenant: string,
  from: CivilDate,
  to: CivilDate,
): Promise<HistoryBody> => ({
  tenant,
  from,
  to,
  days: (await history.between(tenant, from, to)).map(({ document }) => toldOf(document)),
});

/** The days that a page shows. */
export const recentHistory = (
  history: Pick<ForecastHistory, 'between'>,
  tenant: TenantSettings,
  nowMs: number,
): Promise<HistoryBody> => {
  const to = accountingDay(tenant, nowMs);
  return readHistory(history, tenant.tenant, addDays(to, 1 - DEFAULT_DAYS), to);
};

const badRequest = (detail: string): HttpResponse => problem(400, 'Bad Request', detail);

/** `GET /v1/runway/history?from=&to=`; until today, from 90 days before, where nothing else is said. */
export const answerHistory = async (
  history: Pick<ForecastHistory, 'between'>,
  { query, nowMs }: Pick<HttpRequest, 'query' | 'nowMs'>,
  tenant: TenantSettings,
): Promise<HttpResponse> => {
  const { from: fromText, to: toText } = query;
  const to = toText === undefined ? accountingDay(tenant, nowMs) : civilDate(toText);
  if (to === undefined) return badRequest('to is no date: write YYYY-MM-DD');
  const from = fromText === undefined ? addDays(to, 1 - DEFAULT_DAYS) : civilDate(fromText);
  if (from === undefined) return badRequest('from is no date: write YYYY-MM-DD');
  if (from > to) return badRequest('from lies after to');
  if (daysBetween(from, to) >= DAYS_MAX) return badRequest(`ask for at most ${DAYS_MAX} days at once`);
  return json(200, await readHistory(history, tenant.tenant, from, to));
};
