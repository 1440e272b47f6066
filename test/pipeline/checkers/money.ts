/** Exact money: in every fold that State ever took, what accounts gained is what came from outside. */
import type { Checker, Evidence } from '../simulation/evidence.ts';
import { daysOf, disagreements, forecastsOf, monthsOf, sums } from './state-items.ts';

export const conservation = ({ aggregates }: { readonly aggregates: Evidence['state'] }): readonly string[] =>
  daysOf(aggregates).flatMap(({ tenant, aggregate: { date, slice, accounts, flows } }) =>
    disagreements(
      `accounts of ${tenant} on ${date} in slice ${slice}:`,
      sums(
        flows.map(
          ({ currency, inflowMinor, outflowMinor }) => [currency, inflowMinor - outflowMinor] as const,
        ),
      ),
      sums(accounts.map(({ currency, deltaMinor }) => [currency, deltaMinor] as const)),
    ),
  );

/** In the end, months hold what their days do, and cash is the sum of the accounts. */
const inTheEnd = ({ state, economy }: Evidence): readonly string[] => {
  const days = daysOf(state).flatMap(({ tenant, aggregate }) =>
    aggregate.flows.map(
      ({ currency, inflowMinor, outflowMinor }) =>
        [`${tenant}/${aggregate.date.slice(0, 7)}/${currency}`, inflowMinor - outflowMinor] as const,
    ),
  );
  const months = monthsOf(state).flatMap(({ tenant, aggregate }) =>
    aggregate.accounts.map(
      ({ currency, deltaMinor }) => [`${tenant}/${aggregate.month}/${currency}`, deltaMinor] as const,
    ),
  );
  const really = economy.movements
    .filter(({ counterAccount }) => counterAccount === 'external')
    .flatMap(({ tenant, currency, lines }) =>
      lines.map(({ amountMinor }) => [`${tenant}/${currency}`, amountMinor] as const),
    );
  const stated = forecastsOf(state).map(
    ({ tenant, runway: { cash } }) =>
      [`${tenant}/${cash.currency}`, BigInt(cash.amount.replace('.', ''))] as const,
  );
  const base = new Set(stated.map(([name]) => name));
  return [
    ...disagreements('month', sums(days), sums(months)),
    ...disagreements('stated cash of', sums(really.filter(([name]) => base.has(name))), sums(stated)),
  ];
};

export const money: Checker = (evidence) => [...conservation(evidence), ...inTheEnd(evidence)];
