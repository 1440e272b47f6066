/** Explanations as the API and the command line state them. */
import { canonicalJson, sha256Of } from '../canonical/canonical.ts';
import type { CashFact } from '../event/fact.ts';
import { type RunwayNumbers, runwayNumbers } from '../model/body.ts';
import type { Quantiles, RunwayForecast, RunwayInput } from '../model/runway.ts';
import type { Currency } from '../money/currency.ts';
import { decimalOf } from '../money/money.ts';
import { addDays } from '../time/civil-date.ts';
import type { Attribution, Driver, Quantile, ShownNumbers } from './attribution.ts';
import type { Difference } from './difference.ts';
import { doubts } from './doubts.ts';
import type { Explanation } from './explanation.ts';
import { type Flow, netOf } from './flow.ts';
import type { FlowEffect } from './largest.ts';
import type { Paired } from './paired.ts';
import { startRaising } from './raising.ts';
import { type Older, says } from './says.ts';
import type { Sensitivities } from './sensitivity.ts';

type DaysBody = Readonly<Record<'p5_days' | 'p50_days' | 'p95_days', number | null>>;

interface ShownBody extends DaysBody {
  readonly status: string;
  readonly survival_at_horizon: number | null;
}

interface MomentBody extends ShownBody {
  readonly as_of: string;
  readonly model_version: string;
  readonly inputs_hash: string;
}

export interface AttributionBody {
  readonly unit: Attribution['unit'];
  readonly from: number | null;
  readonly to: number | null;
  readonly change: number | null;
  readonly note: string | null;
  readonly drivers: readonly { readonly driver: Driver; readonly effect: number; readonly says: string }[];
}

export interface MovedBody {
  readonly from: MomentBody;
  readonly to: MomentBody;
  readonly moved: Readonly<Record<Quantile, AttributionBody>>;
}

/** Days are null where a quantile lies beyond the horizon on either side; the chance then says what changed. */
export interface EffectBody extends DaysBody {
  readonly survival_at_horizon: number | null;
}

/** What one stream moved on one day. */
export interface PaymentBody {
  readonly date: string;
  /** A category, or `category/payee`; empty where no stream names it. */
  readonly stream: string;
  readonly amount: string;
  readonly currency: string;
  /** Of the largest fact behind it; null where none is found. */
  readonly source: string | null;
  readonly key: string | null;
  readonly counterparty: string | null;
  readonly description: string | null;
  readonly effect: EffectBody;
}

interface SensitivitiesBody {
  readonly cash_step: { readonly amount: string; readonly currency: string };
  readonly more_cash: EffectBody;
  readonly less_cash: EffectBody;
  readonly tranches_a_week_later: readonly {
    readonly id: string | null;
    readonly label: string | null;
    readonly effect: EffectBody;
  }[];
}

export interface DiagnosisBody
  extends Pick<RunwayNumbers, 'breaking' | 'lowest_cash' | 'required_cash' | 'without_unsigned'> {
  readonly runs_out_on: Readonly<Record<Quantile, string | null>>;
  readonly start_raising_by: {
    readonly date: string | null;
    readonly lead_days: number;
    readonly method: string;
    readonly reason: string | null;
  };
  readonly reasons: readonly string[];
  readonly sensitivities: SensitivitiesBody;
}

interface ComparedBody extends DaysBody {
  readonly status: string;
  readonly censored: Quantiles<boolean>;
  readonly survival: RunwayForecast['survival'];
  readonly cash: { readonly amount: string; readonly currency: string };
  readonly reasons: readonly string[];
  readonly inputs: { readonly hash: string };
}

export interface PairedBody {
  readonly as_of: string;
  readonly horizon_days: number;
  readonly baseline: ComparedBody;
  readonly changed: ComparedBody;
  readonly difference: EffectBody & { readonly standard_error_days: Quantiles<number | null> };
  readonly model: RunwayForecast['model'];
  readonly hash: string;
}

const shownBody = ({ status, days, survivalAtHorizon }: ShownNumbers): ShownBody => ({
  status,
  p5_days: days.p5,
  p50_days: days.p50,
  p95_days: days.p95,
  survival_at_horizon: survivalAtHorizon,
});

const differenceBody = ({ days, survivalAtHorizon }: Difference): EffectBody => ({
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
export const movedBody = (older: Older, newer: RunwayInput, explanation: Explanation): MovedBody => {
  const { from, to, moved, current, recomputed } = explanation;
  const bodyOf = (quantile: Quantile): AttributionBody => {
    const { unit, from: before, to: after, change, effects } = moved[quantile];
    return {
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
    };
  };
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
    moved: { p5: bodyOf('p5'), p50: bodyOf('p50'), p95: bodyOf('p95') },
  };
};

/** The largest flows of the period, each with what it alone did, and the fact that most of it comes from where one is found. */
export const paymentsBody = (
  effects: readonly FlowEffect[],
  facts: ReadonlyMap<Flow, CashFact>,
  currency: Currency,
): readonly PaymentBody[] =>
  effects.map(({ flow, effect }) => {
    const fact = facts.get(flow);
    return {
      date: flow.date,
      stream: flow.stream,
      amount: decimalOf(netOf(flow), currency),
      currency,
      source: fact?.source ?? null,
      key: fact?.key ?? null,
      counterparty: fact?.counterparty ?? null,
      description: fact?.description ?? null,
      effect: differenceBody(effect),
    };
  });

const sensitivitiesBody = (input: RunwayInput, sensitivities: Sensitivities): SensitivitiesBody => ({
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
): DiagnosisBody => {
  const raising = startRaising(forecast);
  const dated = (days: number | null): string | null => (days === null ? null : addDays(forecast.asOf, days));
  const { breaking, lowest_cash, required_cash, without_unsigned } = runwayNumbers(forecast);
  return {
    breaking,
    lowest_cash,
    required_cash,
    without_unsigned,
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

const forecastBody = (forecast: RunwayForecast): ComparedBody => ({
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
export const pairedBody = ({ baseline, changed, difference, standardErrorDays }: Paired): PairedBody => ({
  as_of: baseline.asOf,
  horizon_days: baseline.horizonDays,
  baseline: forecastBody(baseline),
  changed: forecastBody(changed),
  difference: { ...differenceBody(difference), standard_error_days: standardErrorDays },
  model: baseline.model,
  hash: sha256Of(canonicalJson([baseline.inputsHash, changed.inputsHash])),
});
