import { decimalOf, type Minor } from '../money/money.ts';
import type { Quantiles, RunwayForecast } from './runway.ts';

/** The numbers of the runway as the API and the command line state them; tenant, clock, sources and trust are the caller's. */
export interface RunwayNumbers {
  readonly status: RunwayForecast['status'];
  readonly as_of: string;
  readonly horizon_days: number;
  readonly p5_days: number | null;
  readonly p50_days: number | null;
  readonly p95_days: number | null;
  readonly standard_error_days: Quantiles<number | null>;
  readonly censored: Quantiles<boolean>;
  readonly survival: Readonly<Record<string, number | null>>;
  readonly cash: { readonly amount: string; readonly currency: string };
  /** Null where the data does not suffice. */
  readonly burn: {
    readonly net_daily_mean: string | null;
    readonly net_daily_std: string | null;
    readonly gross_daily_mean: string | null;
  };
  readonly cash_band: readonly (Quantiles<string> & { readonly date: string })[];
  readonly survival_curve: RunwayForecast['survivalCurve'];
  readonly inputs: { readonly hash: string };
  readonly model: RunwayForecast['model'];
}

export const runwayNumbers = (forecast: RunwayForecast): RunwayNumbers => {
  const amount = (minor: Minor): string => decimalOf(minor, forecast.currency);
  return {
    status: forecast.status,
    as_of: forecast.asOf,
    horizon_days: forecast.horizonDays,
    p5_days: forecast.days.p5,
    p50_days: forecast.days.p50,
    p95_days: forecast.days.p95,
    standard_error_days: forecast.standardErrorDays,
    censored: forecast.censored,
    survival: forecast.survival,
    cash: { amount: amount(forecast.balanceMinor), currency: forecast.currency },
    burn: {
      net_daily_mean: forecast.burn?.netDailyMean ?? null,
      net_daily_std: forecast.burn?.netDailyStd ?? null,
      gross_daily_mean: forecast.burn?.grossDailyMean ?? null,
    },
    cash_band: forecast.cashBand.map(({ date, p5, p50, p95 }) => ({
      date,
      p5: amount(p5),
      p50: amount(p50),
      p95: amount(p95),
    })),
    survival_curve: forecast.survivalCurve,
    inputs: { hash: forecast.inputsHash },
    model: forecast.model,
  };
};
