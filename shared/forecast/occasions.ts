/** Random money beside the daily residual: a level shift of the whole path, jittered payments, tranches. */
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
  const variances = new Float64Array(horizonDays + 1);
  for (const { day, std } of jitters) variances[day] = (variances[day] ?? 0) + std * std;
  return Array.from(variances, (variance, day) => ({ day, std: Math.sqrt(variance) })).filter(
    ({ std }) => std > 0,
  );
};

/** Each tranche draws under its day and its place among the tranches of that day: those of other days come and go unnoticed. */
const plannedTranches = ({ tranches, horizonDays }: SimulationInput): PlannedTranche[] => {
  const sameDay = new Map<number, number>();
  const delays = new Map<string, DelayDays>();
  return tranches.map(({ day, amount, probability, delay }) => {
    const place = sameDay.get(day) ?? 0;
    sameDay.set(day, place + 1);
    const law = JSON.stringify(delay);
    const days = delays.get(law) ?? delayDays(delay, horizonDays);
    delays.set(law, days);
    return { day, amount, probability, delay: days, index: place * 0x1_0000 + day };
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

/** Adds them to the flows of days `from + 1` to `to`, which are `flows[0]`, `flows[1]`... */
export const addOccasions = (
  occasions: Occasions,
  path: number,
  from: number,
  to: number,
  flows: Float64Array,
): void => {
  const { level, levelStream, jitterStream, trancheStream } = occasions;
  if (level.std > 0) {
    const shift = level.std * studentValue(levelStream, level.df, path, 0);
    for (let k = 0; k < to - from; k += 1) flows[k] = (flows[k] ?? 0) + shift;
  }
  for (const { day, std } of occasions.jitters) {
    if (day <= from || day > to) continue;
    const jitter = std * studentValue(jitterStream, Infinity, path, day);
    flows[day - from - 1] = (flows[day - from - 1] ?? 0) + jitter;
  }
  for (const { day, amount, probability, delay, index } of occasions.tranches) {
    if (day > to) continue;
    draw(trancheStream, path, index);
    if (uniformOf(trancheStream.words[0] ?? 0) >= probability) continue;
    const arrival = day + delay(uniformOf(trancheStream.words[1] ?? 0));
    if (arrival > from && arrival <= to)
      flows[arrival - from - 1] = (flows[arrival - from - 1] ?? 0) + amount;
  }
};
