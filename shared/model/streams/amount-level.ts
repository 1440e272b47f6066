import { ln } from '../../forecast/elementary.ts';

/** The level of a regular payment as its history shows it. */
export interface AmountLevel {
  /** Logarithm of the level after the last payment. */
  readonly logLevel: number;
  /** Variance of one payment's logarithm about the level. */
  readonly variance: number;
  /** Weight of the last payment in the level; the level's own variance is `variance` times this. */
  readonly gain: number;
  /** Variance of the level's step from one payment to the next. */
  readonly stepVariance: number;
  /** Steps seen: payments less one. */
  readonly steps: number;
  /** Slope of the logarithm per payment, least squares. */
  readonly slope: number;
}

/** Prior of the step's variance (4 % a payment) and the weight, in payments, that it has. */
const STEP_PRIOR = 0.0016;
const STEP_PRIOR_WEIGHT = 4;
const VARIANCE = { min: 1e-4, max: 0.25 } as const;
const GAIN = { min: 0.25, max: 0.8 } as const;

const clip = (x: number, { min, max }: { readonly min: number; readonly max: number }): number =>
  Math.min(max, Math.max(min, x));

const slopeOf = (logs: Float64Array): number => {
  const middle = (logs.length - 1) / 2;
  let product = 0;
  let square = 0;
  for (let k = 0; k < logs.length; k += 1) {
    product += (k - middle) * (logs[k] ?? 0);
    square += (k - middle) * (k - middle);
  }
  return square === 0 ? 0 : product / square;
};

/**
 * Local level of the logarithms (Muth 1960; Harvey 1989, 2.4): a level that walks and payments that scatter about it. Both
 * variances come from the first two autocovariances of the differences, the steps' shrunk towards a prior; the gain is
 * the steady state of the Kalman filter for their ratio.
 * @param amounts positive, oldest first, at least one
 */
export const amountLevel = (amounts: Float64Array): AmountLevel => {
  const logs = Float64Array.from(amounts, ln);
  const steps = logs.length - 1;
  let own = 0;
  let next = 0;
  for (let k = 1; k <= steps; k += 1) {
    const step = (logs[k] ?? 0) - (logs[k - 1] ?? 0);
    own += step * step;
    if (k < steps) next += step * ((logs[k + 1] ?? 0) - (logs[k] ?? 0));
  }
  const g0 = steps > 0 ? own / steps : 0;
  const g1 = steps > 1 ? next / (steps - 1) : 0;
  const stepVariance = Math.max(0, g0 + 2 * g1);
  const variance = clip(g1 < 0 ? -g1 : 0.1 * g0, VARIANCE);
  const prior = (stepVariance * steps + STEP_PRIOR * STEP_PRIOR_WEIGHT) / (steps + STEP_PRIOR_WEIGHT);
  const ratio = Math.max(1e-3, prior / variance);
  const gain = clip((-ratio + Math.sqrt(ratio * ratio + 4 * ratio)) / 2, GAIN);
  let logLevel = logs[0] ?? 0;
  for (const log of logs) logLevel += gain * (log - logLevel);
  return { logLevel, variance, gain, stepVariance, steps, slope: slopeOf(logs) };
};

/** Half the data lies this close to the median, times 1.4826: the standard deviation of a normal, deaf to outliers. */
export const logSpread = (amounts: Float64Array): number => {
  const logs = Float64Array.from(amounts, ln).sort();
  const middle = medianOf(logs);
  return 1.4826 * medianOf(logs.map((log) => Math.abs(log - middle)).sort());
};

/** @param sorted ascending, not empty */
export const medianOf = (sorted: Float64Array): number => {
  const half = sorted.length >>> 1;
  const upper = sorted[half] ?? 0;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[half - 1] ?? 0)) / 2;
};
