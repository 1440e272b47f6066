/** The effects of the steps between two forecasts, in whole units, so that they sum to the difference shown exactly. */
import type { Quantiles, RunwayForecast } from '../model/runway.ts';
import type { News, Rule } from './driver.ts';
import { apportioned, type Shares, shapleyShares } from './shapley.ts';

/** What comes one after another: another model, other rules, time. */
export type Step = 'model' | Rule | 'time';
export type Driver = Step | News;
export type Quantile = keyof Quantiles<unknown>;
export const QUANTILES: readonly Quantile[] = ['p5', 'p50', 'p95'];

/** The numbers of a forecast that can be explained, as they were shown. */
export interface ShownNumbers {
  readonly status: RunwayForecast['status'];
  readonly days: Quantiles<number | null>;
  /** P(runway > horizon); null where nothing was forecast. */
  readonly survivalAtHorizon: number | null;
}

export interface Effect {
  readonly driver: Driver;
  /** In the unit of its attribution. */
  readonly effect: number;
}

/**
 * `days`: effects in tenths of days that sum to the difference of the days shown. `survival_at_horizon`: a quantile lies
 * beyond the horizon, and no number of days says how far, so the effects are in the chance (to four decimals) of still
 * having cash at the horizon. `none`: one of the two forecasts has no numbers.
 */
export interface Attribution {
  readonly unit: 'days' | 'survival_at_horizon' | 'none';
  readonly from: number | null;
  readonly to: number | null;
  readonly change: number | null;
  /** Greatest effect first. */
  readonly effects: readonly Effect[];
}

const TENTHS = 10;
const TEN_THOUSANDTHS = 10_000;

export const shownNumbers = ({
  status,
  days,
  survivalCurve: curve,
}: Pick<RunwayForecast, 'status' | 'days' | 'survivalCurve'>): ShownNumbers => ({
  status,
  days,
  survivalAtHorizon: status === 'out_of_cash' ? 0 : (curve.at(-1)?.[1] ?? null),
});

/** A number of the forecast in whole units; null where it has none. */
type Measure = (numbers: ShownNumbers) => number | null;

const daysAt =
  (quantile: Quantile): Measure =>
  ({ days }) =>
    days[quantile];

const survivalInUnits: Measure = ({ survivalAtHorizon }) =>
  survivalAtHorizon === null ? null : Math.round(survivalAtHorizon * TEN_THOUSANDTHS);

/** Everything between the older numbers and the newer ones. */
export interface Path {
  readonly from: ShownNumbers;
  /** Each with the numbers after it, in order; the model first. */
  readonly steps: readonly { readonly step: Step; readonly numbers: ShownNumbers }[];
  readonly news: readonly News[];
  /** By bit mask over `news`; the empty set is where the steps have led, the full one the newer forecast. */
  readonly combinations: readonly ShownNumbers[];
}

const sharesOf = (path: Path, measure: Measure): Shares | undefined => {
  const values = path.combinations.map(measure).filter((value) => value !== null);
  const stations = [path.from, ...path.steps.map(({ numbers }) => numbers)]
    .map(measure)
    .filter((value) => value !== null);
  if (values.length < path.combinations.length || stations.length <= path.steps.length) return undefined;
  const { numerators, denominator } = shapleyShares(path.news.length, (mask) => values[mask] ?? 0);
  const stepped = stations.slice(1).map((value, index) => (value - (stations[index] ?? 0)) * denominator);
  return { numerators: [...stepped, ...numerators], denominator };
};

const effectsOf = (path: Path, { numerators, denominator }: Shares, parts: number): readonly Effect[] => {
  const drivers: readonly Driver[] = [...path.steps.map(({ step }) => step), ...path.news];
  const units = apportioned({ numerators: numerators.map((each) => each * parts), denominator });
  return drivers
    .map((driver, index) => ({ driver, effect: (units[index] ?? 0) / parts }))
    .filter(({ driver, effect }) => effect !== 0 || (driver !== 'model' && driver !== 'time'))
    .sort((a, b) => Math.abs(b.effect) - Math.abs(a.effect));
};

const last = ({ combinations, from }: Path): ShownNumbers => combinations.at(-1) ?? from;

/** Whether a path that was looked at for longer shows the same numbers where both show any. */
const agree = (near: Path, far: Path, measure: Measure): boolean => {
  const begins = ({ steps, from }: Path): number | null => measure(steps[0]?.numbers ?? from);
  return begins(near) === begins(far) && measure(last(near)) === measure(last(far));
};

/** @param far the same path over a longer horizon; asked for only where a step between has no number of days. */
export const attributed = (path: Path, far: () => Path, quantile: Quantile): Attribution => {
  const measure = daysAt(quantile);
  const [from, to] = [measure(path.from), measure(last(path))];
  if (from !== null && to !== null) {
    let known = path;
    if (sharesOf(path, measure) === undefined) known = far();
    const shares = known === path || agree(path, known, measure) ? sharesOf(known, measure) : undefined;
    if (shares !== undefined)
      return { unit: 'days', from, to, change: to - from, effects: effectsOf(known, shares, TENTHS) };
  }
  const [before, after] = [survivalInUnits(path.from), survivalInUnits(last(path))];
  const shares = sharesOf(path, survivalInUnits);
  if (before === null || after === null || shares === undefined)
    return { unit: 'none', from, to, change: null, effects: [] };
  return {
    unit: 'survival_at_horizon',
    from: before / TEN_THOUSANDTHS,
    to: after / TEN_THOUSANDTHS,
    change: (after - before) / TEN_THOUSANDTHS,
    effects: effectsOf(path, shares, 1).map(({ driver, effect }) => ({
      driver,
      effect: effect / TEN_THOUSANDTHS,
    })),
  };
};
