import { diceOf } from '../../shared/backtest/generator/dice.ts';

/** What is drawn for; each draws from a stream of its own, so that more of one reshuffles no other. */
const CONCERNS = ['customer', 'payment', 'exchange', 'people', 'vendor', 'spending', 'network'] as const;
export type Concern = (typeof CONCERNS)[number];

/** Numbers for one subject of a concern. Only sums and products of uniforms, so every machine draws the same. */
export interface Draws {
  /** Uniform in (0, 1). */
  readonly uniform: () => number;
  /** Integer from `least` to `most`, both included. */
  readonly between: (least: number, most: number) => number;
  readonly chance: (probability: number) => boolean;
  /** Mean 0, variance 1, within 6 either way: twelve uniforms are a bell without a logarithm. */
  readonly bell: () => number;
}

const BELL_UNIFORMS = 12;

/** @param subject integer from 0: the n-th customer, vendor... */
export const drawsOf = (seed: number, concern: Concern, subject = 0): Draws => {
  const dice = diceOf(seed, CONCERNS.indexOf(concern), subject);
  const uniform = (): number => dice.uniform(0, 1);
  return {
    uniform,
    between: dice.integer,
    chance: dice.chance,
    bell: () => {
      let sum = -BELL_UNIFORMS / 2;
      for (let count = 0; count < BELL_UNIFORMS; count += 1) sum += uniform();
      return sum;
    },
  };
};
