import type { ForecastHistory } from '../../shared/aws/forecast-history.ts';
import { DEFAULT_DAYS, readHistory } from '../../shared/aws/told-history.ts';
import type { TenantSettings } from '../../shared/contract/tenant.ts';
import { type HttpRequest, type HttpResponse, json, problem } from '../../shared/lambda/http.ts';
import { accountingDay } from '../../shared/runway/accounting.ts';
import { addDays, civilDate, daysBetween } from '../../shared/time/civil-date.ts';

/** No more are kept. */
const DAYS_MAX = 400;

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
