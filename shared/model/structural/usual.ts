/** Regular streams too small to be drawn payment by payment, as one calendar of what they usually pay. */
import { exp } from '../../forecast/elementary.ts';
import { type Span, weekOf } from './part.ts';
import type { Regular } from './regular.ts';

/** What small regular streams usually pay, on the days on which they do. */
interface Usual {
  /** Elements of the flows, ascending, and the weeks they lie in. */
  readonly places: Int32Array;
  readonly weeks: Int32Array;
  readonly inflows: Float64Array;
  readonly outflows: Float64Array;
}

/** Small regular streams as one calendar. */
export const usualOf = (small: readonly Regular[], span: Span): Usual => {
  const flows = { in: new Float64Array(span.horizonDays), out: new Float64Array(span.horizonDays) };
  for (const { level, named, patterns, sign, isWhole } of small) {
    const into = sign > 0 ? flows.in : flows.out;
    const usual = exp(level.logLevel) / (patterns.from.length - 1);
    for (const day of named)
      patterns.days.forEach((lag, piece) => {
        const index = (isWhole ? Math.max(1, day + lag) : day + lag) - 1;
        if (index >= 0 && index < span.horizonDays)
          into[index] = (into[index] ?? 0) + usual * (patterns.shares[piece] ?? 0);
      });
  }
  const places = Int32Array.from(flows.in.keys()).filter((k) => flows.in[k] !== 0 || flows.out[k] !== 0);
  return {
    places,
    weeks: places.map((k) => weekOf(span, k)),
    inflows: Float64Array.from(places, (k) => flows.in[k] ?? 0),
    outflows: Float64Array.from(places, (k) => flows.out[k] ?? 0),
  };
};

/** @param rates absent where the calendar is of own money; those of outflows are in `factors` */
export const addUsual = (
  usual: Usual,
  factors: Float64Array,
  flows: Float64Array,
  rates: Float64Array | undefined,
): void => {
  const { places, weeks, inflows, outflows } = usual;
  for (let k = 0; k < places.length; k += 1) {
    const place = places[k] ?? 0;
    const week = weeks[k] ?? 0;
    flows[place] =
      (flows[place] ?? 0) +
      (inflows[k] ?? 0) * (rates?.[week] ?? 1) -
      (outflows[k] ?? 0) * (factors[week] ?? 1);
  }
};
