/**
 * Why a number of days moved between two forecasts.
 *
 * Two steps come first, because what follows only has a meaning after them: the older forecast as today's model computes it
 * (`model`), and then what the days between would have made of it had everything come as expected (`time`). What remains is
 * news, known on one and the same day; it is shared out by Shapley values over every combination of it. All forecasts use
 * the same draws, so that nothing but the drivers differs, and whole numbers throughout, so that the effects sum to the
 * difference exactly.
 */
import { forecastRunway, type Quantiles, type RunwayForecast, type RunwayInput } from '../model/runway.ts';
import { type Attribution, attributed, type Path, type ShownNumbers, shownNumbers } from './attribution.ts';
import { type News, newsBetween, withNews } from './driver.ts';
import { timePassed } from './passing.ts';

/** A forecast of the past: its input, and its numbers as they were shown where another model may have computed them. */
export interface OlderForecast {
  readonly input: RunwayInput;
  readonly shown?: ShownNumbers;
}

export interface Explanation {
  readonly from: ShownNumbers;
  readonly to: ShownNumbers;
  readonly moved: Quantiles<Attribution>;
  readonly news: readonly News[];
  /** The older forecast as it is computed now, its input once time has passed, and the newer forecast. */
  readonly recomputed: RunwayForecast;
  readonly passed: RunwayInput;
  readonly current: RunwayForecast;
}

/** The engine looks no further. Where a combination lives past the horizon, it is asked again up to here. */
const FAR_HORIZON_DAYS = 1_825;

const combination = (news: readonly News[], mask: number): ReadonlySet<News> =>
  new Set(news.filter((_, index) => (mask & (1 << index)) !== 0));

interface Steps {
  readonly older: RunwayInput;
  readonly passed: RunwayInput;
  readonly newer: RunwayInput;
  readonly news: readonly News[];
}

/** The input of a step between, which has the news of `mask`; the last of them is the newer input itself. */
const between = ({ passed, newer, news }: Steps, mask: number): RunwayInput =>
  mask === (1 << news.length) - 1 ? newer : withNews(passed, newer, combination(news, mask));

/** The forecasts of all steps, by how they are reached. */
interface Walked {
  readonly recomputed: RunwayForecast;
  readonly passed: RunwayForecast;
  /** By bit mask over the news; the last is the newer forecast. */
  readonly combinations: readonly RunwayForecast[];
}

const walked = (steps: Steps, horizonDays?: number): Walked => {
  const forecast = (input: RunwayInput): RunwayForecast =>
    forecastRunway(horizonDays === undefined ? input : { ...input, horizonDays });
  const { older, passed: later, news } = steps;
  const recomputed = forecast(older);
  const passed = later === older ? recomputed : forecast(later);
  const combinations = Array.from({ length: 1 << news.length }, (_, mask) =>
    mask === 0 ? passed : forecast(between(steps, mask)),
  );
  return { recomputed, passed, combinations };
};

const pathOf = (
  news: readonly News[],
  { recomputed, passed, combinations }: Walked,
  shown?: ShownNumbers,
): Path => ({
  from: shown ?? shownNumbers(recomputed),
  recomputed: shownNumbers(recomputed),
  passed: shownNumbers(passed),
  news,
  combinations: combinations.map(shownNumbers),
});

/**
 * Explains how the numbers of `older` became those of `newer`.
 * @throws RangeError where `newer` is of an earlier day, or in another currency.
 */
export const explanation = (older: OlderForecast, newer: RunwayInput): Explanation => {
  const { input, shown } = older;
  if (newer.asOf < input.asOf) throw new RangeError(`${newer.asOf} is before ${input.asOf}`);
  if (newer.currency !== input.currency) throw new RangeError('the forecasts are in two currencies');
  const passed = timePassed(input, newer.asOf);
  const steps = { older: input, passed, newer, news: newsBetween(passed, newer) };
  const near = walked(steps);
  const path = pathOf(steps.news, near, shown);
  let longer: Path | undefined;
  const far = (): Path => {
    longer ??= pathOf(steps.news, walked(steps, FAR_HORIZON_DAYS), shown);
    return longer;
  };
  const current = near.combinations.at(-1) ?? near.passed;
  return {
    from: path.from,
    to: shownNumbers(current),
    moved: {
      p5: attributed(path, far, 'p5'),
      p50: attributed(path, far, 'p50'),
      p95: attributed(path, far, 'p95'),
    },
    news: steps.news,
    recomputed: near.recomputed,
    passed,
    current,
  };
};
