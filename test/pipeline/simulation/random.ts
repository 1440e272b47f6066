import { diceOf } from '../../../shared/backtest/generator/dice.ts';

/** Numbers of one world; each concern draws from a stream of its own, so that more of one reshuffles no other. */
export interface Random {
  /** Uniform in (0, 1). */
  readonly uniform: () => number;
  /** Integer from `least` to `most`, both included. */
  readonly between: (least: number, most: number) => number;
  readonly chance: (probability: number) => boolean;
  readonly pick: <Item>(items: readonly Item[]) => Item;
  readonly shuffled: <Item>(items: readonly Item[]) => readonly Item[];
}

const CONCERNS = ['shape', 'stripe', 'generic', 'plan', 'network', 'faults', 'senders', 'readers'] as const;
export type Concern = (typeof CONCERNS)[number];

export const randomOf = (seed: number, concern: Concern): Random => {
  const { uniform, integer, chance } = diceOf(seed, CONCERNS.indexOf(concern), 0);
  return {
    uniform: () => uniform(0, 1),
    between: integer,
    chance,
    pick: (items) => items[integer(0, items.length - 1)] as (typeof items)[number],
    shuffled: (items) =>
      items
        .map((item) => ({ item, order: uniform(0, 1) }))
        .sort((a, b) => a.order - b.order)
        .map(({ item }) => item),
  };
};
