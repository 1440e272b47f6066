import { FUNDING } from '../event/category.ts';
import type { HistoryDay, StreamFlow } from '../model/history.ts';
import type { RunwayInput } from '../model/runway.ts';
import type { Minor } from '../money/money.ts';
import type { CivilDate } from '../time/civil-date.ts';

/** What one stream moved on one day. Money raised is the stream `funding`; what no stream names has an empty name. */
export interface Flow extends StreamFlow {
  readonly date: CivilDate;
}

const NOTHING = { inflowMinor: 0n, outflowMinor: 0n, inflowCount: 0, outflowCount: 0 };

export const netOf = ({ inflowMinor, outflowMinor }: Flow): Minor => inflowMinor - outflowMinor;

const foreignOf = (flow: StreamFlow, other: Omit<StreamFlow, 'stream'>, times: 1 | -1): Minor =>
  (flow.foreignMinor ?? 0n) + BigInt(times) * (other.foreignMinor ?? 0n);

const plus = (flow: StreamFlow, other: Omit<StreamFlow, 'stream'>, times: 1 | -1): StreamFlow => ({
  stream: flow.stream,
  inflowMinor: flow.inflowMinor + BigInt(times) * other.inflowMinor,
  outflowMinor: flow.outflowMinor + BigInt(times) * other.outflowMinor,
  inflowCount: flow.inflowCount + times * other.inflowCount,
  outflowCount: flow.outflowCount + times * other.outflowCount,
  ...(foreignOf(flow, other, times) !== 0n && { foreignMinor: foreignOf(flow, other, times) }),
});

/** The day stream by stream; their sum is what it moved. */
const flowsOn = (day: HistoryDay): readonly Flow[] => {
  const { date, inflowMinor, outflowMinor, outflowCount, streams = [], fundingMinor = 0n } = day;
  const named = streams.reduce((sum, flow) => plus(sum, flow, 1), { stream: '', ...NOTHING });
  const rest = plus(
    { stream: '', inflowMinor, outflowMinor, inflowCount: named.inflowCount, outflowCount },
    named,
    -1,
  );
  const raised = {
    stream: FUNDING,
    ...NOTHING,
    ...(fundingMinor > 0n ? { inflowMinor: fundingMinor } : { outflowMinor: -fundingMinor }),
  };
  return [...streams, rest, raised].map((flow) => ({ ...flow, date }));
};

const firstDate = ({ days }: RunwayInput): CivilDate | undefined =>
  days.reduce<CivilDate | undefined>(
    (first, { date }) => (first === undefined || date < first ? date : first),
    undefined,
  );

/** What the newer input knows to have moved and the older does not, as far as both look back; what it takes back is negative. */
export const flowsBetween = (older: RunwayInput, newer: RunwayInput): readonly Flow[] => {
  const from = firstDate(older);
  const known = new Map(
    older.days.flatMap(flowsOn).map((flow) => [`${flow.date} ${flow.stream}`, flow] as const),
  );
  return newer.days
    .filter(({ date }) => date <= newer.asOf && (from === undefined || date >= from))
    .flatMap(flowsOn)
    .map((flow) => {
      const before = known.get(`${flow.date} ${flow.stream}`);
      return before === undefined ? flow : { ...plus(flow, before, -1), date: flow.date };
    })
    .filter((flow) => netOf(flow) !== 0n);
};

const withStream = (streams: readonly StreamFlow[], flow: Flow, times: 1 | -1): readonly StreamFlow[] => {
  const before = streams.find(({ stream }) => stream === flow.stream) ?? { ...NOTHING, stream: flow.stream };
  return [...streams.filter((each) => each !== before), plus(before, flow, times)].sort((a, b) =>
    a.stream < b.stream ? -1 : 1,
  );
};

const onDay = (day: HistoryDay, flow: Flow, times: 1 | -1): HistoryDay => {
  const movedMinor = BigInt(times) * netOf(flow);
  if (flow.stream === FUNDING) return { ...day, fundingMinor: (day.fundingMinor ?? 0n) + movedMinor };
  return {
    ...day,
    netMinor: day.netMinor + movedMinor,
    inflowMinor: day.inflowMinor + BigInt(times) * flow.inflowMinor,
    outflowMinor: day.outflowMinor + BigInt(times) * flow.outflowMinor,
    outflowCount: day.outflowCount + times * flow.outflowCount,
    ...(flow.stream !== '' && { streams: withStream(day.streams ?? [], flow, times) }),
  };
};

const applied = (input: RunwayInput, flow: Flow, times: 1 | -1): RunwayInput => {
  const before = input.days.find(({ date }) => date === flow.date);
  const quiet = { date: flow.date, netMinor: 0n, inflowMinor: 0n, outflowMinor: 0n, outflowCount: 0 };
  return {
    ...input,
    balanceMinor: input.balanceMinor + BigInt(times) * netOf(flow),
    days: [...input.days.filter((day) => day !== before), onDay(before ?? quiet, flow, times)],
  };
};

/** The input as it would be had this moved as well. */
export const withFlow = (input: RunwayInput, flow: Flow): RunwayInput => applied(input, flow, 1);

/** The input as it would be had this not moved. It must be among what the input was made from. */
export const withoutFlow = (input: RunwayInput, flow: Flow): RunwayInput => applied(input, flow, -1);

/** The stream of a line of money: its category, or the payee within it where one is known to be paid. */
export const streamOf = (category: string, payee: string, amountMinor: Minor): string =>
  amountMinor < 0n && payee !== '' ? `${category}/${payee}` : category;
