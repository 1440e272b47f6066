/** A panel of made-up companies: one origin each, every lead, and the process itself as the best possible forecaster. */

import { draw, randomStream, uniformOf } from '../forecast/random.ts';
import type { SimulationInput } from '../forecast/simulation.ts';
import { dailyFlows } from '../ledger-file/daily-flow.ts';
import type { Currency } from '../money/currency.ts';
import { decimalOf, type Minor } from '../money/money.ts';
import type { PlanItem } from '../scenario/items.ts';
import { addDays, type CivilDate, daysBetween } from '../time/civil-date.ts';
import { type DayDistribution, distributionOf } from './distribution.ts';
import { type Company, companyOf, originOf } from './generator/company.ts';
import { floatOf } from './methods.ts';
import { outcomeOf } from './outcome.ts';
import type { Case, Method } from './question.ts';

const HORIZON_DAYS = 365;
/** Days of history that the forecaster is shown, in turn. */
const SHOWN_DAYS = [91, 182, 364] as const;
const BURNS_ABOVE = 0.15;
const USD = 'USD' as Currency;
/** The gamma of the mean and spread that the rounds' delays have: some are on time, the others late by a gamma. */
const DELAY = { kind: 'gamma', mean: 20.4, std: 21.2 } as const;

const dailyNet = ({ lines, rounds }: Company, asOf: CivilDate): readonly Minor[] => {
  const netMinor = Array.from({ length: HORIZON_DAYS }, () => 0n);
  const add = (day: number, amountMinor: Minor): void => {
    const before = netMinor[day - 1];
    if (before !== undefined) netMinor[day - 1] = before + amountMinor;
  };
  for (const { date, amountMinor } of lines) add(daysBetween(asOf, date), amountMinor);
  for (const { arrivesDay, amountMinor } of rounds) if (arrivesDay !== null) add(arrivesDay, amountMinor);
  return netMinor;
};

const tranchesOf = ({ rounds }: Company): SimulationInput['tranches'] =>
  rounds
    .toSorted((a, b) => a.plannedDay - b.plannedDay)
    .map(({ plannedDay, amountMinor, probability }) => ({
      day: plannedDay,
      amount: floatOf(amountMinor),
      probability,
      delay: DELAY,
    }));

/** Contracts and insurance are paid once a year; the company has told of so many of them. */
const YEARLY = /^(contract_\d+|insurance)$/;
const TOLD_SHARE = 0.8;
/** What a year usually adds to a contract. */
const RAISE = 1.03;
const STREAM_TOLD = 9;

/** The yearly payments that the company has told of: as much as last time and a little more. */
const contractsOf = ({ lines }: Company, seed: number, asOf: CivilDate): readonly PlanItem[] => {
  const last = new Map<string, (typeof lines)[number]>();
  for (const line of lines)
    if (line.date <= asOf && line.date > addDays(asOf, -365) && YEARLY.test(line.category ?? ''))
      last.set(line.category ?? '', line);
  const stream = randomStream(seed, STREAM_TOLD);
  return [...last].flatMap(([label, { date, amountMinor }], k): PlanItem[] => {
    draw(stream, 0, k);
    if (uniformOf(stream.words[0] ?? 0) >= TOLD_SHARE) return [];
    const amount = floatOf(amountMinor) * RAISE;
    return [
      {
        kind: 'recurring',
        every: 'yearly',
        month: Number(date.slice(5, 7)),
        day: Number(date.slice(8)),
        amount: decimalOf(BigInt(Math.round(amount)), USD),
        jitter_std: '0',
        business_day: 'none',
        holidays: [],
        label,
      },
    ];
  });
};

const USAGE_DAYS = 28;

/** The cloud credits that are left, which every company knows of, with the cost that its bills have told in the days shown. */
const creditsOf = ({ credits }: Company, asOf: CivilDate, shownDays: number): readonly PlanItem[] => {
  if (credits === undefined) return [];
  const { used, remaining, expiryDay, monthToDate } = credits;
  const means = Array.from({ length: Math.floor(shownDays / USAGE_DAYS) }, (_, k) => {
    const end = used.length - k * USAGE_DAYS;
    return used.subarray(end - USAGE_DAYS, end).reduce((sum, cost) => sum + cost, 0) / USAGE_DAYS;
  });
  const text = (amount: number): string => decimalOf(BigInt(Math.round(amount * 100)), USD);
  // A month that ends after the expiry is not credited: so the last day of the one before is the last that matters.
  const ends = addDays(asOf, expiryDay - used.length + 2);
  return [
    {
      kind: 'credit',
      id: 'cloud',
      remaining: text(remaining),
      expires_on: addDays(`${ends.slice(0, 7)}-01` as CivilDate, -1),
      daily_gross_cost: text(means[0] ?? 0),
      usage: { dailyMeans: means.toReversed(), stepDays: USAGE_DAYS, monthToDate: text(monthToDate) },
    },
  ];
};

export interface PanelOptions {
  readonly leadDays: readonly number[];
  readonly paths: number;
}

/** The cases of one company; none where it does not burn. */
export const casesOf = (seed: number, { leadDays, paths }: PanelOptions): readonly Case[] => {
  const company = companyOf(seed, 0);
  if (company.burnMinor < BURNS_ABOVE * company.outflowMinor) return [];
  const asOf = originOf(seed);
  const shownDays = SHOWN_DAYS[seed % SHOWN_DAYS.length] ?? 364;
  const historyFrom = addDays(asOf, 1 - shownDays);
  const lines = company.lines.filter(({ date }) => date >= historyFrom && date <= asOf);
  const netMinor = dailyNet(company, asOf);
  const days = dailyFlows(lines);
  return leadDays.map((lead) => {
    const balanceMinor = BigInt(Math.round(company.burnMinor * lead));
    return {
      cluster: String(seed),
      leadDays: lead,
      seenDays: HORIZON_DAYS,
      outcomeDays: outcomeOf(balanceMinor, netMinor),
      question: {
        series: String(seed),
        asOf,
        historyFrom,
        currency: USD,
        balanceMinor,
        lines,
        days,
        tranches: tranchesOf(company),
        declared: [...contractsOf(company, seed, asOf), ...creditsOf(company, asOf, shownDays)],
        horizonDays: HORIZON_DAYS,
        paths,
        seed,
      },
    };
  });
};

/** Knows the process and the company's state, and draws its future again: nobody can forecast better. */
export const oracle = (redraws: number): Method => {
  let drawn: { readonly seed: number; readonly futures: readonly (readonly Minor[])[] } | undefined;
  return {
    name: 'oracle',
    isPoint: false,
    forecast: ({ seed, asOf, balanceMinor }): DayDistribution => {
      if (drawn?.seed !== seed)
        drawn = {
          seed,
          futures: Array.from({ length: redraws }, (_, k) => dailyNet(companyOf(seed, k + 1), asOf)),
        };
      const depletions = new Uint32Array(HORIZON_DAYS + 1);
      for (const netMinor of drawn.futures) {
        const day = outcomeOf(balanceMinor, netMinor);
        if (day <= HORIZON_DAYS) depletions[day] = (depletions[day] ?? 0) + 1;
      }
      return distributionOf({ horizonDays: HORIZON_DAYS, paths: redraws, depletions });
    },
  };
};
