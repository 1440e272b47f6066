/**
 * Forecasts without walking. Where only normal noise and tranches are random, a path has run out by a day exactly where its
 * noise so far is at or below a whole number that the other money gives for that day: one number a day for all paths that
 * tranches come to alike. So a forecast is a scan of sixteen-bit numbers that were drawn once, block by block, of those paths
 * alone that come near the line. Every step is exact in floating point: the answers are those of the walk, to the bit.
 */
import { BLOCK_DAYS, NOISE_MAX, unitOf } from './lattice.ts';
import { type NoiseSheet, noiseSheets, SHEET_PATHS_MAX } from './noise-sheet.ts';
import type { Simulation } from './simulation.ts';

export interface Scan {
  readonly horizonDays: number;
  readonly paths: number;
  readonly seed: number;
  /** As for a walk, for each group of paths that tranches come to on the same days. */
  readonly certain: readonly Float64Array[];
  /** Element `path`: its group; not looked at where there is but one. */
  readonly groupOf: Uint16Array;
  /** Whole, above 0. */
  readonly dailyStd: number;
}

/** Up to here a path's noise is exact: 53 bits less those of the lattice. */
const STD_MAX = 2 ** 32;
/** Up to here cash that differs by a unit differs as a float. */
const CASH_MAX = 2 ** 51;

/** Whether floats hold all of it exactly. */
export const canScan = ({ horizonDays, certain, dailyStd }: Scan): boolean =>
  Number.isInteger(dailyStd) &&
  dailyStd > 0 &&
  dailyStd < STD_MAX &&
  horizonDays < 2048 &&
  certain.every((group) => group.every((cash) => Math.abs(cash) < CASH_MAX));

/** Greatest whole noise, in the day's unit, with which `cash + dailyStd * noise * unit` is at or below 0. */
const threshold = (cash: number, dailyStd: number, unit: number): number => {
  // Powers of two change no digit, so the quotient is off by its last rounding alone; the product tells by which side.
  const needed = -cash / unit;
  const floor = Math.max(-0x8001, Math.min(0x8000, Math.floor(needed / dailyStd)));
  if (floor * dailyStd > needed) return floor - 1;
  return (floor + 1) * dailyStd <= needed ? floor + 1 : floor;
};

/** Element d - 1 is that of day d. */
const thresholdsOf = (certain: Float64Array, dailyStd: number): Int32Array => {
  const thresholds = new Int32Array(certain.length - 1);
  for (let day = 0; day < thresholds.length; day += 1)
    thresholds[day] = threshold(certain[day + 1] ?? 0, dailyStd, unitOf(Math.floor(day / BLOCK_DAYS)));
  return thresholds;
};

/** Paths by their number within the sheet. Scratch: a forecast leaves nothing here that another would read. */
const alive = new Uint16Array(SHEET_PATHS_MAX);
const near = new Uint16Array(SHEET_PATHS_MAX);

/** Moves the paths of `alive` that come to `line` or below within a block to `near`; returns how many stay. */
const part = (lows: Int16Array, line: number, count: number): number => {
  let stay = 0;
  for (let k = 0; k < count; k += 1) {
    const path = alive[k] ?? 0;
    const above = (line - (lows[path] ?? 0)) >>> 31;
    alive[stay] = path;
    near[k - stay] = path;
    stay += above;
  }
  return stay;
};

/** Drops the paths of `near` at `line` or below; returns how many are left. */
const drop = (sums: Int16Array, line: number, count: number): number => {
  let left = 0;
  for (let k = 0; k < count; k += 1) {
    const path = near[k] ?? 0;
    near[left] = path;
    left += (line - (sums[path] ?? 0)) >>> 31;
  }
  return left;
};

/** Adds to element d those of the paths that first were at or below the line on day d. */
const countDepletions = (
  { paths, sums, lows, low }: NoiseSheet,
  members: Uint16Array,
  thresholds: Int32Array,
  depletions: Uint32Array,
): void => {
  alive.set(members);
  let count = members.length;
  for (let first = 0; first < thresholds.length && count > 0; first += BLOCK_DAYS) {
    const block = first / BLOCK_DAYS;
    const lines = thresholds.subarray(first, first + BLOCK_DAYS);
    const line = lines.reduce((a, b) => (a > b ? a : b));
    if (line < (low[block] ?? 0)) continue;
    const stay = part(lows.subarray(block * paths, (block + 1) * paths), line, count);
    let left = count - stay;
    for (let k = 0; k < lines.length && left > 0; k += 1) {
      const day = first + k;
      const before = left;
      left = drop(sums.subarray(day * paths, (day + 1) * paths), lines[k] ?? 0, before);
      depletions[day + 1] = (depletions[day + 1] ?? 0) + before - left;
    }
    alive.set(near.subarray(0, left), stay);
    count = stay + left;
  }
};

/**
 * Days on which any path can have its lowest cash. A day with more certain cash than a day beside it, by more than the most
 * that noise can do in a day, is lower than that one for none.
 */
const lowDays = (certain: Float64Array, dailyStd: number): Int32Array => {
  const horizonDays = certain.length - 1;
  const days = new Int32Array(horizonDays);
  let count = 0;
  for (let day = 1; day <= horizonDays; day += 1) {
    const rounding = 2 * unitOf(Math.floor((day - 1) / BLOCK_DAYS));
    const reach = dailyStd * (NOISE_MAX + rounding) + 1;
    const cash = certain[day] ?? 0;
    if (day > 1 && cash - (certain[day - 1] ?? 0) > reach) continue;
    if (day < horizonDays && cash - (certain[day + 1] ?? 0) > reach) continue;
    days[count] = day;
    count += 1;
  }
  return days.subarray(0, count);
};

/** Lowest cash by path, and its first day. */
export interface Lowest {
  readonly cash: Float64Array;
  readonly day: Int32Array;
}

/** Lists in `near` the paths that may meet or undercut their lowest cash where the certain cash is `floor`. */
const listLow = (
  members: Uint16Array,
  lowest: Float64Array,
  lows: Int16Array,
  floor: number,
  scale: number,
): number => {
  let count = 0;
  for (let k = 0; k < members.length; k += 1) {
    const path = members[k] ?? 0;
    near[count] = path;
    if (floor + scale * (lows[path] ?? 0) <= (lowest[path] ?? 0)) count += 1;
  }
  return count;
};

/** Lowers the listed paths to their cash of one day where that is lower, or as low and earlier. */
const lowerTo = (
  { cash: lowest, day: lowestDay }: Lowest,
  sums: Int16Array,
  cash: number,
  scale: number,
  day: number,
  count: number,
): void => {
  for (let k = 0; k < count; k += 1) {
    const path = near[k] ?? 0;
    const at = cash + scale * (sums[path] ?? 0);
    const least = lowest[path] ?? 0;
    if (at < least || (at === least && day < (lowestDay[path] ?? 0))) {
      lowest[path] = at;
      lowestDay[path] = day;
    }
  }
};

/** Days of one block on which a path can be lowest, and the least certain cash of them. */
interface LowBlock {
  readonly block: number;
  readonly scale: number;
  readonly floor: number;
  readonly days: readonly number[];
}

/** Begins at the lower end, where most paths are lowest: then most of the other days need no look. */
const lowBlocks = (certain: Float64Array, dailyStd: number): LowBlock[] => {
  const byBlock = Map.groupBy(lowDays(certain, dailyStd), (day) => Math.floor((day - 1) / BLOCK_DAYS));
  const blocks = [...byBlock].map(([block, days]) => ({
    block,
    days,
    scale: dailyStd * unitOf(block),
    floor: days.reduce((least, day) => Math.min(least, certain[day] ?? 0), Infinity),
  }));
  return (certain.at(-1) ?? 0) < (certain[1] ?? 0) ? blocks.reverse() : blocks;
};

/** Writes the lowest cash of each of the paths, and its first day. */
const findLowest = (
  { paths, sums, lows, low }: NoiseSheet,
  members: Uint16Array,
  blocks: readonly LowBlock[],
  certain: Float64Array,
  lowest: Lowest,
): void => {
  const [first] = blocks;
  const [begin = 1] = first?.days ?? [];
  const start = sums.subarray((begin - 1) * paths, begin * paths);
  const startCash = certain[begin] ?? 0;
  const startScale = first?.scale ?? 0;
  const { cash, day: lowestDay } = lowest;
  let most = -0x8000;
  for (let k = 0; k < members.length; k += 1) {
    const path = members[k] ?? 0;
    const sum = start[path] ?? 0;
    cash[path] = startCash + startScale * sum;
    if (sum > most) most = sum;
  }
  if (members.length === paths) lowestDay.fill(begin);
  else for (let k = 0; k < members.length; k += 1) lowestDay[members[k] ?? 0] = begin;
  const worst = startCash + startScale * most;
  for (const { block, days, scale, floor } of blocks) {
    const others = days[0] === begin ? days.slice(1) : days;
    if (others.length === 0 || floor + scale * (low[block] ?? 0) > worst) continue;
    const count = listLow(members, cash, lows.subarray(block * paths, (block + 1) * paths), floor, scale);
    for (const day of others) {
      const noise = sums.subarray((day - 1) * paths, day * paths);
      lowerTo(lowest, noise, certain[day] ?? 0, scale, day, count);
    }
  }
};

const everyone = Uint16Array.from({ length: SHEET_PATHS_MAX }, (_, path) => path);

/** The paths of a sheet by group, each by its number within the sheet. */
const membersOf = ({ certain, groupOf }: Scan, { from, paths }: NoiseSheet): Uint16Array[] => {
  if (certain.length === 1) return [everyone.subarray(0, paths)];
  const members = certain.map(() => [] as number[]);
  for (let path = 0; path < paths; path += 1) members[groupOf[from + path] ?? 0]?.push(path);
  return members.map((group) => Uint16Array.from(group));
};

/** What a walk of the same paths would say. @param lowest memory for what is kept by path */
export const scanPaths = (scan: Scan, lowest: Lowest): Simulation => {
  const { horizonDays, paths, seed, certain, dailyStd } = scan;
  const depletions = new Uint32Array(horizonDays + 1);
  const groups = certain.map((cash) => ({
    cash,
    thresholds: thresholdsOf(cash, dailyStd),
    blocks: lowBlocks(cash, dailyStd),
  }));
  for (const sheet of noiseSheets(seed, paths, horizonDays)) {
    const to = sheet.from + sheet.paths;
    const within = { cash: lowest.cash.subarray(sheet.from, to), day: lowest.day.subarray(sheet.from, to) };
    const members = membersOf(scan, sheet);
    groups.forEach(({ cash, thresholds, blocks }, group) => {
      const paths = members[group] ?? everyone;
      countDepletions(sheet, paths, thresholds, depletions);
      findLowest(sheet, paths, blocks, cash, within);
    });
  }
  return { horizonDays, paths, depletions, lowestCash: lowest.cash, lowestCashDay: lowest.day };
};
