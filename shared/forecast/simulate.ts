import { type Noise, normalNoise, studentNoise, writeNoise } from './noise.ts';
import { addOccasions, occasionsOf } from './occasions.ts';
import { randomStream, STREAM } from './random.ts';
import type { Simulation, SimulationInput } from './simulation.ts';
import { type Walk, walkPaths } from './walk.ts';

/** Element d: cash above the minimum at the end of day d if only certain money moved. */
const certainCash = (input: SimulationInput): Float64Array => {
  const cash = new Float64Array(input.horizonDays + 1);
  const mean = input.residual.kind === 'bootstrap' ? 0 : input.residual.dailyMean;
  let scheduled = 0;
  cash[0] = input.openingCash;
  for (let day = 1; day <= input.horizonDays; day += 1) {
    scheduled += input.scheduled[day - 1] ?? 0;
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

/** Walks every path of the input. @param options as for `walkPaths` */
export const simulate = (
  input: SimulationInput,
  options: Pick<Walk, 'bandDays' | 'required'> = {},
): Simulation => {
  const { horizonDays, paths } = input;
  const residual = residualNoise(input);
  const occasions = occasionsOf(input);
  return walkPaths({ horizonDays, paths, certain: certainCash(input), ...options }, (path, flows) => {
    writeNoise(residual, path, 0, horizonDays, flows);
    addOccasions(occasions, path, 0, horizonDays, flows);
  });
};
