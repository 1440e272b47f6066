/**
 * Counter-based random numbers: every number has an address (seed, stream, path, index) and is a pure function of it.
 * So another horizon, another number of paths or one more component never reshuffles what is already there.
 * Threefry-2x32 with 20 rounds (Salmon, Moraes, Dror, Shaw, SC11): integer adds, rotations and xors only.
 */

/** Who draws; two streams never share a number. */
export const STREAM = { residual: 0, level: 1, jitter: 2, tranche: 3 } as const;

const PARITY = 0x1bd11bda;

/** Encrypts the counter (x, y) under the key (k0, k1) into `words`. */
export const threefry = (k0: number, k1: number, x: number, y: number, words: Uint32Array): void => {
  let next = k1;
  let afterNext = k0 ^ k1 ^ PARITY;
  let last = k0;
  let a = (x + k0) | 0;
  let b = (y + k1) | 0;
  for (let group = 1; group < 6; group += 1) {
    if (group % 2 === 1) {
      a = (a + b) | 0;
      b = ((b << 13) | (b >>> 19)) ^ a;
      a = (a + b) | 0;
      b = ((b << 15) | (b >>> 17)) ^ a;
      a = (a + b) | 0;
      b = ((b << 26) | (b >>> 6)) ^ a;
      a = (a + b) | 0;
      b = ((b << 6) | (b >>> 26)) ^ a;
    } else {
      a = (a + b) | 0;
      b = ((b << 17) | (b >>> 15)) ^ a;
      a = (a + b) | 0;
      b = ((b << 29) | (b >>> 3)) ^ a;
      a = (a + b) | 0;
      b = ((b << 16) | (b >>> 16)) ^ a;
      a = (a + b) | 0;
      b = ((b << 24) | (b >>> 8)) ^ a;
    }
    a = (a + next) | 0;
    b = (b + afterNext + group) | 0;
    const used = next;
    next = afterNext;
    afterNext = last;
    last = used;
  }
  words[0] = a;
  words[1] = b;
};

/** One stream under one seed; `words` holds the two 32-bit words of its last draw. */
export interface RandomStream {
  readonly low: number;
  readonly high: number;
  readonly stream: number;
  readonly words: Uint32Array;
}

/** @param seed integer from 0 to 2^53 - 1 */
export const randomStream = (seed: number, stream: number): RandomStream => ({
  low: seed | 0,
  high: Math.floor(seed / 0x1_0000_0000) | 0,
  stream,
  words: new Uint32Array(2),
});

/**
 * Draws the two words at an address into `stream.words`. Not a closure: V8 optimises a function, not each of its copies.
 * @param path integer from 0 to 2^24 - 1; @param index integer from 0 to 2^32 - 1
 */
export const draw = (stream: RandomStream, path: number, index: number): void =>
  threefry(stream.low, stream.high, (stream.stream << 24) | path, index, stream.words);

/** The middle of the word's cell of (0, 1): never 0, never 1. */
export const uniformOf = (word: number): number => (word + 0.5) / 0x1_0000_0000;
