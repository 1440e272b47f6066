/**
 * The laws of daily noise. Normals come off a lattice; Student's t is drawn in polar form, a radius times the cosine of a
 * uniform angle. With squared radius df (u^(-2/df) - 1) that is the t (Bailey 1994), with -2 ln u it is the normal (Box-Muller),
 * which is the t whose df is infinite. Both functions are read off tables by linear interpolation: squared radius to 4e-6,
 * cosine to 3e-7, far below what any number of paths can resolve.
 */
import { cosineOfTurns, expm1, ln } from './elementary.ts';
import { BLOCK_DAYS, latticed, QUANTILES } from './lattice.ts';
import { draw, type RandomStream, uniformOf } from './random.ts';

/** Linear pieces of a full turn; the word's upper 12 bits name the piece. */
const ANGLES = 4096;
/** Linear pieces of one halving of u; 8 bits of the word name the piece. */
const CELLS = 256;
const CELL_SHIFT = 24;
const OCTAVES = 16;
/** Words below this (1 in 65,536) lie past the last octave of the table and are computed directly. */
const TAIL_WORD = 0x1_0000;

const cosines = Float64Array.from({ length: ANGLES + 1 }, (_, k) => cosineOfTurns(k / ANGLES));

/** Cosine of the angle 2 pi word / 2^32. */
export const cosineAt = (word: number): number => {
  const cell = word >>> 20;
  const left = cosines[cell] ?? 0;
  return left + ((cosines[cell + 1] ?? 0) - left) * ((word & 0xfffff) / 0x10_0000);
};

/** Cosine a quarter turn earlier: the sine. */
export const sineAt = (word: number): number => cosineAt((word - 0x4000_0000) >>> 0);

/** Squared radius at u of the t with this df; Infinity is the normal. */
const squaredRadius = (df: number, u: number): number =>
  df === Infinity ? -2 * ln(u) : df * expm1((-2 / df) * ln(u));

/** `scale` times the squared radius, by random word. */
interface RadiusTable {
  readonly df: number;
  readonly scale: number;
  /** `CELLS` linear pieces in each halving of u, lowest u first. */
  readonly nodes: Float64Array;
}

const radiusTable = (df: number, scale: number): RadiusTable => {
  const nodes = Float64Array.from({ length: OCTAVES * CELLS + 1 }, (_, node) => {
    const octave = OCTAVES - 1 - Math.floor(node / CELLS);
    const u = octave < 0 ? 1 : (1 + (node % CELLS) / CELLS) / (2 << octave);
    return scale * squaredRadius(df, u);
  });
  return { df, scale, nodes };
};

const squaredRadiusAt = ({ df, scale, nodes }: RadiusTable, word: number): number => {
  if (word < TAIL_WORD) return scale * squaredRadius(df, uniformOf(word));
  const octave = Math.clz32(word);
  const node = (OCTAVES - 1 - octave) * CELLS + ((word << (octave + 1)) >>> CELL_SHIFT);
  const left = nodes[node] ?? 0;
  return left + ((nodes[node + 1] ?? 0) - left) * (((word << (octave + 9)) >>> 0) / 0x1_0000_0000);
};

/** Independent daily noise of one law, by path and day. */
export type Noise =
  | { readonly kind: 'none' }
  | { readonly kind: 'normal'; readonly stream: RandomStream; readonly std: number }
  | { readonly kind: 'student_t'; readonly stream: RandomStream; readonly radius: RadiusTable }
  | {
      readonly kind: 'blocks';
      readonly stream: RandomStream;
      readonly values: Float64Array;
      readonly block: number;
    };

/** Normals of this standard deviation. */
export const normalNoise = (stream: RandomStream, std: number): Noise =>
  std === 0 ? { kind: 'none' } : { kind: 'normal', stream, std };

/** Student-t draws scaled to this standard deviation; df > 2. */
export const studentNoise = (stream: RandomStream, std: number, df: number): Noise =>
  std === 0
    ? { kind: 'none' }
    : { kind: 'student_t', stream, radius: radiusTable(df, std * std * ((df - 2) / df)) };

/** Four days share one draw. A flow is the difference of two exact multiples, so that adding flows up makes no error. */
const writeNormals = (stream: RandomStream, std: number, path: number, flows: Float64Array): void => {
  let total = 0;
  let before = 0;
  for (let day = 0; day < flows.length; day += 1) {
    if (day % 4 === 0) draw(stream, path, day >>> 2);
    const word = stream.words[(day >>> 1) & 1] ?? 0;
    total += QUANTILES[day % 2 === 0 ? word & 0xffff : word >>> 16] ?? 0;
    const after = std * latticed(total, Math.floor(day / BLOCK_DAYS));
    flows[day] = after - before;
    before = after;
  }
};

/** Cosine and sine of one t radius would not be independent, so each day draws its own. */
const writeStudents = (
  stream: RandomStream,
  radius: RadiusTable,
  path: number,
  flows: Float64Array,
): void => {
  for (let day = 0; day < flows.length; day += 1) {
    draw(stream, path, day);
    flows[day] = Math.sqrt(squaredRadiusAt(radius, stream.words[0] ?? 0)) * cosineAt(stream.words[1] ?? 0);
  }
};

/** Circular blocks of `block` consecutive values, each starting anywhere with equal probability. */
const writeBlocks = (
  { stream, values, block }: Extract<Noise, { kind: 'blocks' }>,
  path: number,
  flows: Float64Array,
): void => {
  const { length } = values;
  for (let day = 0, k = 0; day < flows.length; k += 1) {
    draw(stream, path, k);
    const end = Math.min(flows.length, day + block);
    let source = Math.floor(uniformOf(stream.words[0] ?? 0) * length);
    while (day < end) {
      const unbroken = Math.min(end - day, length - source);
      for (let j = 0; j < unbroken; j += 1) flows[day + j] = values[source + j] ?? 0;
      day += unbroken;
      source = 0;
    }
  }
};

/** Writes the noise of a path's days from the first: `flows[0]`, `flows[1]`... */
export const writeNoise = (noise: Noise, path: number, flows: Float64Array): void => {
  if (noise.kind === 'none') flows.fill(0);
  else if (noise.kind === 'blocks') writeBlocks(noise, path, flows);
  else if (noise.kind === 'normal') writeNormals(noise.stream, noise.std, path, flows);
  else writeStudents(noise.stream, noise.radius, path, flows);
};

/** One Student-t value with its own spread, or with df Infinity a standard normal, at an address. */
export const studentValue = (stream: RandomStream, df: number, path: number, index: number): number => {
  draw(stream, path, index);
  return Math.sqrt(squaredRadius(df, uniformOf(stream.words[0] ?? 0))) * cosineAt(stream.words[1] ?? 0);
};

const unitRadius = radiusTable(Infinity, 1);

/** Radius of two independent standard normals in polar form, out of the words that a stream drew last. */
export const normalRadius = ({ words }: RandomStream): number =>
  Math.sqrt(squaredRadiusAt(unitRadius, words[0] ?? 0));

/** A standard normal out of the words that a stream drew last. */
export const normalOf = (stream: RandomStream): number =>
  normalRadius(stream) * cosineAt(stream.words[1] ?? 0);
