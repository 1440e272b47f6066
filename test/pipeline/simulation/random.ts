import { draw, randomStream, uniformOf } from '../../../shared/forecast/random.ts';

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
  const stream = randomStream(seed, CONCERNS.indexOf(concern));
  let index = 0;
  const uniform = (): number => {
    draw(stream, 0, index++);
    return uniformOf((stream.words[0] ?? 0) >>> 0);
  };
  const between = (least: number, most: number): number => least + Math.floor(uniform() * (most - least + 1));
  return {
    uniform,
    between,
    chance: (probability) => uniform() < probability,
    pick: (items) => items[between(0, items.length - 1)] as (typeof items)[number],
    shuffled: (items) =>
      items
        .map((item) => ({ item, order: uniform() }))
        .sort((a, b) => a.order - b.order)
        .map(({ item }) => item),
  };
};
