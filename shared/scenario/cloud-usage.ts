import type { CivilDate } from '../time/civil-date.ts';
import type { DecimalText } from './fields.ts';

/** What bills tell of a cloud's cost beside what it is now. */
export interface CloudUsage {
  /** Mean cost of a day in periods of `stepDays`, credits left out, oldest first; the last is the latest. */
  readonly dailyMeans: readonly number[];
  readonly stepDays: number;
  /** What this month has cost so far, where it has not been taken from a lot yet. */
  readonly monthToDate?: DecimalText;
  /** The lots one by one, where they are more than one, or are told of as a sum. */
  readonly lots?: readonly { readonly remaining: DecimalText; readonly expires_on: CivilDate }[];
}
