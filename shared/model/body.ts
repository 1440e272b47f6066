import { decimalOf, type Minor } from '../money/money.ts';
import type { CashBandPoint, Quantiles, RunwayForecast } from './runway.ts';

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
  /** The same future without money that is not certain to come; null where there is none. */
  readonly without_unsigned: {
    readonly p5_days: number | null;
    readonly p50_days: number | null;
    readonly p95_days: number | null;
    readonly censored: Quantiles<boolean>;
    readonly survival: Readonly<Record<string, number | null>>;
    readonly survival_curve: RunwayForecast['survivalCurve'];
  } | null;
  /** Least cash with which p5 is so many days or more. */
  readonly required_cash: Readonly<Record<string, string | null>>;
  /** The payment that breaks the bank on the median day. */
  readonly breaking: { readonly date: string; readonly label: string | null; readonly amount: string } | null;
  readonly lowest_cash: (Quantiles<string> & { readonly date: string }) | null;
  readonly inputs: { readonly hash: string };
  readonly model: RunwayForecast['model'];
}

export const runwayNumbers = (forecast: RunwayForecast): RunwayNumbers => {
  const amount = (minor: Minor): string => decimalOf(minor, forecast.currency);
  const { withoutUnsigned, breaking, lowest, requiredCash } = forecast;
  const required = (days: 90 | 180 | 365): string | null => {
    const minor = requiredCash[days];
    return minor === null ? null : amount(minor);
  };
  const point = ({ date, p5, p50, p95 }: CashBandPoint): Quantiles<string> & { readonly date: string } => ({
    date,
    p5: amount(p5),
    p50: amount(p50),
    p95: amount(p95),
  });
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
    cash_band: forecast.cashBand.map(point),
    survival_curve: forecast.survivalCurve,
    without_unsigned: withoutUnsigned && {
      p5_days: withoutUnsigned.days.p5,
      p50_days: withoutUnsigned.days.p50,
      p95_days: withoutUnsigned.days.p95,
      censored: withoutUnsigned.censored,
      survival: withoutUnsigned.survival,
      survival_curve: withoutUnsigned.survivalCurve,
    },
    required_cash: { 90: required(90), 180: required(180), 365: required(365) },
    breaking: breaking && {
      date: breaking.date,
      label: breaking.label,
      amount: amount(breaking.amountMinor),
    },
    lowest_cash: lowest && point(lowest),
    inputs: { hash: forecast.inputsHash },
    model: forecast.model,
  };
};
