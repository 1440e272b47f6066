import type { MixpanelProject } from '../../contract/tenant.ts';
import { addDays, type CivilDate, civilDateIn, epochDay, fromEpochDay } from '../../time/civil-date.ts';
import { instantAt } from '../../time/wall-clock.ts';
import type { DaysAsked } from '../usage.ts';

type Clock = Pick<MixpanelProject, 'timezone'>;

const MS_PER_DAY = 86_400_000;
const SECONDS_PER_DAY = 86_400;
/** No zone changes its date or its clocks but at a quarter of an hour. */
const SECONDS_PER_QUARTER = 900;

/** The first and the last of the project's own days that together hold all of the days asked for. */
export const projectDays = (
  { timezone = 'UTC' }: Clock,
  { from, before, zone }: DaysAsked,
): { readonly first: CivilDate; readonly last: CivilDate } => {
  const startMs = instantAt(zone, epochDay(from) * MS_PER_DAY);
  const endMs = instantAt(zone, epochDay(before) * MS_PER_DAY);
  return { first: civilDateIn(timezone, startMs), last: civilDateIn(timezone, endMs - 1) };
};

/**
 * Says on which day in `zone` something happened, by the `time` of its row: an instant in seconds, or for a project with a
 * time zone what its clocks showed, written as if it were UTC. Where those are set back, the hour that comes twice is taken
 * for its first: only a midnight elsewhere that falls into it could tell.
 * @returns undefined where that is neither of the days that were exported nor of the ones beside them.
 */
export const dayOfTime = (
  { timezone }: Clock,
  { first, last }: { readonly first: CivilDate; readonly last: CivilDate },
  zone: string,
): ((seconds: number) => CivilDate | undefined) => {
  const earliest = epochDay(addDays(first, -1)) * SECONDS_PER_DAY;
  const end = epochDay(addDays(last, 2)) * SECONDS_PER_DAY;
  const known = new Map<number, CivilDate>();
  const dayAt = (seconds: number): CivilDate => {
    if (timezone === undefined) return civilDateIn(zone, seconds * 1_000);
    if (timezone === zone) return fromEpochDay(Math.floor(seconds / SECONDS_PER_DAY));
    return civilDateIn(zone, instantAt(timezone, seconds * 1_000));
  };
  return (seconds) => {
    if (!(seconds >= earliest && seconds < end)) return undefined;
    const quarter = Math.floor(seconds / SECONDS_PER_QUARTER);
    const day = known.get(quarter) ?? dayAt(quarter * SECONDS_PER_QUARTER);
    known.set(quarter, day);
    return day;
  };
};
