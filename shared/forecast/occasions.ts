/** Money beside the daily residual that may come or not, or more or less: a level shift of the whole path, jittered payments, tranches. */
import { type DelayDays, delayDays } from './delay.ts';
import { studentValue } from './noise.ts';
import { draw, type RandomStream, randomStream, STREAM, uniformOf } from './random.ts';
import type { SimulationInput } from './simulation.ts';

interface PlannedTranche {
  readonly day: number;
  readonly amount: number;
  readonly probability: number;
  readonly delay: DelayDays;
  /** Its place in the stream. */
  readonly index: number;
}

export interface Occasions {
  readonly levelStream: RandomStream;
  readonly level: NonNullable<SimulationInput['level']>;
  readonly jitterStream: RandomStream;
  readonly jitters: readonly { readonly day: number; readonly std: number }[];
  readonly trancheStream: RandomStream;
  readonly tranches: readonly PlannedTranche[];
}

/** Independent normals that fall on one day are one normal whose variance is the sum of theirs. */
const jittersByDay = ({ jitters, horizonDays }: SimulationInput): Occasions['jitters'] => {
  if (jitters.length === 0) return [];
  const variances = new Float64Array(horizonDays + 1);
  for (const { day, std } of jitters) variances[day] = (variances[day] ?? 0) + std * std;
  return Array.from(variances, (variance, day) => ({ day, std: Math.sqrt(variance) })).filter(
    ({ std }) => std > 0,
  );
};

/** Whether it comes for sure on a known day: then it is certain money. */
export const isCertain = ({ probability, delay }: SimulationInput['tranches'][number]): boolean =>
  probability >= 1 && delay.kind !== 'gamma';

/** Element d: what certain tranches bring on day d. */
export const certainArrivals = ({ tranches, horizonDays }: SimulationInput): Float64Array => {
  const arrivals = new Float64Array(horizonDays + 1);
  for (const tranche of tranches.filter(isCertain)) {
    const day = tranche.day + (tranche.delay.kind === 'fixed' ? tranche.delay.days : 0);
    if (day <= horizonDays) arrivals[day] = (arrivals[day] ?? 0) + tranche.amount;
  }
  return arrivals;
};

/** Each tranche draws under its day and its place among the tranches of that day: those of other days come and go unnoticed. */
const plannedTranches = ({ tranches, horizonDays }: SimulationInput): PlannedTranche[] => {
  const sameDay = new Map<number, number>();
  const delays = new Map<string, DelayDays>();
  return tranches.flatMap((tranche) => {
    const { day, amount, probability, delay } = tranche;
    const place = sameDay.get(day) ?? 0;
    sameDay.set(day, place + 1);
    if (isCertain(tranche)) return [];
    const law = JSON.stringify(delay);
    const days = delays.get(law) ?? delayDays(delay, horizonDays);
    delays.set(law, days);
    return [{ day, amount, probability, delay: days, index: place * 0x1_0000 + day }];
  });
};

export const occasionsOf = (input: SimulationInput): Occasions => ({
  levelStream: randomStream(input.seed, STREAM.level),
  level: input.level ?? { std: 0, df: Infinity },
  jitterStream: randomStream(input.seed, STREAM.jitter),
  jitters: jittersByDay(input),
  trancheStream: randomStream(input.seed, STREAM.tranche),
  tranches: plannedTranches(input),
});

/** The day on which a tranche comes on this path; Infinity where it does not. */
export const arrivalDay = (
  stream: RandomStream,
  { day, probability, delay, index }: PlannedTranche,
  path: number,
): number => {
  draw(stream, path, index);
  if (uniformOf(stream.words[0] ?? 0) >= probability) return Infinity;
  return day + delay(uniformOf(stream.words[1] ?? 0));
};

/** Adds them to the flows of a path's days from the first: `flows[0]`, `flows[1]`... */
export const addOccasions = (occasions: Occasions, path: number, flows: Float64Array): void => {
  const { level, levelStream, jitterStream, trancheStream } = occasions;
  if (level.std > 0) {
    const shift = level.std * studentValue(levelStream, level.df, path, 0);
    for (let k = 0; k < flows.length; k += 1) flows[k] = (flows[k] ?? 0) + shift;
  }
  for (const { day, std } of occasions.jitters)
    flows[day - 1] = (flows[day - 1] ?? 0) + std * studentValue(jitterStream, Infinity, path, day);
  for (const tranche of occasions.tranches) {
    const day = arrivalDay(trancheStream, tranche, path);
    if (day <= flows.length) flows[day - 1] = (flows[day - 1] ?? 0) + tranche.amount;
  }
};
