/**
 * The paths of a forecast: half of them money stream by stream, half of them the net flow as a whole. The first is far sharper
 * where payroll dominates, the second is better where nothing is regular; pooled they are well calibrated on both (linear
 * pool, Stone 1961). What is declared comes on top of either.
 */
import { isDeepStrictEqual } from 'node:util';
import { addOccasions, certainArrivals, type Occasions, occasionsOf } from '../forecast/occasions.ts';
import { type Band, type BandSums, bandOfCash, bandOfSums } from '../forecast/path-band.ts';
import {
  memory,
  type PathSheet,
  pathSheet,
  writeDepletion,
  writeLowest,
  writeRow,
} from '../forecast/path-sheet.ts';
import type { Simulation, SimulationInput } from '../forecast/simulation.ts';
import { type NetComponent, writeNet } from './structural/net-component.ts';
import type { Part } from './structural/part.ts';
import type { StructuralPaths } from './structural/structural.ts';

export interface Components {
  readonly structural: StructuralPaths;
  readonly net: NetComponent;
  /** Streams that the net flow does not hold, because they are told of. */
  readonly besideNet: readonly Part[];
  /** Payments told of, on top of either. */
  readonly awaited: readonly Part[];
}

export interface RunwayPaths {
  readonly simulation: Simulation;
  /** Paths that ran out on each day had no money come that is not certain to; absent where all is certain. */
  readonly depletionsWithoutUnsigned?: Uint32Array;
  /** First day at or below the minimum of each path; 0 where there is none. */
  readonly depletionDay: Int32Array;
  /** Element `k * paths + path`: the greatest outflow of the path through the day before `pricedDays[k]`. */
  readonly prices: Float64Array;
}

/** So much of the opening cash is rounding: sums of thousands of floats that should meet on nothing end a hair beside it. */
const ROUNDING = 1e-11;

/** Element d: what certain money beside the opening cash comes to by the end of day d. */
const certainSums = (input: SimulationInput): Float64Array => {
  const { horizonDays, scheduled } = input;
  const arrivals = certainArrivals(input);
  const sums = new Float64Array(horizonDays + 1);
  let sum = 0;
  for (let day = 1; day <= horizonDays; day += 1) {
    sum += (scheduled[day - 1] ?? 0) + (arrivals[day] ?? 0);
    sums[day] = sum;
  }
  return sums;
};

const writeComponent = (
  { structural, net, besideNet, awaited }: Components,
  path: number,
  flows: Float64Array,
): void => {
  if (path % 2 === 1) {
    writeNet(net, path, flows);
    for (const part of besideNet) part.add(path, flows);
  } else {
    flows.fill(0);
    structural.prepare(path);
    for (const part of structural.parts) part.add(path, flows);
  }
  for (const part of awaited) part.add(path, flows);
};

/** Money declared, apart by whether it is certain to come. */
const declared = (input: SimulationInput): { readonly signed: Occasions; readonly unsigned: Occasions } => {
  const all = occasionsOf(input);
  return {
    signed: { ...all, tranches: all.tranches.filter(({ probability }) => probability >= 1) },
    unsigned: { ...all, jitters: [], tranches: all.tranches.filter(({ probability }) => probability < 1) },
  };
};

/** What is asked of the paths. */
interface Asked {
  /** Ascending days of which the band is told. */
  readonly bandDays: readonly number[];
  /** Ascending, at most one beyond the horizon. */
  readonly pricedDays: readonly number[];
}

/** The same paths with all money, and with signed money alone where some is not. */
interface Sheets {
  readonly all: PathSheet;
  readonly signed?: PathSheet;
}

/** Writes paths from `first` on into the sheets, and their sums on the days of the band. */
const writePaths = (
  input: SimulationInput,
  components: Components,
  { all, signed }: Sheets,
  first: number,
  band: BandSums,
): void => {
  const occasions = declared(input);
  const { horizonDays, paths } = input;
  const flows = new Float64Array(horizonDays);
  for (let row = 0; row < all.rows; row += 1) {
    const path = first + row;
    writeComponent(components, path, flows);
    addOccasions(occasions.signed, path, flows);
    if (signed !== undefined) {
      writeRow(signed, row, flows);
      addOccasions(occasions.unsigned, path, flows);
    }
    writeRow(all, row, flows);
    for (let k = 0; k < band.days.length; k += 1)
      band.values[k * paths + path] = all.sums[row * horizonDays + (band.days[k] ?? 0) - 1] ?? 0;
  }
};

/** Paths of the last forecast: 128 MB at most. */
interface Kept extends Sheets {
  /** What they are made of; undefined where that is not known, and only their memory is of use. */
  readonly origin: unknown;
  readonly band: Band;
  /** Memory for the band of the next one. */
  readonly values: Float64Array;
}

const KEPT_NUMBERS_MAX = 16_000_000;
const PASSING_ROWS = 512;
/** How many times its size an opening may grow before what was kept answers no longer. */
const REACH = 4;
let kept: Kept | undefined;
/** A process that makes a single forecast is spared the memory, which takes as long to get as paths to write. */
let isFirst = true;

/** All that the sums of the paths depend on, the opening cash is no part of it; undefined where a part does not say. */
const originOf = (
  { openingCash: _opening, residual: _residual, ...rest }: SimulationInput,
  { structural, net, besideNet, awaited }: Components,
  asked: Asked,
): unknown => {
  const parts = [...besideNet, ...awaited].map(({ of }) => of);
  if (parts.includes(undefined)) return undefined;
  const { daily, level, offset, foreign } = net;
  return {
    rest,
    asked,
    structural: structural.of,
    net: [daily, level, offset, foreign?.daily],
    besideNet: besideNet.length,
    parts,
  };
};

/** Hands the sheets of all paths on, and returns the quantiles of their band. Those that fit are kept for the next forecast. */
const forSheets = (
  input: SimulationInput,
  components: Components,
  asked: Asked,
  use: (sheets: Sheets, first: number) => void,
): Band => {
  const { paths, horizonDays } = input;
  const origin = originOf(input, components, asked);
  const certain = certainSums(input);
  const reach = certain.reduce((far, sum) => Math.max(far, Math.abs(sum)), Math.abs(input.openingCash));
  if (
    kept !== undefined &&
    reach <= kept.all.reach &&
    origin !== undefined &&
    isDeepStrictEqual(kept.origin, origin)
  ) {
    use(kept, 0);
    return kept.band;
  }
  const hasUnsigned = input.tranches.some(({ probability }) => probability < 1);
  const isKept = !isFirst && paths * horizonDays * (hasUnsigned ? 2 : 1) <= KEPT_NUMBERS_MAX;
  isFirst = false;
  const spare = kept;
  kept = undefined;
  const sheetsOf = (rows: number): Sheets => ({
    all: pathSheet(rows, certain, REACH * reach, asked.pricedDays, spare?.all),
    ...(hasUnsigned && { signed: pathSheet(rows, certain, REACH * reach, [], spare?.signed) }),
  });
  // Drawing writes to what noise is drawn with, so this is taken down before.
  const madeOf = structuredClone(origin);
  const days = Int32Array.from(asked.bandDays);
  const band = { days, values: memory(days.length * paths, spare?.values) };
  const size = isKept ? paths : PASSING_ROWS;
  let sheets = sheetsOf(Math.min(size, paths));
  for (let first = 0; first < paths; first += size) {
    if (paths - first < sheets.all.rows) sheets = sheetsOf(paths - first);
    writePaths(input, components, sheets, first, band);
    use(sheets, first);
  }
  const quantiles = bandOfSums(band, paths);
  if (isKept) kept = { ...sheets, origin: madeOf, band: quantiles, values: band.values };
  return quantiles;
};

const countByDay = (depletionDay: Int32Array, horizonDays: number): Uint32Array => {
  const counts = new Uint32Array(horizonDays + 1);
  for (const day of depletionDay) if (day > 0) counts[day] = (counts[day] ?? 0) + 1;
  return counts;
};

/**
 * Walks all paths. Those without unsigned money are the same paths: they differ by that money and by nothing else.
 *
 * What a payment of today changes is the opening cash, and in no pattern yet: so the sums of the last forecast answer for the
 * next one where all else is as it was. That is looked up in what the paths are made of, so the answers are the same bytes
 * whether or not they were kept.
 * @param input opening cash and all that is declared; its residual is not looked at
 */
export const walkComponents = (input: SimulationInput, components: Components, asked: Asked): RunwayPaths => {
  const { horizonDays, paths, openingCash } = input;
  const opening = openingCash - ROUNDING * Math.abs(openingCash);
  const depletionDay = new Int32Array(paths);
  const without = new Int32Array(paths);
  const lowest = {
    cash: new Float64Array(paths),
    day: new Int32Array(paths),
    before: new Float64Array(paths * asked.pricedDays.length),
  };
  let hasUnsigned = false;
  const band = forSheets(input, components, asked, ({ all, signed }, first) => {
    writeDepletion(all, opening, depletionDay, first);
    writeLowest(all, opening, lowest, first);
    hasUnsigned = signed !== undefined;
    if (signed !== undefined) writeDepletion(signed, opening, without, first);
  });
  return {
    simulation: {
      horizonDays,
      paths,
      depletions: countByDay(depletionDay, horizonDays),
      lowestCash: lowest.cash,
      lowestCashDay: lowest.day,
      cashBand: bandOfCash(band, certainSums(input), opening),
    },
    depletionDay,
    prices: lowest.before.map((cash) => openingCash - cash),
    ...(hasUnsigned ? { depletionsWithoutUnsigned: countByDay(without, horizonDays) } : {}),
  };
};

/** What each source of money moved on a day of the path; the net flow as a whole has no label. */
export const movedBy = (
  { structural, net, besideNet, awaited }: Components,
  path: number,
  day: number,
  flows: Float64Array,
): readonly { readonly label: string; readonly amount: number }[] => {
  const moved: { label: string; amount: number }[] = [];
  if (path % 2 === 1) {
    writeNet(net, path, flows);
    moved.push({ label: '', amount: flows[day - 1] ?? 0 });
  } else structural.prepare(path);
  for (const part of [...(path % 2 === 1 ? besideNet : structural.parts), ...awaited]) {
    flows.fill(0);
    part.add(path, flows);
    moved.push({ label: part.label, amount: flows[day - 1] ?? 0 });
  }
  return moved;
};
