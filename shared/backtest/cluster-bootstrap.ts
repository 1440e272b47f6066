import { draw, randomStream, uniformOf } from '../forecast/random.ts';

/** A mean and the interval that holds it with 95 % confidence. */
export interface MeanInterval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** One number and the group of dependent numbers that it belongs to. */
export interface Clustered {
  readonly cluster: string;
  readonly value: number;
}

const RESAMPLES = 2_000;
const STREAM_CLUSTERS = 9;

/** Where every cluster says the same, drawing them tells nothing: the exact bounds of that many equal trials instead. */
const unanimous = (mean: number, clusters: number): MeanInterval => {
  const bound = 0.025 ** (1 / clusters);
  return { mean, low: mean === 1 ? bound : 0, high: mean === 1 ? 1 : 1 - bound };
};

/**
 * Mean of the values (0 or 1), with a percentile interval from drawing whole clusters with replacement: forecasts of one year of one
 * ledger overlap, so they are not so many independent trials. With one cluster the interval is all that is possible, 0 to 1.
 */
export const clusterInterval = (values: readonly Clustered[], seed: number): MeanInterval => {
  const clusters = new Map<string, { sum: number; count: number }>();
  for (const { cluster, value } of values) {
    const before = clusters.get(cluster) ?? { sum: 0, count: 0 };
    clusters.set(cluster, { sum: before.sum + value, count: before.count + 1 });
  }
  const mean = values.reduce((sum, { value }) => sum + value, 0) / values.length;
  const all = [...clusters.values()];
  if (all.length < 2) return { mean, low: 0, high: 1 };
  if (mean === 0 || mean === 1) return unanimous(mean, all.length);
  const stream = randomStream(seed, STREAM_CLUSTERS);
  const means = Float64Array.from({ length: RESAMPLES }, (_, resample) => {
    let sum = 0;
    let count = 0;
    for (let k = 0; k < all.length; k += 1) {
      draw(stream, resample, k);
      const drawn = all[Math.floor(uniformOf(stream.words[0] ?? 0) * all.length)];
      sum += drawn?.sum ?? 0;
      count += drawn?.count ?? 0;
    }
    return sum / count;
  }).sort();
  const at = (q: number): number => means[Math.ceil(q * RESAMPLES) - 1] ?? mean;
  return { mean, low: at(0.025), high: at(0.975) };
};
