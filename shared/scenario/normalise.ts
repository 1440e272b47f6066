import { canonicalJson, sha256Of } from '../canonical/canonical.ts';
import type { Scenario } from './parse.ts';

/** In an order of their own, so that the author's order cannot matter. */
const inOrder = <T>(items: readonly T[]): T[] =>
  items
    .map((item) => ({ item, key: canonicalJson(item) }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ item }) => item);

/**
 * The same scenario with nothing in it that cannot matter: items that move no money dropped (an amount of zero, a tranche
 * that never comes, a credit lot with no cost to pay), the others in canonical order.
 */
export const normalised = (scenario: Scenario): Scenario => ({
  ...scenario,
  scheduled: inOrder(scenario.scheduled.filter(({ amount }) => amount !== '0')),
  recurring: inOrder(
    scenario.recurring
      .filter(({ amount, jitter_std }) => amount !== '0' || jitter_std !== '0')
      .map((item) => ({ ...item, holidays: [...new Set(item.holidays)].sort() })),
  ),
  tranches: inOrder(scenario.tranches.filter((item) => item.amount !== '0' && item.probability > 0)),
  credits: inOrder(scenario.credits.filter((item) => item.daily_gross_cost !== '0')),
});

/** Names the input of a forecast: SHA-256 of the normalised scenario in canonical JSON. */
export const inputHash = (scenario: Scenario): string => sha256Of(canonicalJson(normalised(scenario)));
