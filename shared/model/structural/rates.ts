/**
 * Exchange rates of a path: one walk for all foreign money, because currencies move against the own one mostly together.
 * There is none where nothing is foreign.
 */
import { exp } from '../../forecast/elementary.ts';
import { normalOf } from '../../forecast/noise.ts';
import { draw } from '../../forecast/random.ts';
import type { Minor } from '../../money/money.ts';
import { namedNoise } from './named-noise.ts';
import { type Part, type Span, weeksIn } from './part.ts';

/** Standard deviation of a day's log return: some 10 % a year. */
const DAY_STD = 0.005;

export interface Rates {
  /** What foreign money is worth in each week of the path against day 0. */
  readonly factors: Float64Array;
  /** Draws them; before anything reads them. */
  readonly prepare: (path: number) => void;
}

export const ratesOf = (span: Span): Rates => {
  const noise = namedNoise(span.seed, 'exchange rates');
  const factors = new Float64Array(weeksIn(span));
  const prepare = (path: number): void => {
    let log = 0;
    for (let week = 0; week < factors.length; week += 1) {
      draw(noise, path, week);
      // A week stands for its middle: the first is half a week away.
      log += DAY_STD * Math.sqrt(week === 0 ? 3.5 : 7) * normalOf(noise);
      factors[week] = exp(log);
    }
  };
  return { factors, prepare };
};

/** Foreign money held gains and loses with the rates. @param held what it is worth on day 0 */
export const heldPart = ({ factors }: Rates, held: number, { asOf, through }: Span): Part => ({
  label: '',
  of: held,
  add: (_path, flows) => {
    let before = 1;
    for (let week = 0; week < factors.length; week += 1) {
      const index = Math.max(0, 7 * week - (asOf - through));
      const factor = factors[week] ?? 1;
      if (index < flows.length) flows[index] = (flows[index] ?? 0) + held * (factor - before);
      before = factor;
    }
  },
});

/** Foreign money held, by currency. */
export interface ForeignCash {
  readonly currency: string;
  /** In minor units of its own. */
  readonly amountMinor: Minor;
  /** What of the balance it is. */
  readonly worthMinor: Minor;
}
