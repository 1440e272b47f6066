import { gammaCdf } from './probability.ts';
import type { Delay } from './simulation.ts';

/** Days of delay for a uniform draw; Infinity beyond the horizon. */
export type DelayDays = (uniform: number) => number;

/** Mean over standard deviation below which all but one draw in 10^10 is no delay at all, and above which none varies. */
const RATIO_MIN = 1e-6;
const RATIO_MAX = 1e6;

const gammaDelay = (mean: number, std: number, horizonDays: number): DelayDays => {
  const ratio = mean / std;
  if (mean === 0 || ratio < RATIO_MIN) return () => 0;
  if (ratio > RATIO_MAX || std === 0) return () => Math.floor(mean);
  const shape = ratio * ratio;
  const scale = std / ratio;
  /** Element k: P(delay <= k whole days), which is P(gamma < k + 1). */
  const atMost = Float64Array.from({ length: horizonDays }, (_, k) => gammaCdf(shape, (k + 1) / scale));
  return (uniform) => {
    let low = 0;
    let high = horizonDays;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((atMost[middle] ?? 1) >= uniform) high = middle;
      else low = middle + 1;
    }
    return low === horizonDays ? Infinity : low;
  };
};

/** The whole-day distribution of a delay, inverted: one uniform number gives one delay. */
export const delayDays = (delay: Delay, horizonDays: number): DelayDays => {
  if (delay.kind === 'gamma') {
    const late = gammaDelay(delay.mean, delay.std, horizonDays);
    const { on_time: onTime } = delay;
    return onTime === undefined
      ? late
      : (uniform) => (uniform < onTime ? 0 : late((uniform - onTime) / (1 - onTime)));
  }
  const days = delay.kind === 'fixed' ? delay.days : 0;
  return () => days;
};
