import { type RandomStream, randomStream } from '../../forecast/random.ts';

const STREAM_NAMED = 16;

/** FNV-1a over the UTF-16 code units. */
const hash = (name: string, basis: number): number => {
  let state = basis;
  for (let k = 0; k < name.length; k += 1) state = Math.imul(state ^ name.charCodeAt(k), 0x0100_0193);
  return state;
};

/**
 * Noise addressed by a name: it is the same whatever else draws, so that one more ledger stream reshuffles none of the
 * others.
 */
export const namedNoise = (seed: number, name: string): RandomStream => {
  const stream = randomStream(seed, STREAM_NAMED);
  return {
    ...stream,
    low: stream.low ^ hash(name, 0x811c_9dc5),
    high: stream.high ^ hash(name, 0x5bd1_e995),
  };
};
