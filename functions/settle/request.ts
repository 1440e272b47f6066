import type { DateRange } from '../../shared/ledger/range.ts';
import { civilDate, daysBetween } from '../../shared/time/civil-date.ts';

/** Days of one request: as many as are read and folded well before the gateway gives up. */
export const MAX_DAYS = 400;

export interface RebuildRequest extends DateRange {
  /** False only reports. */
  readonly heal: boolean;
}

/** What `POST /v1/rebuild` asks for, or what is wrong with it. */
export const rebuildRequest = (body: Buffer): RebuildRequest | string => {
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch {
    return 'the body is no JSON';
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return 'the body is no JSON object';
  const { from, to, heal = true, ...unknown } = value as Record<string, unknown>;
  const [name] = Object.keys(unknown);
  if (name !== undefined) return `${name}: is no member of a rebuild`;
  const [first, last] = [from, to].map((date) => (typeof date === 'string' ? civilDate(date) : undefined));
  if (first === undefined) return 'from: expected a day as YYYY-MM-DD';
  if (last === undefined) return 'to: expected a day as YYYY-MM-DD';
  if (typeof heal !== 'boolean') return 'heal: expected true or false';
  if (last < first) return `to: ${last} is before from ${first}`;
  if (daysBetween(first, last) >= MAX_DAYS)
    return `at most ${MAX_DAYS} days a request: split the range, as capstack rebuild does`;
  return { from: first, to: last, heal };
};
