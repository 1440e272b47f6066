import { civilDate } from './civil-date.ts';

/**
 * An instant in text: RFC 3339 with `Z` or a numeric offset. A naive date-time names no instant and is refused.
 * @returns milliseconds since the Unix epoch, or undefined.
 */
export const instantMs = (text: string): number | undefined => {
  if (!/^\d{4}-\d{2}-\d{2}T([01]\d|2[0-3]):\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/.test(text))
    return undefined;
  // `Date` would take 30 February for 2 March.
  if (civilDate(text.slice(0, 10)) === undefined) return undefined;
  const ms = Date.parse(text);
  return Number.isFinite(ms) ? ms : undefined;
};

/** UTC, millisecond precision: `2026-11-21T08:00:00.000Z`. */
export const isoInstant = (epochMs: number): string => new Date(epochMs).toISOString();
