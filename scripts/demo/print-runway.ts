import type { CivilDate } from '../../shared/time/civil-date.ts';
import { type ForecastReport, printForecast } from '../cli/forecast-report.ts';

/** The members of a runway document, as `GET /v1/runway` answers it, that people are shown. */
export interface RunwayDocument {
  readonly tenant: string;
  readonly status: string;
  readonly as_of: CivilDate;
  readonly horizon_days: number;
  readonly p5_days: number | null;
  readonly p50_days: number | null;
  readonly p95_days: number | null;
  readonly standard_error_days: ForecastReport['standardErrorDays'];
  readonly survival: ForecastReport['survival'];
  readonly cash: { readonly amount: string; readonly currency: string };
  readonly burn: { readonly net_daily_mean: string | null; readonly gross_daily_mean: string | null };
  readonly trust: { readonly reasons: readonly string[] };
}

/** Prints a runway as `capstack forecast` prints a forecast. */
export const printRunway = (runway: RunwayDocument): void => {
  const { cash, burn } = runway;
  printForecast({
    title: `${runway.tenant}: ${cash.amount} ${cash.currency} on ${runway.as_of}`,
    asOf: runway.as_of,
    horizonDays: runway.horizon_days,
    status: runway.status,
    days: { p5: runway.p5_days, p50: runway.p50_days, p95: runway.p95_days },
    standardErrorDays: runway.standard_error_days,
    survival: runway.survival,
    reasons: runway.trust.reasons,
    notes:
      burn.net_daily_mean === null
        ? []
        : [
            `An average day of the last year burns ${burn.net_daily_mean} ${cash.currency} net and pays out ${burn.gross_daily_mean}.`,
          ],
  });
};
