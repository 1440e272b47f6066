import type { TenantSettings } from '../contract/tenant.ts';
import type { RunwayNumbers } from '../model/body.ts';
import { accountingDay } from '../runway/accounting.ts';
import { addDays, type CivilDate } from '../time/civil-date.ts';
import type { ForecastHistory } from './forecast-history.ts';

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
export const DEFAULT_DAYS = 90;

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
export const readHistory = async (
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
