/** The noise of many paths laid out day by day, so that a scan over the paths of a day reads memory in order. */
import { BLOCK_DAYS, QUANTILES, UNIT_SHIFTS } from './lattice.ts';
import { draw, type RandomStream, randomStream, STREAM } from './random.ts';

export interface NoiseSheet {
  /** Its first path. */
  readonly from: number;
  readonly paths: number;
  /** Whole blocks of days. */
  readonly blocks: number;
  /** Element `(day - 1) * paths + path - from`: noise of days 1 to `day`, in the unit of the day's block. */
  readonly sums: Int16Array;
  /** Element `block * paths + path - from`: the least of the path's sums in that block. */
  readonly lows: Int16Array;
  /** Element `block`: the least of all. */
  readonly low: Int16Array;
}

/** Paths are listed by sixteen-bit number within their sheet. */
export const SHEET_PATHS_MAX = 0x1_0000;
/** Numbers in a sheet that is kept: 32 MB. */
const KEPT_NUMBERS_MAX = 16_000_000;
/** Numbers in a sheet that is one of many, each made and dropped: what a processor's cache holds. */
const PASSING_NUMBERS_MAX = 2_000_000;

/** Goes on from a path's `total` through the days of a block, and returns the new total. */
const writeBlock = (
  sheet: NoiseSheet,
  block: number,
  path: number,
  total: number,
  stream: RandomStream,
): number => {
  const { paths, sums } = sheet;
  const shift = UNIT_SHIFTS[block] ?? 0;
  const half = (1 << shift) >> 1;
  let sum = total;
  let least = 0x7fff;
  let at = block * BLOCK_DAYS * paths + path;
  for (let word = 0; word < BLOCK_DAYS / 2; word += 1) {
    if (word % 2 === 0) draw(stream, sheet.from + path, 2 * block + word / 2);
    const two = stream.words[word % 2] ?? 0;
    sum += QUANTILES[two & 0xffff] ?? 0;
    const first = (sum + half) >> shift;
    sum += QUANTILES[two >>> 16] ?? 0;
    const second = (sum + half) >> shift;
    sums[at] = first;
    sums[at + paths] = second;
    at += 2 * paths;
    if (first < least) least = first;
    if (second < least) least = second;
  }
  sheet.lows[block * paths + path] = least;
  if (least < (sheet.low[block] ?? 0)) sheet.low[block] = least;
  return sum;
};

const sheetOf = (seed: number, from: number, paths: number, blocks: number): NoiseSheet => {
  const stream = randomStream(seed, STREAM.residual);
  const totals = new Int32Array(paths);
  const sheet: NoiseSheet = {
    from,
    paths,
    blocks,
    sums: new Int16Array(blocks * BLOCK_DAYS * paths),
    lows: new Int16Array(blocks * paths),
    low: new Int16Array(blocks).fill(0x7fff),
  };
  for (let block = 0; block < blocks; block += 1)
    for (let path = 0; path < paths; path += 1)
      totals[path] = writeBlock(sheet, block, path, totals[path] ?? 0, stream);
  return sheet;
};

let kept: { readonly seed: number; readonly sheet: NoiseSheet } | undefined;

/**
 * The noise of all paths, sheet by sheet. It depends on the seed alone, not on money: a sheet that holds all paths is kept for
 * the next forecast, those of more paths than fit in 32 MB are made anew each time.
 */
export function* noiseSheets(seed: number, paths: number, horizonDays: number): Generator<NoiseSheet> {
  const blocks = Math.ceil(horizonDays / BLOCK_DAYS);
  const perPath = blocks * (BLOCK_DAYS + 1);
  if (paths <= SHEET_PATHS_MAX && paths * perPath <= KEPT_NUMBERS_MAX) {
    if (kept?.seed !== seed || kept.sheet.paths !== paths || kept.sheet.blocks < blocks)
      kept = { seed, sheet: sheetOf(seed, 0, paths, blocks) };
    yield kept.sheet;
    return;
  }
  const size = Math.min(SHEET_PATHS_MAX, Math.ceil(PASSING_NUMBERS_MAX / perPath));
  for (let from = 0; from < paths; from += size)
    yield sheetOf(seed, from, Math.min(size, paths - from), blocks);
}
