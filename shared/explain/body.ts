/** Explanations as the API and the command line state them. */
import { canonicalJson, sha256Of } from '../canonical/canonical.ts';
import type { RunwayForecast, RunwayInput } from '../model/runway.ts';
import { decimalOf } from '../money/money.ts';
import { addDays } from '../time/civil-date.ts';
import { type Attribution, QUANTILES, type ShownNumbers } from './attribution.ts';
import type { Difference } from './difference.ts';
import { doubts } from './doubts.ts';
import type { Explanation } from './explanation.ts';
import type { PaymentEffect } from './largest.ts';
import { cashMoved } from './overlay.ts';
import type { Paired } from './paired.ts';
import { startRaising } from './raising.ts';
import { type Older, says } from './says.ts';
import type { Sensitivities } from './sensitivity.ts';

export type Body = Readonly<Record<string, unknown>>;

const shownBody = ({ status, days, survivalAtHorizon }: ShownNumbers): Body => ({
  status,
  p5_days: days.p5,
  p50_days: days.p50,
  p95_days: days.p95,
  survival_at_horizon: survivalAtHorizon,
});

const differenceBody = ({ days, survivalAtHorizon }: Difference): Body => ({
  p5_days: days.p5,
  p50_days: days.p50,
  p95_days: days.p95,
  survival_at_horizon: survivalAtHorizon,
});

const noteOf = (quantile: string, { unit }: Attribution, horizonDays: number): string | null => {
  switch (unit) {
    case 'days':
      return null;
    case 'survival_at_horizon':
      return `${quantile} lies, or on the way lay, beyond the ${horizonDays} days looked at, so no number of days says how far it moved: the effects are in the chance of still having cash after ${horizonDays} days`;
    case 'none':
      return 'one of the two forecasts has no numbers, so there is no difference to share out';
  }
};

/** Why the numbers moved. */
export const movedBody = (
  older: Older,
  newer: RunwayInput,
  explanation: Explanation,
): Readonly<Record<'from' | 'to' | 'moved', Body>> => {
  const { from, to, moved, current, recomputed } = explanation;
  return {
    from: {
      as_of: older.input.asOf,
      ...shownBody(from),
      model_version: older.modelVersion,
      inputs_hash: recomputed.inputsHash,
    },
    to: {
      as_of: newer.asOf,
      ...shownBody(to),
      model_version: current.model.version,
      inputs_hash: current.inputsHash,
    },
    moved: Object.fromEntries(
      QUANTILES.map((quantile) => {
        const { unit, from: before, to: after, change, effects } = moved[quantile];
        return [
          quantile,
          {
            unit,
            from: before,
            to: after,
            change,
            note: noteOf(quantile, moved[quantile], newer.horizonDays),
            drivers: effects.map(({ driver, effect }) => ({
              driver,
              effect,
              says: says(driver, older, newer, explanation),
            })),
          },
        ];
      }),
    ),
  };
};

/** The largest payments of the period, each with what it alone did. */
export const paymentsBody = (effects: readonly PaymentEffect[]): readonly Body[] =>
  effects.map(({ fact, effect }) => ({
    key: fact.key,
    date: fact.date,
    source: fact.source,
    amount: decimalOf(cashMoved(fact), fact.currency),
    currency: fact.currency,
    categories: [...new Set(fact.lines.map(({ category }) => category))],
    counterparty: fact.counterparty ?? null,
    description: fact.description ?? null,
    effect: differenceBody(effect),
  }));

const sensitivitiesBody = (input: RunwayInput, sensitivities: Sensitivities): Body => ({
  cash_step: { amount: decimalOf(sensitivities.cashStepMinor, input.currency), currency: input.currency },
  more_cash: differenceBody(sensitivities.moreCash),
  less_cash: differenceBody(sensitivities.lessCash),
  tranches_a_week_later: sensitivities.tranches.map(({ tranche, aWeekLater }) => ({
    id: tranche.id ?? null,
    label: tranche.label ?? null,
    effect: differenceBody(aWeekLater),
  })),
});

/** What there is to know of one forecast. */
export const diagnosisBody = (
  input: RunwayInput,
  forecast: RunwayForecast,
  sensitivities: Sensitivities,
): Body => {
  const raising = startRaising(forecast);
  const dated = (days: number | null): string | null => (days === null ? null : addDays(forecast.asOf, days));
  return {
    runs_out_on: {
      p5: dated(forecast.days.p5),
      p50: dated(forecast.days.p50),
      p95: dated(forecast.days.p95),
    },
    start_raising_by: {
      date: raising.date,
      lead_days: raising.leadDays,
      method: raising.method,
      reason: raising.reason,
    },
    reasons: [...forecast.reasons, ...doubts(input, forecast)],
    sensitivities: sensitivitiesBody(input, sensitivities),
  };
};

const forecastBody = (forecast: RunwayForecast): Body => ({
  status: forecast.status,
  p5_days: forecast.days.p5,
  p50_days: forecast.days.p50,
  p95_days: forecast.days.p95,
  censored: forecast.censored,
  survival: forecast.survival,
  cash: { amount: decimalOf(forecast.balanceMinor, forecast.currency), currency: forecast.currency },
  reasons: forecast.reasons,
  inputs: { hash: forecast.inputsHash },
});

/** Two forecasts and what lies between them. */
export const pairedBody = ({ baseline, changed, difference, standardErrorDays }: Paired): Body => ({
  as_of: baseline.asOf,
  horizon_days: baseline.horizonDays,
  baseline: forecastBody(baseline),
  changed: forecastBody(changed),
  difference: { ...differenceBody(difference), standard_error_days: standardErrorDays },
  model: baseline.model,
  hash: sha256Of(canonicalJson([baseline.inputsHash, changed.inputsHash])),
});
