import * as v from 'valibot';
import type { CivilDate } from '../../time/civil-date.ts';
import { type CountsAnswer, countsOf, type DaysAsked } from '../usage.ts';
import { linesOf } from './export-lines.ts';
import { seenRows } from './seen-rows.ts';

/** Of one answer; they bound its memory. */
const MAX_ROWS = 6_000_000;

const id = v.nullish(v.union([v.string(), v.number()]), '');

const rowSchema = v.object({
  event: v.string(),
  properties: v.object({ time: v.number(), distinct_id: id, $insert_id: id }),
});

/** An answer that is not whole, or has ended in words that are no row. */
const brokenAt = (line: string): CountsAnswer => ({
  outcome: 'broken',
  reason: /terminated early/i.test(line)
    ? 'Mixpanel ended its export early'
    : 'the export ends in the middle of a row',
});

const parsed = (line: string): unknown => {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return undefined;
  }
};

/**
 * Counts an event by days while its export arrives, and holds none of it.
 *
 * An export holds what was sent, as often as it was sent: rows with one event, time, person and `$insert_id` are one event, as
 * in Mixpanel's reports. Its copies differ in when they were processed and perhaps in other properties, but not in their day: which
 * of them is the last makes no difference to a count. Rows without `$insert_id` are all counted, as Mixpanel does, for
 * nothing tells a repetition from a second event in the same second.
 */
export const countExport = async (
  body: AsyncIterable<Uint8Array>,
  event: string,
  { from, before }: Pick<DaysAsked, 'from' | 'before'>,
  dayOf: (seconds: number) => CivilDate | undefined,
): Promise<CountsAnswer> => {
  const seen = seenRows(MAX_ROWS);
  const days = new Map<CivilDate, number>();
  for await (const lines of linesOf(body))
    for (const line of lines) {
      if (line.trim() === '') continue;
      const value = parsed(line);
      if (value === undefined) return brokenAt(line);
      const row = v.safeParse(rowSchema, value);
      if (!row.success)
        return { outcome: 'refused', reason: 'the export has a row that is no event with its time' };
      if (row.output.event !== event)
        return { outcome: 'refused', reason: 'the export has a row of an event that was not asked for' };
      const { time, distinct_id: person, $insert_id: insertId } = row.output.properties;
      const day = dayOf(time);
      if (day === undefined)
        return { outcome: 'refused', reason: 'the export has a row of a day that was not asked for' };
      if (day < from || day >= before) continue;
      const noted = insertId === '' ? 'new' : seen.note(JSON.stringify([event, time, person, insertId]));
      if (noted === 'full') return { outcome: 'too_much', reason: `there are more than ${MAX_ROWS} events` };
      if (noted === 'new') days.set(day, (days.get(day) ?? 0) + 1);
    }
  return countsOf([...days].sort(), from, before);
};
