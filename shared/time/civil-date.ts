/**
 * Civil dates: calendar days with no zone and no instant, ISO 8601 `YYYY-MM-DD`, proleptic Gregorian, years 0001-9999.
 * A civil date never becomes midnight of some zone; an instant becomes a civil date only in a named zone.
 */
declare const civil: unique symbol;
export type CivilDate = string & { readonly [civil]: true };

const MS_PER_DAY = 86_400_000;

/** Days since 1970-01-01 of a civil date; integer, negative before it. */
export const epochDay = (date: CivilDate): number => Date.parse(`${date}T00:00:00Z`) / MS_PER_DAY;

/** The civil date that lies `day` days after 1970-01-01. */
export const fromEpochDay = (day: number): CivilDate =>
  new Date(day * MS_PER_DAY).toISOString().slice(0, 10) as CivilDate;

/** The date in `text`, or undefined where it is no real calendar day in the form `YYYY-MM-DD`. */
export const civilDate = (text: string): CivilDate | undefined => {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined;
  const ms = Date.parse(`${text}T00:00:00Z`);
  return Number.isFinite(ms) && new Date(ms).toISOString().startsWith(text) ? (text as CivilDate) : undefined;
};

export const addDays = (date: CivilDate, days: number): CivilDate => fromEpochDay(epochDay(date) + days);

/** Days from `from` to `to`; negative when `to` is earlier. */
export const daysBetween = (from: CivilDate, to: CivilDate): number => epochDay(to) - epochDay(from);

/** ISO 8601 weekday: Monday 1 to Sunday 7. 1970-01-01 was a Thursday. */
export const weekday = (date: CivilDate): number => ((((epochDay(date) + 3) % 7) + 7) % 7) + 1;

/** `YYYY-MM` of the date. */
export const monthOf = (date: CivilDate): string => date.slice(0, 7);

/** Days in the month; `month` is 1-12. */
export const daysInMonth = (year: number, month: number): number =>
  new Date(new Date(0).setUTCFullYear(year, month, 0)).getUTCDate();

const formatters = new Map<string, Intl.DateTimeFormat>();

/**
 * The civil day it is in `zone` (an IANA name) at the instant `epochMs`.
 * @throws RangeError where the zone is unknown.
 */
export const civilDateIn = (zone: string, epochMs: number): CivilDate => {
  let format = formatters.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-CA', {
      timeZone: zone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
    });
    formatters.set(zone, format);
  }
  return format.format(epochMs) as CivilDate;
};
