/** Months and business days in whole days since 1970-01-01: no strings, no zones. */

const MS_PER_DAY = 86_400_000;

/** Month in which the day lies; 0 is January 1970. */
export const monthIndex = (day: number): number => {
  const date = new Date(day * MS_PER_DAY);
  return (date.getUTCFullYear() - 1970) * 12 + date.getUTCMonth();
};

/** First day of a month. */
export const monthStart = (month: number): number => Date.UTC(1970, month, 1) / MS_PER_DAY;

/** Monday is 0, Sunday 6. */
export const weekdayIndex = (day: number): number => (((day + 3) % 7) + 7) % 7;

export type Shift = 'none' | 'previous' | 'next';

/** The day itself or, on a weekend, the nearest business day in the direction of the shift. */
export const shifted = (day: number, shift: Shift): number => {
  const over = weekdayIndex(day) - 4;
  if (over <= 0 || shift === 'none') return day;
  return shift === 'previous' ? day - over : day + 3 - over;
};
