import { type CivilDate, daysBetween } from '../time/civil-date.ts';

/** The days on which a source told something, within the days looked at. */
export interface SourceDays {
  readonly source: string;
  readonly dates: readonly CivilDate[];
}

export interface Silence {
  readonly source: string;
  readonly last: CivilDate;
  readonly days: number;
  /** Its longest usual gap, in days. */
  readonly usual: number;
}

/** Fewer days than these show no rhythm. */
const RHYTHM_DAYS = 5;
const SILENT_DAYS_MIN = 3;
const GAPS = 4;
/** One in ten gaps is a holiday, not a habit. */
const USUAL_SHARE = 0.9;

/** Sources that told regularly and have now been silent for far longer than they ever used to be. */
export const silentSources = (sources: readonly SourceDays[], today: CivilDate): readonly Silence[] =>
  sources.flatMap(({ source, dates }) => {
    const told = [...new Set(dates)].filter((date) => date <= today).sort();
    const last = told.at(-1);
    if (last === undefined || told.length < RHYTHM_DAYS) return [];
    const gaps = told
      .slice(1)
      .map((date, index) => daysBetween(told[index] ?? date, date))
      .sort((a, b) => a - b);
    const usual = gaps[Math.ceil(gaps.length * USUAL_SHARE) - 1] ?? 1;
    const days = daysBetween(last, today);
    return days > Math.max(SILENT_DAYS_MIN, GAPS * usual) ? [{ source, last, days, usual }] : [];
  });

export const silenceSentence = ({ source, last, days, usual }: Silence): string =>
  `${source} has told nothing for ${days} days, since ${last}; it used to tell something every ${usual === 1 ? 'day' : `${usual} days`} or sooner`;
