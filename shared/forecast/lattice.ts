/**
 * Normal noise in whole numbers. A day's noise is one of 65,536 equally likely quantiles of the standard normal, in
 * 4096ths; a path is their running sum, kept to a sixteen-bit number in a unit that coarsens as the sum spreads. Whole
 * numbers add alike on any machine and in any order, so a path is the same bits however it is come by: one at a time, or
 * laid out for many at once.
 */
import { normalQuantile } from './normal-quantile.ts';

/** 4096ths of a standard deviation, by random half-word. Its variance falls 2e-5 short of 1. */
export const QUANTILES: Int16Array = Int16Array.from({ length: 0x1_0000 }, (_, k) =>
  Math.round(4096 * normalQuantile((k + 0.5) / 0x1_0000)),
);

/** Most that a day's noise can be, in standard deviations. */
export const NOISE_MAX: number = (QUANTILES[0xffff] ?? 0) / 4096;

/** Days that share a unit. */
export const BLOCK_DAYS = 8;

/** Enough for 2,048 days. */
const BLOCKS_MAX = 256;

/** Standard deviations of its spread that a path may stray: beyond lie 4 in 10^33. */
const REACH = 12;

const shiftOf = (block: number): number => {
  const days = BLOCK_DAYS * (block + 1);
  const most = Math.min(NOISE_MAX * days, REACH * Math.sqrt(days)) * 4096;
  let shift = 0;
  while (most >= 0x7fff << shift) shift += 1;
  return shift;
};

/** Element `block`: halvings of the unit of 1/4096 for days `8 block + 1` to `8 block + 8`. Longer horizons are refused. */
export const UNIT_SHIFTS: Int32Array = Int32Array.from({ length: BLOCKS_MAX }, (_, block) => shiftOf(block));

/** Standard deviations in one unit: a power of two, so that products with it are exact. */
export const unitOf = (block: number): number => (1 << (UNIT_SHIFTS[block] ?? 0)) / 4096;

/** A running sum as the lattice keeps it, in standard deviations. */
export const latticed = (sum: number, block: number): number => {
  const shift = UNIT_SHIFTS[block] ?? 0;
  return (((sum + ((1 << shift) >> 1)) >> shift) << shift) / 4096;
};
