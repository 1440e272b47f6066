/** The model of the runway API as three forecasters: as it simulates, with its constants, and with what a ledger taught it. */
import type { Simulation } from '../forecast/simulation.ts';
import { exponentsOn, type ResolvedForecast, resolvedForecast } from '../model/calibration/adaptation.ts';
import { calibrated } from '../model/calibration/warp.ts';
import type { RunwayInput } from '../model/runway.ts';
import { simulateRunway } from '../model/runway.ts';
import { decimalOf } from '../money/money.ts';
import type { PlanItem } from '../scenario/items.ts';
import { addDays } from '../time/civil-date.ts';
import { distributionOf } from './distribution.ts';
import type { Method, Question } from './question.ts';

/** Money that may come, as a plan tells of it. */
const trancheItems = ({ asOf, currency, tranches }: Question): readonly PlanItem[] =>
  tranches.map(({ day, amount, probability, delay }) => ({
    kind: 'tranche',
    date: addDays(asOf, day),
    amount: decimalOf(BigInt(Math.round(amount)), currency),
    probability,
    delay_days: delay,
  }));

const modelInput = (question: Question): RunwayInput => {
  const { declared = [], ...asked } = question;
  return {
    ...asked,
    minimumCashMinor: 0n,
    plan: { items: [...trancheItems(question), ...declared], reasons: [] },
  };
};

type SimulatedRunway = ReturnType<typeof simulateRunway>;

/** Several methods are asked the same question one after the other; simulating is most of the work. */
const runways = new WeakMap<Question, { readonly runway: SimulatedRunway }>();

/** Undefined where the history does not suffice. */
export const simulatedRunway = (question: Question): SimulatedRunway => {
  const known = runways.get(question);
  if (known !== undefined) return known.runway;
  const runway = simulateRunway(modelInput(question));
  runways.set(question, { runway });
  return runway;
};

const simulationOf = (question: Question): Simulation | undefined =>
  simulatedRunway(question)?.paths.simulation;

/** What the paths say, before anything was learnt from outcomes. */
export const RAW: Method = {
  name: 'before calibration',
  isPoint: false,
  forecast: (question) => {
    const simulation = simulationOf(question);
    return simulation && distributionOf(simulation);
  },
};

/** What a tenant without a past of its own is told. */
export const CALIBRATED: Method = {
  name: 'before adaptation',
  isPoint: false,
  forecast: (question) => {
    const simulation = simulationOf(question);
    return simulation && distributionOf(calibrated(simulation));
  },
};

/** What a tenant is told whose earlier forecasts have met their outcomes. Cases of a series come in the order of their days. */
export const adapted = (): Method => {
  const past = new Map<string, ResolvedForecast[]>();
  return {
    name: 'capstack',
    isPoint: false,
    forecast: (question) => {
      const simulation = simulationOf(question);
      const exponents = exponentsOn(past.get(question.series) ?? [], question.asOf);
      return simulation && distributionOf(calibrated(simulation, exponents));
    },
    learn: ({ question, leadDays, seenDays, outcomeDays }) => {
      const simulation = simulationOf(question);
      // An outcome that the data ends before is none; one beyond the horizon is.
      const isKnown = outcomeDays <= seenDays || seenDays >= question.horizonDays;
      if (simulation === undefined || !isKnown) return;
      const resolved = resolvedForecast(calibrated(simulation), outcomeDays, {
        origin: question.asOf,
        leadDays,
      });
      past.set(question.series, [...(past.get(question.series) ?? []), resolved]);
    },
  };
};
