/**
 * Money stream by stream: those with a rhythm are paid on their days, at their own level and with the growth that all of
 * them share; the rest is a pool in each direction; what is rare and large is a process of its own.
 */

import { cosineAt, normalRadius, sineAt } from '../../forecast/noise.ts';
import type { RandomStream } from '../../forecast/random.ts';
import { draw } from '../../forecast/random.ts';
import { type Series, through } from '../streams/series.ts';
import { DRIFT_KEPT, type Growth, growthOf, STEP_WEEKS, writeGrowth } from './growth.ts';
import {
  addLargeEvents,
  type LargeEvents,
  type LargePayment,
  largeEventsOf,
  withoutLarge,
} from './large-events.ts';
import { namedNoise } from './named-noise.ts';
import { type Part, type Span, weeksIn } from './part.ts';
import { drawPool, type Pool, type PoolDraw, poolOf } from './pool.ts';
import type { Rates } from './rates.ts';
import { addRegular, type Regular, regularOf } from './regular.ts';
import { addUsual, usualOf } from './usual.ts';
import { drawWeeks } from './week-bootstrap.ts';

/** Largest regular streams that are drawn payment by payment; the small ones together move no answer. */
const DRAWN_MAX = 12;
const DRAWN_SHARE_MIN = 0.015;
/** A level wanders by this share of a week's standard deviation, every fourth week. */
const WANDER = 0.08;

export interface StructuralFit {
  readonly span: Span;
  readonly regular: readonly Regular[];
  readonly pools: { readonly in: Pool | undefined; readonly out: Pool | undefined };
  /** What of the pools is foreign money, as a share. */
  readonly foreign: { readonly in: number; readonly out: number };
  readonly large: readonly LargeEvents[];
  readonly growth: Growth;
  /** Days of history, whole weeks. */
  readonly days: number;
}

/** Sums of the streams on each day of the history. */
const dailySums = (all: readonly Series[], { through: last }: Span, days: number): Float64Array => {
  const sums = new Float64Array(days);
  for (const series of all)
    series.days.forEach((day, k) => {
      const index = day - (last - days + 1);
      if (index >= 0 && index < days) sums[index] = (sums[index] ?? 0) + (series.amounts[k] ?? 0);
    });
  return sums;
};

const totalOf = (all: readonly Series[], sign: 1 | -1): number =>
  all.reduce(
    (sum, series) =>
      series.sign === sign ? series.amounts.reduce((total, amount) => total + amount, sum) : sum,
    0,
  );

const foreignShare = (all: readonly Series[], sign: 1 | -1): number => {
  const foreign = all.filter(({ isForeign }) => isForeign);
  return foreign.length === 0 ? 0 : totalOf(foreign, sign) / Math.max(1, totalOf(all, sign));
};

/**
 * @param told payments from the first day of the history to day 0, by stream
 * @param days of history, whole weeks
 */
export const fitStructural = (told: readonly Series[], days: number, span: Span): StructuralFit => {
  const known = told.map((series) => through(series, span.through));
  const monthlyOutMinor = (totalOf(known, -1) / days) * 30.4;
  const regular: Regular[] = [];
  const rest: Series[] = [];
  const large: { readonly in: LargePayment[]; readonly out: LargePayment[] } = { in: [], out: [] };
  for (const series of told) {
    const found = regularOf(series, span);
    if (found) regular.push(found);
    if (found !== undefined) continue;
    const split = withoutLarge(through(series, span.through), { days, monthlyOutMinor });
    rest.push(split.rest);
    large[series.sign > 0 ? 'in' : 'out'].push(...split.large);
  }
  const law = { days, monthlyOutMinor, seed: span.seed };
  const pool = (sign: 1 | -1): Pool | undefined =>
    poolOf(
      dailySums(
        rest.filter((series) => series.sign === sign),
        span,
        days,
      ),
      { name: sign > 0 ? 'in' : 'out', hasTrend: sign > 0, seed: span.seed },
    );
  return {
    span,
    regular,
    pools: { in: pool(1), out: pool(-1) },
    foreign: { in: foreignShare(rest, 1), out: foreignShare(rest, -1) },
    large: [largeEventsOf(-1, large.out, law), largeEventsOf(1, large.in, law)].filter(
      (events) => events !== undefined,
    ),
    growth: growthOf(
      regular.filter(({ sign }) => sign < 0),
      days / 30.4,
      span.seed,
    ),
    days,
  };
};

/** The fit, ready to draw paths; one at a time, because its working memory is reused. */
export interface StructuralPaths {
  /** Draws what the parts of the path share; before any of them. */
  readonly prepare: (path: number) => void;
  readonly parts: readonly Part[];
  /** All that they depend on beside the path, as plain data; it names the span, and so the rates and all noise. */
  readonly of: unknown;
}

/** Levels of the two pools, week by week. */
const levelsByWeek = (
  { in: income, out: outgo }: StructuralFit['pools'],
  noise: RandomStream,
  weeks: number,
): { readonly in: Float64Array; readonly out: Float64Array; readonly prepare: (path: number) => void } => {
  const levels = { in: new Float64Array(weeks), out: new Float64Array(weeks) };
  const drawnIn: PoolDraw = { level: 0, weekStd: 0, trend: 0 };
  const drawnOut: PoolDraw = { level: 0, weekStd: 0, trend: 0 };
  const prepare = (path: number): void => {
    if (income !== undefined) drawPool(income, path, drawnIn);
    if (outgo !== undefined) drawPool(outgo, path, drawnOut);
    let { level: inflow, trend } = drawnIn;
    let outflow = drawnOut.level;
    let grown = 1;
    for (let week = 0; week < weeks; week += 1) {
      if (week % STEP_WEEKS === 0) {
        draw(noise, path, week);
        const radius = normalRadius(noise);
        const angle = noise.words[1] ?? 0;
        inflow += WANDER * drawnIn.weekStd * (radius * cosineAt(angle));
        outflow += WANDER * drawnOut.weekStd * (radius * sineAt(angle));
      }
      trend *= DRIFT_KEPT;
      grown *= Math.max(0, 1 + trend);
      levels.in[week] = Math.max(0, inflow * grown) / 7;
      levels.out[week] = Math.max(0, outflow) / 7;
    }
  };
  return { ...levels, prepare };
};

interface InAndOut {
  readonly in: Float64Array;
  readonly out: Float64Array;
}

/**
 * Adds each coming week at its level in the shape of the past week that it repeats.
 * @param offset days that the first week had behind it on day 0
 */
const addPools = (
  levels: InAndOut,
  shapes: InAndOut,
  places: Int32Array,
  offset: number,
  flows: Float64Array,
): void => {
  const { length } = flows;
  for (let week = 0; week < places.length; week += 1) {
    const income = levels.in[week] ?? 0;
    const outgo = levels.out[week] ?? 0;
    const first = 7 * week - offset;
    const end = Math.min(length, first + 7);
    let source = 7 * (places[week] ?? 0) + Math.max(0, -first);
    for (let index = Math.max(0, first); index < end; index += 1, source += 1)
      flows[index] =
        (flows[index] ?? 0) + income * (shapes.in[source] ?? 0) - outgo * (shapes.out[source] ?? 0);
  }
};

/** The parts of a fit. Those that come first are the largest. */
export const structuralPaths = (fit: StructuralFit, rates?: Rates): StructuralPaths => {
  const { span, pools, growth, large } = fit;
  const weeks = weeksIn(span);
  const factors = new Float64Array(weeks);
  /** The growth of outflows in other currencies, which holds the rates. */
  const abroad = new Float64Array(weeks);
  const places = new Int32Array(weeks);
  const weekNoise = namedNoise(span.seed, 'pool weeks');
  const levels = levelsByWeek(pools, namedNoise(span.seed, 'pool levels'), weeks);
  const offset = span.asOf - span.through;
  const total = fit.regular.reduce((sum, { dailyMinor }) => sum + dailyMinor, 0);
  const drawn = fit.regular
    .filter(({ dailyMinor }) => dailyMinor >= DRAWN_SHARE_MIN * total)
    .toSorted((a, b) => b.dailyMinor - a.dailyMinor)
    .slice(0, DRAWN_MAX);
  const small = fit.regular.filter((regular) => !drawn.includes(regular));
  const shapes = {
    in: pools.in?.shape ?? new Float64Array(fit.days),
    out: pools.out?.shape ?? new Float64Array(fit.days),
  };
  const parts: Part[] = drawn.map((regular) => ({
    label: regular.stream,
    add: (path, flows) => {
      const own = regular.sign < 0 ? factors : undefined;
      const foreign = regular.sign < 0 ? abroad : rates?.factors;
      addRegular(regular, path, flows, regular.isForeign ? foreign : own, offset);
    },
  }));
  if (pools.in !== undefined || pools.out !== undefined)
    parts.push({
      label: '',
      add: (_path, flows) => {
        addPools(levels, shapes, places, offset, flows);
      },
    });
  for (const isForeign of [undefined, true] as const) {
    const some = small.filter((regular) => regular.isForeign === isForeign);
    if (some.length === 0) continue;
    const usual = usualOf(some, span);
    parts.push({
      label: '',
      add: (_path, flows) => {
        addUsual(usual, isForeign ? abroad : factors, flows, isForeign && rates?.factors);
      },
    });
  }
  for (const events of large)
    parts.push({
      label: events.sign < 0 ? 'a rare large payment' : '',
      add: (path, flows) => {
        addLargeEvents(events, path, flows, rates?.factors, offset);
      },
    });
  return {
    of: [fit, rates !== undefined],
    prepare: (path) => {
      writeGrowth(growth, path, factors);
      drawWeeks(weekNoise, path, fit.days / 7, places);
      levels.prepare(path);
      if (rates === undefined) return;
      rates.prepare(path);
      for (let week = 0; week < weeks; week += 1) {
        const gain = (rates.factors[week] ?? 1) - 1;
        abroad[week] = (factors[week] ?? 1) * (1 + gain);
        levels.in[week] = (levels.in[week] ?? 0) * (1 + fit.foreign.in * gain);
        levels.out[week] = (levels.out[week] ?? 0) * (1 + fit.foreign.out * gain);
      }
    },
    parts,
  };
};
