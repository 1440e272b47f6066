import { forecastRunway, type RunwayForecast, type RunwayInput } from '../model/runway.ts';
import { type Difference, difference } from './difference.ts';
import { type Flow, netOf, withoutFlow } from './flow.ts';

/** What a stream moved on a day, and what that alone did: the forecast less the one without it. */
export interface FlowEffect {
  readonly flow: Flow;
  readonly effect: Difference;
}

const magnitude = (flow: Flow): bigint => {
  const moved = netOf(flow);
  return moved < 0n ? -moved : moved;
};

/** The largest of the flows, equal ones by date and stream. */
export const largest = (flows: readonly Flow[], count: number): readonly Flow[] =>
  flows
    .toSorted((a, b) => {
      const [more, than] = [magnitude(b), magnitude(a)];
      if (more !== than) return more > than ? 1 : -1;
      return `${a.date}${a.stream}` < `${b.date}${b.stream}` ? -1 : 1;
    })
    .slice(0, count);

/** One forecast for each of the flows, which must be among those that `input` was made from. */
export const flowEffects = (
  input: RunwayInput,
  current: RunwayForecast,
  flows: readonly Flow[],
): readonly FlowEffect[] =>
  flows.map((flow) => ({ flow, effect: difference(forecastRunway(withoutFlow(input, flow)), current) }));
