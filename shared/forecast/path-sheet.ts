/**
 * Paths whose random money is summed once, so that any opening cash is answered from the same sums. The opening adds to every
 * day of a path alike: it decides neither how the path goes nor on which of its days it is low, only how far from nothing they
 * lie. So the lowest day is known before the opening is, and the first day without cash is looked for by the lowest of the days
 * before it. What is read is added as a walk through all days adds it: the answers are those of a walk, to the bit.
 */
const BLOCK_DAYS = 16;
/** Of the largest sum: far more than rounding can come to, far less than two days differ by. */
const SLACK = 1e-12;
/** A day that has to be looked for once the opening is known. */
const UNKNOWN = 0;

/** Days 1 to the horizon cut into blocks, and the blocks into stretches: each of these ends before a day that is asked about. */
interface Blocks {
  /** First day of each block, and the day after the last. */
  readonly from: Int32Array;
  /** First block of each stretch, and the block after the last. */
  readonly stretches: Int32Array;
}

export interface PathSheet {
  readonly horizonDays: number;
  /** How many paths it holds. */
  readonly rows: number;
  readonly blocks: Blocks;
  /** Element d: what certain money beside the opening cash comes to by the end of day d. */
  readonly certain: Float64Array;
  /** Opening cash and certain money never lie further from nothing. */
  readonly reach: number;
  /** Element `row * horizonDays + day - 1`: what random money comes to by the end of the day. */
  readonly sums: Float64Array;
  /** Element `row * blocks + block`: no day until the end of the block is lower than this, without any opening cash. */
  readonly lows: Float64Array;
  /** By block, its lowest day if only certain money moved in it. */
  readonly certainLows: Float64Array;
  /** By block of the row that is being written: no day of it is lower than this, and what it ends on. */
  readonly blockLows: Float64Array;
  readonly blockEnds: Float64Array;
  /** Element `row * stretches + stretch`: the first of its lowest days, and what random money comes to by then. */
  readonly lowDays: Int32Array;
  readonly lowSums: Float64Array;
  /** No sum lies further from nothing. */
  most: number;
}

const blocksOf = (horizonDays: number, cuts: readonly number[]): Blocks => {
  const from: number[] = [];
  const stretches: number[] = [];
  let day = 1;
  for (const cut of [...cuts, horizonDays + 1]) {
    stretches.push(from.length);
    for (; day < cut; day = Math.min(cut, day + BLOCK_DAYS)) from.push(day);
  }
  return {
    from: Int32Array.of(...from, horizonDays + 1),
    stretches: Int32Array.of(...stretches, from.length),
  };
};

/** Fresh memory takes longer to get than paths to write. */
export const memory = (length: number, spare: Float64Array | undefined): Float64Array =>
  spare?.length === length ? spare : new Float64Array(length);

/**
 * @param cuts ascending days, at most one beyond the horizon, before which it is asked how low a path was
 * @param spare a sheet that nobody reads any more
 */
export const pathSheet = (
  rows: number,
  certain: Float64Array,
  reach: number,
  cuts: readonly number[],
  spare?: PathSheet,
): PathSheet => {
  const horizonDays = certain.length - 1;
  const blocks = blocksOf(horizonDays, cuts);
  const count = blocks.from.length - 1;
  return {
    horizonDays,
    rows,
    blocks,
    certain,
    reach,
    sums: memory(rows * horizonDays, spare?.sums),
    lows: memory(rows * count, spare?.lows),
    certainLows: Float64Array.from({ length: count }, (_, block) =>
      Math.min(...certain.subarray(blocks.from[block], blocks.from[block + 1])),
    ),
    blockLows: new Float64Array(count),
    blockEnds: new Float64Array(count),
    lowDays: new Int32Array(rows * (cuts.length + 1)),
    lowSums: memory(rows * (cuts.length + 1), spare?.lowSums),
    most: 0,
  };
};

/**
 * Sums a path's flows. Of each block it takes down where it ends, and how low it could be if all that leaves in it left first:
 * finding out how low it is would take a guess a day.
 * @returns what the flows come to when none is set against another: no sum lies further from nothing
 */
const writeSums = (sheet: PathSheet, row: number, flows: Float64Array): number => {
  const { sums, lows, horizonDays, certain, certainLows, blockLows, blockEnds } = sheet;
  const { from } = sheet.blocks;
  const count = blockLows.length;
  const before = row * horizonDays - 1;
  let sum = 0;
  let gross = 0;
  let lowest = Infinity;
  for (let block = 0; block < count; block += 1) {
    const end = from[block + 1] ?? 0;
    const start = sum;
    let moved = 0;
    for (let day = from[block] ?? 0; day < end; day += 1) {
      const flow = flows[day - 1] ?? 0;
      sum += flow;
      moved += Math.abs(flow);
      sums[before + day] = sum;
    }
    gross += moved;
    const low = start - (moved - (sum - start)) / 2 + (certainLows[block] ?? 0);
    if (low < lowest) lowest = low;
    blockLows[block] = low;
    blockEnds[block] = (certain[end - 1] ?? 0) + sum;
    lows[row * count + block] = lowest;
  }
  return gross;
};

/**
 * First of the lowest days of a stretch of the row that was written last; `UNKNOWN` where it has none, or another day is so nearly
 * as low that rounding may decide. A day that is the same to the bit is no other: whatever the opening, the first counts.
 */
const lowestDay = (sheet: PathSheet, row: number, stretch: number, slack: number): number => {
  const { certain, sums, blockLows, blockEnds, horizonDays } = sheet;
  const { from, stretches } = sheet.blocks;
  const before = row * horizonDays - 1;
  const first = stretches[stretch] ?? 0;
  const last = stretches[stretch + 1] ?? 0;
  let lowest = Infinity;
  for (let block = first; block < last; block += 1) lowest = Math.min(lowest, blockEnds[block] ?? 0);
  for (let block = first; block < last; block += 1) {
    if ((blockLows[block] ?? 0) > lowest + slack) continue;
    const end = from[block + 1] ?? 0;
    for (let day = from[block] ?? 0; day < end; day += 1) {
      const cash = (certain[day] ?? 0) + (sums[before + day] ?? 0);
      if (cash < lowest) lowest = cash;
    }
  }
  let found = UNKNOWN;
  for (let block = first; block < last; block += 1) {
    if ((blockLows[block] ?? 0) > lowest + slack) continue;
    const end = from[block + 1] ?? 0;
    for (let day = from[block] ?? 0; day < end; day += 1) {
      if ((certain[day] ?? 0) + (sums[before + day] ?? 0) > lowest + slack) continue;
      if (found === UNKNOWN) found = day;
      else if (certain[day] !== certain[found] || sums[before + day] !== sums[before + found]) return UNKNOWN;
    }
  }
  return found;
};

/** Writes the path that moves so. */
export const writeRow = (sheet: PathSheet, row: number, flows: Float64Array): void => {
  const { sums, horizonDays, lowDays, lowSums, reach } = sheet;
  const gross = writeSums(sheet, row, flows);
  if (gross > sheet.most) sheet.most = gross;
  const stretches = sheet.blocks.stretches.length - 1;
  for (let stretch = 0; stretch < stretches; stretch += 1) {
    const day = lowestDay(sheet, row, stretch, (gross + reach) * SLACK);
    lowDays[row * stretches + stretch] = day;
    lowSums[row * stretches + stretch] = sums[row * horizonDays + day - 1] ?? 0;
  }
};

/** First day with cash at or below nothing; 0 where there is none. @param limit of `lows` above which no day is so */
const firstDayWithout = (
  { sums, lows, blocks, horizonDays }: PathSheet,
  row: number,
  cash: Float64Array,
  limit: number,
): number => {
  const { from } = blocks;
  const count = from.length - 1;
  const at = row * count;
  if ((lows[at + count - 1] ?? 0) > limit) return 0;
  let first = 0;
  let last = count - 1;
  while (first < last) {
    const middle = (first + last) >>> 1;
    if ((lows[at + middle] ?? 0) > limit) first = middle + 1;
    else last = middle;
  }
  const before = row * horizonDays - 1;
  for (let day = from[first] ?? 0; day <= horizonDays; day += 1)
    if ((cash[day] ?? 0) + (sums[before + day] ?? 0) <= 0) return day;
  return 0;
};

/** First of the lowest days of a stretch; 0 where it has none. */
const lowestAfterAll = (
  { sums, blocks, horizonDays }: PathSheet,
  row: number,
  stretch: number,
  cash: Float64Array,
): number => {
  const { from, stretches } = blocks;
  const before = row * horizonDays - 1;
  const end = from[stretches[stretch + 1] ?? 0] ?? 0;
  let lowest = Infinity;
  let found = 0;
  for (let day = from[stretches[stretch] ?? 0] ?? 0; day < end; day += 1) {
    const here = (cash[day] ?? 0) + (sums[before + day] ?? 0);
    if (here >= lowest) continue;
    lowest = here;
    found = day;
  }
  return found;
};

/** Element d: cash at the end of day d if only certain money moved. */
const cashOf = ({ certain }: PathSheet, opening: number): Float64Array => certain.map((sum) => opening + sum);

/** Writes the first day without cash of each path of the sheet, from place `first` on; 0 where there is none. */
export const writeDepletion = (
  sheet: PathSheet,
  opening: number,
  depletionDay: Int32Array,
  first: number,
): void => {
  const cash = cashOf(sheet, opening);
  const limit = (sheet.most + sheet.reach) * SLACK - opening;
  for (let row = 0; row < sheet.rows; row += 1)
    depletionDay[first + row] = firstDayWithout(sheet, row, cash, limit);
};

export interface Lowest {
  /** Of each path. */
  readonly cash: Float64Array;
  readonly day: Int32Array;
  /** Element `k * paths + path`: before the k-th cut; Infinity where no day lies before it. */
  readonly before: Float64Array;
}

/** Writes how low each path of the sheet is, from place `first` on. */
export const writeLowest = (sheet: PathSheet, opening: number, lowest: Lowest, first: number): void => {
  const { lowDays, lowSums, sums, horizonDays } = sheet;
  const cash = cashOf(sheet, opening);
  const paths = lowest.cash.length;
  const stretches = sheet.blocks.stretches.length - 1;
  for (let row = 0; row < sheet.rows; row += 1) {
    let least = Infinity;
    let on = 0;
    for (let stretch = 0; stretch < stretches; stretch += 1) {
      let day = lowDays[row * stretches + stretch] ?? 0;
      let sum = lowSums[row * stretches + stretch] ?? 0;
      if (day === UNKNOWN) {
        day = lowestAfterAll(sheet, row, stretch, cash);
        sum = sums[row * horizonDays + day - 1] ?? 0;
      }
      const here = day === 0 ? Infinity : (cash[day] ?? 0) + sum;
      if (here < least) {
        least = here;
        on = day;
      }
      if (stretch < stretches - 1) lowest.before[stretch * paths + first + row] = least;
    }
    lowest.cash[first + row] = least;
    lowest.day[first + row] = on;
  }
};
