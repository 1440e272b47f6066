/** What people use without a model. */
import { simulate } from '../forecast/simulate.ts';
import type { SimulationInput } from '../forecast/simulation.ts';
import { daysBetween } from '../time/civil-date.ts';
import { certainDay, type DayDistribution, distributionOf } from './distribution.ts';
import type { Method, Question } from './question.ts';

/** Money enters the engine here: minor units as floats. */
export const floatOf = (minor: bigint): number => Number(minor);

const simulated = (
  { horizonDays, paths, seed, balanceMinor }: Question,
  how: Pick<SimulationInput, 'residual' | 'tranches'> & Partial<Pick<SimulationInput, 'scheduled'>>,
): DayDistribution =>
  distributionOf(
    simulate({
      horizonDays,
      paths,
      seed,
      openingCash: floatOf(balanceMinor),
      scheduled: new Float64Array(horizonDays),
      jitters: [],
      ...how,
    }),
  );

/** Net flow of each of the last days, oldest first. */
const recentNet = ({ asOf, days }: Question, count: number): Float64Array => {
  const net = new Float64Array(count);
  for (const { date, netMinor } of days) {
    const index = count - 1 - daysBetween(date, asOf);
    if (index >= 0 && index < count) net[index] = (net[index] ?? 0) + floatOf(netMinor);
  }
  return net;
};

const meanOf = (values: Float64Array): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

const stdOf = (values: Float64Array): number => {
  const mean = meanOf(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
};

/** Expected money on its expected day: what a spreadsheet does with a round that is not closed. */
const asIfCertain = ({ tranches, horizonDays }: Question): Float64Array => {
  const scheduled = new Float64Array(horizonDays);
  for (const { day, amount } of tranches) scheduled[day - 1] = (scheduled[day - 1] ?? 0) + amount;
  return scheduled;
};

/** Independent normal days with the mean and standard deviation of the last 90, both taken for known. */
export const NORMAL_90: Method = {
  name: 'i.i.d. normal, 90 days',
  isPoint: false,
  forecast: (question) => {
    const net = recentNet(question, 90);
    return simulated(question, {
      residual: { kind: 'normal', dailyMean: meanOf(net), dailyStd: stdOf(net) },
      scheduled: asIfCertain(question),
      tranches: [],
    });
  },
};

/** The day on which the balance is used up at the average of the last days. */
const linear = (count: number): Method => ({
  name: `linear, ${count} days`,
  isPoint: true,
  forecast: (question) => {
    const mean = meanOf(recentNet(question, count));
    const expected = asIfCertain(question);
    let cash = floatOf(question.balanceMinor);
    for (let day = 1; day <= question.horizonDays; day += 1) {
      cash += mean + (expected[day - 1] ?? 0);
      // Half a minor unit: a sum of means that should end on nothing ends a hair above it.
      if (cash < 0.5) return certainDay(day, question.horizonDays);
    }
    return certainDay(question.horizonDays + 1, question.horizonDays);
  },
});

export const LINEAR_30: Method = linear(30);
export const LINEAR_90: Method = linear(90);
