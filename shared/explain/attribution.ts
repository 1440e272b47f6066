/** The effects of the steps between two forecasts, in whole units, so that they sum to the difference shown exactly. */
import type { Quantiles, RunwayForecast } from '../model/runway.ts';
import type { News } from './driver.ts';
import { apportioned, type Shares, shapleyShares } from './shapley.ts';

export type Driver = 'model' | 'time' | News;
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
  readonly recomputed: ShownNumbers;
  readonly passed: ShownNumbers;
  readonly news: readonly News[];
  /** By bit mask over `news`; the empty set is `passed`, the full one the newer forecast. */
  readonly combinations: readonly ShownNumbers[];
}

const sharesOf = (path: Path, measure: Measure): Shares | undefined => {
  const values = path.combinations.map(measure);
  const [from, recomputed, passed] = [path.from, path.recomputed, path.passed].map(measure);
  if (from == null || recomputed == null || passed == null || values.includes(null)) return undefined;
  const { numerators, denominator } = shapleyShares(path.news.length, (mask) => values[mask] ?? 0);
  return {
    numerators: [(recomputed - from) * denominator, (passed - recomputed) * denominator, ...numerators],
    denominator,
  };
};

const effectsOf = (path: Path, { numerators, denominator }: Shares, parts: number): readonly Effect[] => {
  const drivers: readonly Driver[] = ['model', 'time', ...path.news];
  const units = apportioned({ numerators: numerators.map((each) => each * parts), denominator });
  return drivers
    .map((driver, index) => ({ driver, effect: (units[index] ?? 0) / parts }))
    .filter(({ driver, effect }) => effect !== 0 || (driver !== 'model' && driver !== 'time'))
    .sort((a, b) => Math.abs(b.effect) - Math.abs(a.effect));
};

const last = (path: Path): ShownNumbers => path.combinations.at(-1) ?? path.passed;

/** Whether a path that was looked at for longer shows the same numbers where both show any. */
const agree = (near: Path, far: Path, measure: Measure): boolean =>
  measure(near.recomputed) === measure(far.recomputed) && measure(last(near)) === measure(last(far));

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
