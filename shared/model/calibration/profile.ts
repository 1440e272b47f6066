import { ln } from '../../forecast/elementary.ts';

/**
 * One number for each octave of days: 0-44, 45-89, 90-179, and 180 and later. In between it changes evenly in log time, from
 * the middle of one octave to the middle of the next.
 */
export type Profile = readonly [number, number, number, number];

/** First day of each octave; constants are fitted and outcomes counted by them. */
export const OCTAVE_FROM = [0, 45, 90, 180] as const;

/** Middle of the first octave, in days; each next is twice as far. */
const FIRST_MIDDLE_DAYS = 32;

/** The octave (0..3) that a day falls in. */
export const octaveOf = (day: number): 0 | 1 | 2 | 3 => {
  if (day < OCTAVE_FROM[1]) return 0;
  if (day < OCTAVE_FROM[2]) return 1;
  return day < OCTAVE_FROM[3] ? 2 : 3;
};

/** The profile's value on a day; constant before the first middle and after the last. */
export const profileAt = (profile: Profile, day: number): number => {
  const place = Math.min(3, Math.max(0, ln(day / FIRST_MIDDLE_DAYS) / Math.LN2));
  const below = Math.min(2, Math.floor(place));
  const [from, to] = [profile[below] ?? 0, profile[below + 1] ?? 0];
  return from + (to - from) * (place - below);
};
