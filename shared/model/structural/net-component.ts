/**
 * Money as one net flow a day: whole past weeks in a new order, and one shift of the daily level a path for what the history
 * leaves open about it. Knows no streams, so it is hard to fool where nothing is regular.
 */
import { studentValue } from '../../forecast/noise.ts';
import type { RandomStream } from '../../forecast/random.ts';
import type { LevelUncertainty } from '../history.ts';
import { namedNoise } from './named-noise.ts';
import { type Span, weeksIn } from './part.ts';
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
}

export const netComponent = (daily: Float64Array, level: LevelUncertainty, span: Span): NetComponent => ({
  daily,
  level,
  levelNoise: namedNoise(span.seed, 'net level'),
  weekNoise: namedNoise(span.seed, 'net weeks'),
  places: new Int32Array(weeksIn(span)),
  offset: span.asOf - span.through,
});

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
};
