/**
 * Money as one net flow a day: whole past weeks in a new order, and one shift of the daily level a path for what the history
 * leaves open about it. Knows no streams, so it is hard to fool where nothing is regular.
 */
import { studentValue } from '../../forecast/noise.ts';
import type { RandomStream } from '../../forecast/random.ts';
import type { LevelUncertainty } from '../history.ts';
import { namedNoise } from './named-noise.ts';
import { type Span, weeksIn } from './part.ts';
import type { Rates } from './rates.ts';
import { drawWeeks } from './week-bootstrap.ts';

export interface NetComponent {
  /** Net flow of each day of the history, whole weeks, oldest first. */
  readonly daily: Float64Array;
  readonly level: LevelUncertainty;
  readonly levelNoise: RandomStream;
  readonly weekNoise: RandomStream;
  readonly places: Int32Array;
  /** Days that the first week had behind it on day 0. */
  readonly offset: number;
  readonly foreign?: Foreign | undefined;
}

/** What of the daily flows is foreign money. */
export interface Foreign {
  readonly rates: Rates;
  readonly daily: Float64Array;
}

export const netComponent = (
  daily: Float64Array,
  level: LevelUncertainty,
  span: Span,
  foreign?: Foreign,
): NetComponent => ({
  foreign,
  daily,
  level,
  levelNoise: namedNoise(span.seed, 'net level'),
  weekNoise: namedNoise(span.seed, 'net weeks'),
  places: new Int32Array(weeksIn(span)),
  offset: span.asOf - span.through,
});

/** Foreign flows at the rates of the path. */
const revalue = (
  { rates, daily }: Foreign,
  { places, offset }: NetComponent,
  path: number,
  flows: Float64Array,
): void => {
  rates.prepare(path);
  for (let index = 0; index < flows.length; index += 1) {
    const day = index + offset;
    const week = (day / 7) | 0;
    const flow = daily[7 * (places[week] ?? 0) + (day % 7)] ?? 0;
    flows[index] = (flows[index] ?? 0) + flow * ((rates.factors[week] ?? 1) - 1);
  }
};

/** Writes the flows of the path, all of them. */
export const writeNet = (net: NetComponent, path: number, flows: Float64Array): void => {
  const { daily, level, places, offset } = net;
  const shift = level.stdMinor === 0 ? 0 : level.stdMinor * studentValue(net.levelNoise, level.df, path, 0);
  drawWeeks(net.weekNoise, path, daily.length / 7, places);
  for (let week = 0; week < places.length; week += 1) {
    const first = 7 * week - offset;
    const end = Math.min(flows.length, first + 7);
    let source = 7 * (places[week] ?? 0) + Math.max(0, -first);
    for (let index = Math.max(0, first); index < end; index += 1, source += 1)
      flows[index] = (daily[source] ?? 0) + shift;
  }
  if (net.foreign !== undefined) revalue(net.foreign, net, path, flows);
};
