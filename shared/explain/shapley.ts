/**
 * Shapley values in whole-number arithmetic: what each of k players adds to a total, averaged over all orders in which they
 * may come (Shapley 1953). Nothing is rounded, so the shares sum to the total exactly.
 */

/** Shares as fractions of one denominator. */
export interface Shares {
  readonly numerators: readonly number[];
  readonly denominator: number;
}

const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));

const bitCount = (mask: number): number => (mask === 0 ? 0 : (mask & 1) + bitCount(mask >> 1));

/**
 * @param players at most 10: the arithmetic stays exact, and there are 2^k values.
 * @param worth whole number for each set of players, bit i of the mask being player i.
 */
export const shapleyShares = (players: number, worth: (mask: number) => number): Shares => {
  const denominator = factorial(players);
  const numerators = Array.from({ length: players }, (_, player) => {
    const bit = 1 << player;
    let sum = 0;
    for (let mask = 0; mask < 1 << players; mask += 1) {
      if ((mask & bit) !== 0) continue;
      const others = bitCount(mask);
      sum += factorial(others) * factorial(players - others - 1) * (worth(mask | bit) - worth(mask));
    }
    return sum;
  });
  return { numerators, denominator };
};

/**
 * Fractions as whole units that sum to the units of their total: each is rounded down, and what is left goes one by one to
 * the largest remainders, the first of equals first.
 * @throws RangeError where the fractions do not sum to a whole number.
 */
export const apportioned = ({ numerators, denominator }: Shares): readonly number[] => {
  const units = numerators.map((numerator) => Math.floor(numerator / denominator));
  const remainders = numerators.map((numerator, index) => numerator - (units[index] ?? 0) * denominator);
  const left = remainders.reduce((sum, remainder) => sum + remainder, 0) / denominator;
  if (!Number.isInteger(left)) throw new RangeError('the shares do not sum to whole units');
  const favoured = remainders
    .map((remainder, index) => ({ remainder, index }))
    .sort((a, b) => b.remainder - a.remainder || a.index - b.index)
    .slice(0, left);
  for (const { index } of favoured) units[index] = (units[index] ?? 0) + 1;
  return units;
};
