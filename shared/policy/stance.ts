import type { PolicySettings } from '../contract/policy.ts';

/** How hard the policy saves. */
export type Stance = 'NORMAL' | 'CONSERVE' | 'CRITICAL';

/** A stance with what its next change depends on. */
export interface StanceSince {
  readonly stance: Stance;
  /** When it was taken; null for the one that everything begins with. */
  readonly since: string | null;
  readonly previous: Stance | null;
}

export const FIRST_STANCE: StanceSince = { stance: 'NORMAL', since: null, previous: null };

/** p5 and its sampling error; null lies beyond the horizon, which is longer than any threshold. */
export interface P5Reading {
  readonly p5Days: number | null;
  readonly standardErrorDays: number | null;
}

/** How far p5 may be off by chance: two standard errors, 95 of 100 times. */
export const errorBandDays = ({ standardErrorDays }: P5Reading): number => 2 * (standardErrorDays ?? 0);

/** Out of CRITICAL the way back is two steps, this far apart. */
const CRITICAL_DWELL_MS = 24 * 3_600_000;

const isBelow = (reading: P5Reading, days: number): boolean =>
  reading.p5Days !== null && reading.p5Days + errorBandDays(reading) < days;

const isAbove = (reading: P5Reading, days: number): boolean =>
  reading.p5Days === null || reading.p5Days - errorBandDays(reading) > days;

const dwelt = ({ previous, since }: StanceSince, nowMs: number): boolean =>
  previous !== 'CRITICAL' || since === null || nowMs - Date.parse(since) >= CRITICAL_DWELL_MS;

/**
 * The stance that a forecast calls for. A threshold counts as crossed only when the whole error band of p5 is beyond it.
 *
 * | p5 | from NORMAL | from CONSERVE | from CRITICAL |
 * |---|---|---|---|
 * | below `criticalDays` | CRITICAL | CRITICAL | stay |
 * | below `enterDays` | CONSERVE | stay | stay |
 * | up to `restoreDays` | stay | stay | CONSERVE |
 * | above | stay | NORMAL, a day after CRITICAL | CONSERVE |
 */
export const nextStance = (
  current: StanceSince,
  reading: P5Reading,
  settings: PolicySettings,
  nowMs: number,
): Stance => {
  const { stance } = current;
  if (isBelow(reading, settings.criticalDays)) return 'CRITICAL';
  switch (stance) {
    case 'NORMAL':
      return isBelow(reading, settings.enterDays) ? 'CONSERVE' : stance;
    case 'CONSERVE':
      return isAbove(reading, settings.restoreDays) && dwelt(current, nowMs) ? 'NORMAL' : stance;
    case 'CRITICAL':
      return isAbove(reading, settings.enterDays) ? 'CONSERVE' : stance;
  }
};
