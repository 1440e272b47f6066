import { type Noise, normalNoise, studentNoise, writeNoise } from './noise.ts';
import { addOccasions, certainArrivals, occasionsOf } from './occasions.ts';
import { pathGroups } from './path-groups.ts';
import { randomStream, STREAM } from './random.ts';
import { canScan, type Lowest, type Scan, scanPaths } from './scan.ts';
import type { Simulation, SimulationInput } from './simulation.ts';
import { type Walk, walkPaths } from './walk.ts';

/** Element d: cash above the minimum at the end of day d if only certain money moved. */
const certainCash = (input: SimulationInput): Float64Array => {
  const cash = new Float64Array(input.horizonDays + 1);
  const mean = input.residual.kind === 'bootstrap' ? 0 : input.residual.dailyMean;
  const arrivals = certainArrivals(input);
  let scheduled = 0;
  cash[0] = input.openingCash;
  for (let day = 1; day <= input.horizonDays; day += 1) {
    scheduled += (input.scheduled[day - 1] ?? 0) + (arrivals[day] ?? 0);
    cash[day] = input.openingCash + scheduled + mean * day;
  }
  return cash;
};

const residualNoise = ({ residual, seed }: SimulationInput): Noise => {
  const stream = randomStream(seed, STREAM.residual);
  if (residual.kind === 'bootstrap')
    return { kind: 'blocks', stream, values: residual.values, block: residual.block };
  if (residual.kind === 'student_t') return studentNoise(stream, residual.dailyStd, residual.df);
  return normalNoise(stream, residual.dailyStd);
};

type Options = Pick<Walk, 'required'>;

/** Walks every path of the input, day by day. @param options as for `walkPaths` */
export const simulateByWalking = (input: SimulationInput, options: Options = {}): Simulation => {
  const { horizonDays, paths } = input;
  const residual = residualNoise(input);
  const occasions = occasionsOf(input);
  return walkPaths({ horizonDays, paths, certain: certainCash(input), ...options }, (path, flows) => {
    writeNoise(residual, path, flows);
    addOccasions(occasions, path, flows);
  });
};

/** The scan that answers the input, where one does. */
const scanOf = (input: SimulationInput): Scan | undefined => {
  const { horizonDays, paths, seed, residual, level, jitters } = input;
  if (residual.kind !== 'normal' || (level?.std ?? 0) > 0 || jitters.some(({ std }) => std > 0))
    return undefined;
  const groups = pathGroups(occasionsOf(input), paths, certainCash(input));
  const scan = groups && { horizonDays, paths, seed, dailyStd: residual.dailyStd, ...groups };
  return scan && canScan(scan) ? scan : undefined;
};

/** Memory for the lowest cash of so many paths. */
export const lowestOf = (paths: number): Lowest => ({
  cash: new Float64Array(paths),
  day: new Int32Array(paths),
});

/**
 * Simulates every path of the input, by the faster of two ways that agree to the bit.
 * @param options.lowest memory that the answer may lie in, of one element a path: a caller who is done with one answer before
 * it asks for the next can give the same again, and spare the time that fresh memory takes
 */
export const simulate = (
  input: SimulationInput,
  { lowest, ...options }: Options & { readonly lowest?: Lowest } = {},
): Simulation => {
  const scan = options.required === undefined ? scanOf(input) : undefined;
  if (scan === undefined) return simulateByWalking(input, options);
  return scanPaths(scan, lowest ?? lowestOf(input.paths));
};
