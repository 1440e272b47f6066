const HALF_SEARCH_MS = 86_400_000;

const formatters = new Map<string, Intl.DateTimeFormat>();

const formatterOf = (zone: string): Intl.DateTimeFormat => {
  let format = formatters.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formatters.set(zone, format);
  }
  return format;
};

/** How far clocks in `zone` are ahead of UTC at an instant. */
const aheadMs = (zone: string, epochMs: number): number => {
  const shown: Partial<Record<Intl.DateTimeFormatPartTypes, string>> = {};
  for (const { type, value } of formatterOf(zone).formatToParts(epochMs)) shown[type] = value;
  const part = (type: Intl.DateTimeFormatPartTypes): number => Number(shown[type]);
  const wallMs = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
  );
  return wallMs - Math.floor(epochMs / 1_000) * 1_000;
};

/**
 * The instant at which clocks in `zone` (an IANA name) show `wallMs`, a date and time written as if it were UTC. Where clocks
 * are set back, of the two it is the first; where they are set forward over it, the instant as far after the change.
 * @throws RangeError where the zone is unknown.
 */
export const instantAt = (zone: string, wallMs: number): number => {
  const first = wallMs - aheadMs(zone, wallMs - HALF_SEARCH_MS);
  const second = wallMs - aheadMs(zone, wallMs + HALF_SEARCH_MS);
  const isShown = (epochMs: number): boolean => epochMs + aheadMs(zone, epochMs) === wallMs;
  return isShown(first) || !isShown(second) ? first : second;
};
