import { type AmountLevel, amountLevel } from './amount-level.ts';
import { type Cadence, cadenceOf } from './cadence.ts';
import { type Series, seriesKey } from './series.ts';

/** What a stream's payments say of it, whatever day it is. */
export interface Known {
  readonly cadence: Cadence | undefined;
  /** Of its payments one by one. */
  readonly level: AmountLevel;
}

/** Streams seen lately by this process, and not more than some tenants have. */
const STREAMS_MAX = 4_096;
const seen = new Map<string, Known>();

/**
 * Rhythm and level of a stream. A pure function of its payments, so it is looked up where the same were seen before: most
 * streams have not moved since the last forecast.
 */
export const knownOf = (series: Series): Known => {
  const key = `${seriesKey(series)}|${series.days.join()}|${series.amounts.join()}`;
  const before = seen.get(key);
  if (before !== undefined) return before;
  if (seen.size >= STREAMS_MAX) seen.clear();
  const known = { cadence: cadenceOf(series), level: amountLevel(series.amounts) };
  seen.set(key, known);
  return known;
};
