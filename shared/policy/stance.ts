import type { PolicySettings } from '../contract/policy.ts';

/** How hard the policy saves. */
export type Stance = 'NORMAL' | 'CONSERVE' | 'CRITICAL';

/** A stance with what its next change depends on. */
export interface StanceSince {
  readonly stance: Stance;
  /** When it was taken; null for the one that everything begins with. */
  readonly since: string | null;
  readonly previous: Stance | null;
  /** Present once a later forecast has called for the stance too; nothing is changed before. */
  readonly confirmed?: true;
}

export const FIRST_STANCE: StanceSince = { stance: 'NORMAL', since: null, previous: null };

/** p5 and its sampling error; null lies beyond the horizon, which is longer than any threshold. */
export interface P5Reading {
  readonly p5Days: number | null;
  readonly standardErrorDays: number | null;
}

/** How far p5 may be off by chance: two standard errors, 95 of 100 times. */
export const errorBandDays = ({ standardErrorDays }: P5Reading): number => 2 * (standardErrorDays ?? 0);

const HOUR_MS = 3_600_000;
/** Out of CRITICAL the way back is two steps, this far apart. */
const CRITICAL_DWELL_MS: number = 24 * HOUR_MS;

/** Time to object to a smaller cloud, and for the runway to prove itself before a larger one. */
export const DWELL_MS: Readonly<Record<Stance, number>> = {
  NORMAL: 24 * HOUR_MS,
  CONSERVE: HOUR_MS,
  CRITICAL: HOUR_MS,
};

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

const callsFor = (stance: Stance, reading: P5Reading, settings: PolicySettings): boolean => {
  switch (stance) {
    case 'NORMAL':
      return isAbove(reading, settings.restoreDays);
    case 'CONSERVE':
      return isBelow(reading, settings.enterDays);
    case 'CRITICAL':
      return isBelow(reading, settings.criticalDays);
  }
};

/**
 * The stance after a forecast, with its history. One forecast takes a stance; it is confirmed by one that calls for it
 * still, a dwell later. A milder saving stance inherits the confirmation of the one it comes from.
 */
export const stanceAfter = (
  current: StanceSince,
  reading: P5Reading,
  settings: PolicySettings,
  now: string,
): StanceSince => {
  const nowMs = Date.parse(now);
  const stance = nextStance(current, reading, settings, nowMs);
  if (stance !== current.stance) {
    const milder = current.stance === 'CRITICAL' && current.confirmed === true;
    return { stance, since: now, previous: current.stance, ...(milder && { confirmed: true }) };
  }
  const { since, previous } = current;
  const dwelling = since === null || nowMs - Date.parse(since) < DWELL_MS[stance];
  const confirmed = current.confirmed ?? (!dwelling && callsFor(stance, reading, settings));
  return { stance, since, previous, ...(confirmed && { confirmed: true }) };
};
