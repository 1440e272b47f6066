/** From a ledger and a plan to what is simulated: the history without what is declared, and what is declared. */
import { canonicalJson, sha256Of } from '../canonical/canonical.ts';
import type { Currency } from '../money/currency.ts';
import { decimalOf, type Minor } from '../money/money.ts';
import { normalised } from '../scenario/normalise.ts';
import type { Scenario } from '../scenario/parse.ts';
import { addDays, epochDay } from '../time/civil-date.ts';
import { cloudPart, usualOfCloud } from './declared/clouds.ts';
import { contractPart, type UsualPayment, usualOfContract } from './declared/contracts.ts';
import { type Declared, declaredOf, withoutSeries } from './declared/declared.ts';
import { awaitedParts, recognised, withoutTold } from './declared/expected.ts';
import { BLOCK_DAYS, type HistoryWindow, historyWindow, levelUncertainty, shortcomings } from './history.ts';
import { movedOn, type PlanAhead, planAhead } from './plan.ts';
import type { RunwayInput } from './runway.ts';
import { type Series, seriesOf } from './streams/series.ts';
import { netComponent } from './structural/net-component.ts';
import type { Part, Span } from './structural/part.ts';
import { heldPart, ratesOf } from './structural/rates.ts';
import { addRegular } from './structural/regular.ts';
import { fitStructural, structuralPaths } from './structural/structural.ts';
import type { Components } from './two-components.ts';

export interface Prepared {
  readonly span: Span;
  /** All that moved, what is declared included. */
  readonly window: HistoryWindow;
  /** Why there is no forecast; empty where there is one. */
  readonly lacking: readonly string[];
  readonly declared: Declared;
  /** What of the balance is foreign money. */
  readonly foreignMinor: Minor;
  /** What is declared, dated; its residual is the history that is left. */
  readonly scenario: Scenario;
  /** What a reader of the number has to know of the plan, as sentences. */
  readonly reasons: readonly string[];
}

const scenarioOf = (input: RunwayInput, declared: Declared, ahead: PlanAhead): Scenario => {
  const { currency } = input;
  return {
    as_of: input.asOf,
    horizon_days: input.horizonDays,
    paths: input.paths,
    seed: input.seed,
    currency,
    balance: decimalOf(input.balanceMinor, currency),
    minimum_cash: decimalOf(input.minimumCashMinor, currency),
    residual: {
      kind: 'bootstrap',
      values: declared.window.netMinor.map((netMinor) => decimalOf(netMinor, currency)),
      block: BLOCK_DAYS,
    },
    scheduled: [...ahead.scheduled, ...declared.scheduled],
    recurring: ahead.recurring,
    tranches: ahead.tranches,
    credits: [],
  };
};

export const prepare = (input: RunwayInput): Prepared => {
  const { asOf, currency, plan, expected = [] } = input;
  const span = {
    asOf: epochDay(asOf),
    through: epochDay(input.historyThrough ?? asOf),
    horizonDays: input.horizonDays,
    seed: input.seed,
  };
  const window = historyWindow(input.days, input.historyThrough ?? asOf, input.historyFrom);
  const series = seriesOf(input.days, epochDay(window.firstDate), span.asOf);
  const ahead = planAhead(plan, asOf, movedOn(input.days, asOf), currency);
  const declared = declaredOf({ plan, ahead, expected, asOf, currency }, window, series, span);
  return {
    span,
    window,
    lacking: shortcomings(window),
    declared,
    foreignMinor: (input.foreign ?? []).reduce((sum, { worthMinor }) => sum + worthMinor, 0n),
    scenario: scenarioOf(input, declared, ahead),
    reasons: [...ahead.reasons, ...declared.reasons],
  };
};

/** What declared payments that are not certain usually come to. */
export const usualPayments = ({ declared, span }: Prepared): readonly UsualPayment[] => [
  ...declared.contracts.flatMap(usualOfContract),
  ...declared.clouds.flatMap((cloud) => usualOfCloud(cloud, span)),
];

/** What is declared as if it came as usual. */
export const usualScenario = (ready: Prepared): Scenario => {
  const { scenario } = ready;
  const usual = usualPayments(ready);
  if (usual.length === 0) return scenario;
  const { as_of, currency } = scenario;
  return {
    ...scenario,
    scheduled: [
      ...scenario.scheduled,
      ...usual.map(({ day, amountMinor }) => ({
        date: addDays(as_of, day),
        amount: decimalOf(BigInt(Math.round(amountMinor)), currency as Currency),
      })),
    ],
  };
};

/** Payments told of that may take the place of one that a stream names. A name that no stream has says nothing. */
const toldOfStreams = ({ told, left }: Declared): readonly string[] =>
  told
    .filter(({ stream }) => left.some((one) => one.stream === stream))
    .map(({ stream, sign, day }) => `${day} ${sign} ${stream}`)
    .sort();

/** What the numbers depend on, and nothing else: neither the order of days and items, nor days before the window. */
export const hashOf = (
  { scenario, window, declared, foreignMinor }: Prepared,
  { adaptation }: RunwayInput,
  model: string,
): string => {
  const told = toldOfStreams(declared);
  return sha256Of(
    canonicalJson({
      model,
      adaptation,
      scenario: normalised(scenario),
      outflowMinor: window.outflowMinor,
      outflowCount: window.outflowCount,
      ...(foreignMinor !== 0n && { foreignMinor }),
      streams: declared.left.map(({ stream, sign, days, amounts, isForeign }) => [
        stream,
        sign,
        [...days],
        [...amounts],
        ...(isForeign ? ['foreign'] : []),
      ]),
      ...(declared.contracts.length > 0 && {
        contracts: declared.contracts.map(({ label: _label, ...contract }) => contract),
      }),
      ...(declared.clouds.length > 0 && {
        clouds: declared.clouds.map(({ label: _label, ...cloud }) => cloud),
      }),
      ...(told.length > 0 && { told }),
      awaited: declared.awaited.map(({ item, day, probability }) => [
        item.id,
        item.amountMinor,
        item.stream,
        day,
        probability,
        ...(item.isBeside ? ['beside'] : []),
        ...(item.isForeign ? ['foreign'] : []),
      ]),
    }),
  );
};

/** Net flow of the streams on each day of the window. */
const dailyOf = (all: readonly Series[], { firstDate, netMinor }: HistoryWindow): Float64Array => {
  const daily = new Float64Array(netMinor.length);
  for (const { days, amounts, sign } of all)
    days.forEach((day, k) => {
      const index = day - epochDay(firstDate);
      if (index < daily.length) daily[index] = (daily[index] ?? 0) + sign * (amounts[k] ?? 0);
    });
  return daily;
};

/** @param unitsPerMinor units of the simulation's money in a minor unit */
export const componentsOf = (
  { span, window: { netMinor }, declared, foreignMinor }: Prepared,
  unitsPerMinor: number,
): Components => {
  const scaled = ({ amounts, ...series }: Series): Series => ({
    ...series,
    amounts: amounts.map((amount) => amount * unitsPerMinor),
  });
  const fit = fitStructural(declared.left.map(scaled), netMinor.length, span);
  const coming = declared.told.map((one) => ({ ...one, amount: one.amount * unitsPerMinor }));
  const recognisedTold = recognised(coming, fit.regular);
  const regular = fit.regular.map((one) => withoutTold(one, recognisedTold));
  // A stream that somebody tells of is forecast by its rhythm in either component: only so can what is told take its place.
  const told = regular.filter((one, k) => one !== fit.regular[k]);
  const isTold = ({ stream, sign }: Series): boolean =>
    told.some((one) => one.stream === stream && one.sign === sign);
  const net = withoutSeries(declared.window, declared.left.filter(isTold));
  const abroad = declared.left.filter(({ isForeign }) => isForeign);
  const isAbroad =
    abroad.length > 0 || foreignMinor !== 0n || declared.awaited.some(({ item }) => item.isForeign);
  const rates = isAbroad ? ratesOf(span) : undefined;
  const level = levelUncertainty(net);
  const daily = Float64Array.from(net.netMinor, (flow) => Number(flow) * unitsPerMinor);
  const rhythm = told.map(
    (one): Part => ({
      label: one.stream,
      of: [one, rates !== undefined],
      add: (path, flows) => {
        addRegular(one, path, flows, one.isForeign && rates?.factors, span.asOf - span.through);
      },
    }),
  );
  return {
    structural: structuralPaths({ ...fit, regular }, rates),
    net: netComponent(
      daily,
      { ...level, stdMinor: level.stdMinor * unitsPerMinor },
      span,
      rates && {
        rates,
        daily: dailyOf(abroad.filter((series) => !isTold(series)).map(scaled), declared.window),
      },
    ),
    besideNet: rhythm,
    awaited: [
      ...awaitedParts(declared.awaited, span, unitsPerMinor, rates),
      ...declared.contracts.map((contract) => contractPart(contract, span, unitsPerMinor)),
      ...declared.clouds.map((cloud) => cloudPart(cloud, span, unitsPerMinor)),
      ...(rates ? [heldPart(rates, Number(foreignMinor) * unitsPerMinor, span)] : []),
    ],
  };
};
