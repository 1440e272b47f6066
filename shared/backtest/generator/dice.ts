import { cosineOfTurns, exp, ln } from '../../forecast/elementary.ts';
import { draw, randomStream, uniformOf } from '../../forecast/random.ts';

/** Random numbers in sequence, of the laws that a company's days are made of. */
export interface Dice {
  readonly uniform: (low: number, high: number) => number;
  /** Whole numbers, both ends included. */
  readonly integer: (low: number, high: number) => number;
  readonly chance: (probability: number) => boolean;
  readonly normal: (mean: number, std: number) => number;
  readonly lognormal: (median: number, sigma: number) => number;
  readonly exponential: (mean: number) => number;
  readonly poisson: (mean: number) => number;
  /** Shape at least 1. */
  readonly gamma: (shape: number, mean: number) => number;
}

/** The same dice again for the same three numbers. */
export const diceOf = (seed: number, stream: number, path: number): Dice => {
  const source = randomStream(seed, stream);
  let index = 0;
  const unit = (): number => {
    draw(source, path, index);
    index += 1;
    return uniformOf(source.words[0] ?? 0);
  };
  const normal = (mean: number, std: number): number =>
    mean + std * Math.sqrt(-2 * ln(unit())) * cosineOfTurns(unit());
  const poisson = (mean: number): number => {
    const limit = exp(-mean);
    let count = 0;
    for (let product = unit(); product > limit; product *= unit()) count += 1;
    return count;
  };
  // Marsaglia and Tsang 2000.
  const gamma = (shape: number, mean: number): number => {
    const d = shape - 1 / 3;
    for (;;) {
      const z = normal(0, 1);
      const v = (1 + z / Math.sqrt(9 * d)) ** 3;
      if (v > 0 && ln(unit()) < z * z * 0.5 + d * (1 - v + ln(v))) return (d * v * mean) / shape;
    }
  };
  return {
    uniform: (low, high) => low + (high - low) * unit(),
    integer: (low, high) => low + Math.floor((high - low + 1) * unit()),
    chance: (probability) => unit() < probability,
    normal,
    lognormal: (median, sigma) => median * exp(normal(0, sigma)),
    exponential: (mean) => -mean * ln(unit()),
    poisson,
    gamma,
  };
};
