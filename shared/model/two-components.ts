/**
 * The paths of a forecast: half of them money stream by stream, half of them the net flow as a whole. The first is far sharper
 * where payroll dominates, the second is better where nothing is regular; pooled they are well calibrated on both (linear
 * pool, Stone 1961). What is declared comes on top of either.
 */
import { addOccasions, certainArrivals, type Occasions, occasionsOf } from '../forecast/occasions.ts';
import type { Simulation, SimulationInput } from '../forecast/simulation.ts';
import { type Walk, walkPaths } from '../forecast/walk.ts';
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

/** Element d: cash above the minimum at the end of day d if only certain money moved. */
const certainCash = (input: SimulationInput): Float64Array => {
  const { horizonDays, openingCash, scheduled } = input;
  const arrivals = certainArrivals(input);
  const cash = new Float64Array(horizonDays + 1);
  const opening = openingCash - ROUNDING * Math.abs(openingCash);
  let sum = 0;
  cash[0] = openingCash;
  for (let day = 1; day <= horizonDays; day += 1) {
    sum += (scheduled[day - 1] ?? 0) + (arrivals[day] ?? 0);
    cash[day] = opening + sum;
  }
  return cash;
};

const firstDayWithout = (flows: Float64Array, certain: Float64Array): number => {
  let random = 0;
  for (let day = 1; day < certain.length; day += 1) {
    random += flows[day - 1] ?? 0;
    if ((certain[day] ?? 0) + random <= 0) return day;
  }
  return 0;
};

/** Writes the path's prices, and returns its first day without cash; 0 where there is none. */
const price = (
  flows: Float64Array,
  certain: Float64Array,
  days: readonly number[],
  prices: Float64Array,
  path: number,
  paths: number,
): number => {
  const opening = certain[0] ?? 0;
  let random = 0;
  let lowest = Infinity;
  let first = 0;
  let day = 1;
  for (let column = 0; column <= days.length; column += 1) {
    const end = days[column] ?? certain.length;
    const isPriced = column < days.length;
    for (; day < end && (isPriced || first === 0); day += 1) {
      random += flows[day - 1] ?? 0;
      const cash = (certain[day] ?? 0) + random;
      if (cash < lowest) lowest = cash;
      if (cash <= 0 && first === 0) first = day;
    }
    if (isPriced) prices[column * paths + path] = opening - lowest;
  }
  return first;
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

/**
 * Walks all paths. Those without unsigned money are the same paths: they differ by that money and by nothing else.
 * @param input opening cash and all that is declared; its residual is not looked at
 * @param pricedDays ascending, at most one beyond the horizon
 */
export const walkComponents = (
  input: SimulationInput,
  components: Components,
  options: Pick<Walk, 'bandDays'> & { readonly pricedDays: readonly number[] },
): RunwayPaths => {
  const { horizonDays, paths } = input;
  const certain = certainCash(input);
  const { signed, unsigned } = declared(input);
  const without = unsigned.tranches.length > 0 ? new Uint32Array(horizonDays + 1) : undefined;
  const depletionDay = new Int32Array(paths);
  const prices = new Float64Array(options.pricedDays.length * paths);
  const simulation = walkPaths({ horizonDays, paths, certain, bandDays: options.bandDays }, (path, flows) => {
    writeComponent(components, path, flows);
    addOccasions(signed, path, flows);
    if (without !== undefined) {
      const day = firstDayWithout(flows, certain);
      if (day > 0) without[day] = (without[day] ?? 0) + 1;
      addOccasions(unsigned, path, flows);
    }
    depletionDay[path] = price(flows, certain, options.pricedDays, prices, path, paths);
  });
  return { simulation, depletionDay, prices, ...(without && { depletionsWithoutUnsigned: without }) };
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
