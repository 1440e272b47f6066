import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type Noise,
  normalNoise,
  studentNoise,
  studentValue,
  writeNoise,
} from '../../../shared/forecast/noise.ts';
import { normalCdf } from '../../../shared/forecast/probability.ts';
import { randomStream } from '../../../shared/forecast/random.ts';

const PATHS = 4000;
const DAYS = 100;
const COUNT = PATHS * DAYS;

const drawn = (noise: Noise, paths = PATHS, days = DAYS): Float64Array => {
  const all = new Float64Array(paths * days);
  const flows = new Float64Array(days);
  for (let path = 0; path < paths; path += 1) {
    writeNoise(noise, path, flows);
    all.set(flows, path * days);
  }
  return all;
};

const moment = (values: Float64Array, power: number): number =>
  values.reduce((sum, value) => sum + value ** power, 0) / values.length;

/** Largest gap between the sample's distribution and `cdf`, in units in which 1.95 has a chance of 1 in 1000. */
const kolmogorov = (values: Float64Array, cdf: (x: number) => number): number => {
  const sorted = values.toSorted();
  let gap = 0;
  sorted.forEach((value, index) => {
    gap = Math.max(gap, Math.abs(cdf(value) - (index + 0.5) / sorted.length));
  });
  return gap * Math.sqrt(sorted.length);
};

test('normal noise is normal', () => {
  const values = drawn(normalNoise(randomStream(3, 0), 1));
  assert.ok(kolmogorov(values, normalCdf) < 1.95);
  assert.ok(Math.abs(moment(values, 1)) < 4 / Math.sqrt(COUNT));
  assert.ok(Math.abs(moment(values, 2) - 1) < 4 * Math.sqrt(2 / COUNT));
  assert.ok(Math.abs(moment(values, 4) - 3) < 4 * Math.sqrt(96 / COUNT));
});

test('days are independent, the two of one draw as well', () => {
  const values = drawn(normalNoise(randomStream(4, 0), 1));
  for (const lag of [1, 2, 7]) {
    let sum = 0;
    let squares = 0;
    for (let k = lag; k < COUNT; k += 1) {
      const [a, b] = [values[k] ?? 0, values[k - lag] ?? 0];
      sum += a * b;
      squares += a * a * b * b;
    }
    assert.ok(Math.abs(sum / COUNT) < 4 / Math.sqrt(COUNT), `lag ${lag}`);
    assert.ok(Math.abs(squares / COUNT - 1) < 4 * Math.sqrt(8 / COUNT), `squares, lag ${lag}`);
  }
});

test('Student noise has the standard deviation asked for and the tails of its df', () => {
  const std = 2800;
  const values = drawn(studentNoise(randomStream(5, 0), std, 10));
  assert.ok(Math.abs(moment(values, 2) / std ** 2 - 1) < 4 * Math.sqrt(3 / COUNT));
  // P(|t| > 2.7638) with 10 df is 2 %; scaled to unit variance the bound is 2.7638 x sqrt(8 / 10).
  const beyond = values.filter((value) => Math.abs(value) > 2.763769 * Math.sqrt(0.8) * std).length / COUNT;
  assert.ok(Math.abs(beyond - 0.02) < 4 * Math.sqrt((0.02 * 0.98) / COUNT), String(beyond));
});

test('t with 3 df follows its closed form', () => {
  const cdf = (t: number): number => {
    const x = t / Math.sqrt(3);
    return 0.5 + (x / (1 + x * x) + Math.atan(x)) / Math.PI;
  };
  const scaled = drawn(studentNoise(randomStream(6, 0), Math.sqrt(3), 3));
  assert.ok(kolmogorov(scaled, cdf) < 1.95);
  const stream = randomStream(7, 1);
  const single = Float64Array.from({ length: 20_000 }, (_, path) => studentValue(stream, 3, path, 0));
  assert.ok(kolmogorov(single, cdf) < 1.95);
});

test('a standard deviation of zero is no noise at all', () => {
  assert.deepEqual(new Set(drawn(normalNoise(randomStream(1, 0), 0), 5, 6)), new Set([0]));
  assert.deepEqual(new Set(drawn(studentNoise(randomStream(1, 0), 0, 5), 5, 6)), new Set([0]));
});

test('blocks are runs of the values, circular, of fixed length, starting anywhere alike', () => {
  const values = Float64Array.of(10, 11, 12, 13, 14);
  const noise: Noise = { kind: 'blocks', stream: randomStream(9, 0), values, block: 3 };
  const all = drawn(noise, 2000, 10);
  const starts = new Map<number, number>();
  for (let k = 0; k < all.length; k += 1) {
    const day = k % 10;
    const value = all[k] ?? 0;
    if (day % 3 === 0) starts.set(value, (starts.get(value) ?? 0) + 1);
    else assert.equal(value, 10 + (((all[k - 1] ?? 0) - 10 + 1) % 5));
  }
  assert.equal(starts.size, 5);
  for (const count of starts.values())
    assert.ok(Math.abs(count - 1600) < 4 * Math.sqrt(8000 * 0.16), String(count));
});

test('noise of a day is the same whatever day comes last', () => {
  const laws: Noise[] = [
    normalNoise(randomStream(2, 0), 1),
    studentNoise(randomStream(2, 0), 1, 4),
    { kind: 'blocks', stream: randomStream(2, 0), values: Float64Array.of(1, 2, 3, 4), block: 7 },
  ];
  for (const law of laws) {
    const whole = new Float64Array(31);
    const begun = new Float64Array(17);
    writeNoise(law, 11, whole);
    writeNoise(law, 11, begun);
    assert.deepEqual(begun, whole.subarray(0, 17));
  }
});
