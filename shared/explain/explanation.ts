/**
 * Why a number of days moved between two forecasts.
 *
 * Some steps come first, because what follows only has a meaning after them: the older forecast as today's model computes it
 * (`model`), by today's rules (`calibration`, `settings`), and then what the days between would have made of it had everything
 * come as expected (`time`). What remains is news, known on one and the same day; it is shared out by Shapley values over
 * every combination of it. All forecasts use the same draws, so that nothing but the drivers differs, and whole numbers
 * throughout, so that the effects sum to the difference exactly.
 */
import { forecastRunway, type Quantiles, type RunwayForecast, type RunwayInput } from '../model/runway.ts';
import {
  type Attribution,
  attributed,
  type Path,
  type ShownNumbers,
  type Step,
  shownNumbers,
} from './attribution.ts';
import { type News, newsBetween, rulesBetween, withNews, withRule } from './driver.ts';
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

interface Stations {
  /** The inputs that the steps lead to, in order; the first is the older one as it is. */
  readonly steps: readonly { readonly step: Step; readonly input: RunwayInput }[];
  readonly newer: RunwayInput;
  readonly news: readonly News[];
}

const stationsOf = (older: RunwayInput, newer: RunwayInput): Stations => {
  const steps: { step: Step; input: RunwayInput }[] = [{ step: 'model', input: older }];
  let input = older;
  for (const step of rulesBetween(older, newer)) {
    input = withRule(input, newer, step);
    steps.push({ step, input });
  }
  if (newer.asOf > older.asOf) {
    input = timePassed(input, newer.asOf);
    steps.push({ step: 'time', input });
  }
  return { steps, newer, news: newsBetween(input, newer) };
};

const arrived = ({ steps, newer }: Stations): RunwayInput => steps.at(-1)?.input ?? newer;

/** The forecasts at all stations, by how they are reached. */
interface Walked {
  readonly steps: readonly { readonly step: Step; readonly forecast: RunwayForecast }[];
  /** By bit mask over the news; the last is the newer forecast. */
  readonly combinations: readonly RunwayForecast[];
}

const walked = (stations: Stations, horizonDays?: number): Walked => {
  const forecastOf = (input: RunwayInput): RunwayForecast =>
    forecastRunway(horizonDays === undefined ? input : { ...input, horizonDays });
  const { newer, news } = stations;
  const steps = stations.steps.map(({ step, input }) => ({ step, forecast: forecastOf(input) }));
  const all = (1 << news.length) - 1;
  const combinations = Array.from({ length: all + 1 }, (_, mask) => {
    const reached = mask === 0 ? steps.at(-1)?.forecast : undefined;
    if (reached !== undefined) return reached;
    return forecastOf(mask === all ? newer : withNews(arrived(stations), newer, combination(news, mask)));
  });
  return { steps, combinations };
};

const pathOf = (news: readonly News[], { steps, combinations }: Walked, shown?: ShownNumbers): Path => {
  const stepped = steps.map(({ step, forecast }) => ({ step, numbers: shownNumbers(forecast) }));
  const numbers = combinations.map(shownNumbers);
  const [first] = [...stepped.map((each) => each.numbers), ...numbers];
  if (first === undefined) throw new RangeError('a path has at least one station');
  return { from: shown ?? first, steps: stepped, news, combinations: numbers };
};

/**
 * Explains how the numbers of `older` became those of `newer`.
 * @throws RangeError where `newer` is of an earlier day, or in another currency.
 */
export const explanation = (older: OlderForecast, newer: RunwayInput): Explanation => {
  const { input, shown } = older;
  if (newer.asOf < input.asOf) throw new RangeError(`${newer.asOf} is before ${input.asOf}`);
  if (newer.currency !== input.currency) throw new RangeError('the forecasts are in two currencies');
  const stations = stationsOf(input, newer);
  const near = walked(stations);
  const path = pathOf(stations.news, near, shown);
  let longer: Path | undefined;
  const far = (): Path => {
    longer ??= pathOf(stations.news, walked(stations, FAR_HORIZON_DAYS), shown);
    return longer;
  };
  const current = near.combinations.at(-1) ?? forecastRunway(newer);
  return {
    from: path.from,
    to: shownNumbers(current),
    moved: {
      p5: attributed(path, far, 'p5'),
      p50: attributed(path, far, 'p50'),
      p95: attributed(path, far, 'p95'),
    },
    news: stations.news,
    recomputed: near.steps[0]?.forecast ?? current,
    passed: arrived(stations),
    current,
  };
};
