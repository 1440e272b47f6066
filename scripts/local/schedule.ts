/** When a schedule expression falls due next, in UTC. */

const UNIT_MS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** A cron expression that names no day within this time names none. */
const HORIZON_MS = 4 * 366 * 86_400_000;

const NAMES: Readonly<Record<string, readonly string[]>> = {
  month: ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'],
  weekday: ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'],
};

type FieldTest = (value: number) => boolean;

const numberOf = (text: string, names: readonly string[]): number => {
  const named = names.indexOf(text.toUpperCase());
  const value = named >= 0 ? named + 1 : Number(text);
  if (!Number.isInteger(value)) throw new Error(`the local runtime does not know the cron field ${text}`);
  return value;
};

/** Lists, ranges and steps of one field; `?` and `*` are any value. */
const fieldTest = (field: string, first: number, names: readonly string[] = []): FieldTest => {
  if (field === '*' || field === '?') return () => true;
  const tests = field.split(',').map((part): FieldTest => {
    const [range = '', step] = part.split('/');
    const every = step === undefined ? 1 : numberOf(step, []);
    const [low = '', high] = range.split('-');
    const from = range === '*' ? first : numberOf(low, names);
    const to =
      high === undefined ? (step === undefined && range !== '*' ? from : Infinity) : numberOf(high, names);
    return (value) => value >= from && value <= to && (value - from) % every === 0;
  });
  return (value) => tests.some((test) => test(value));
};

/** `cron(minute hour day-of-month month day-of-week year)`; days of the week count from 1, Sunday. */
const nextCron = (fields: readonly string[]): ((afterMs: number) => number) => {
  if (fields.length !== 6) throw new Error(`a cron expression has six fields, not ${fields.length}`);
  const [minute, hour, day, month, weekday, year] = [
    fieldTest(fields[0] ?? '', 0),
    fieldTest(fields[1] ?? '', 0),
    fieldTest(fields[2] ?? '', 1),
    fieldTest(fields[3] ?? '', 1, NAMES['month']),
    fieldTest(fields[4] ?? '', 1, NAMES['weekday']),
    fieldTest(fields[5] ?? '', 1970),
  ];
  const isDue = (at: Date): boolean =>
    minute(at.getUTCMinutes()) &&
    hour(at.getUTCHours()) &&
    day(at.getUTCDate()) &&
    month(at.getUTCMonth() + 1) &&
    weekday(at.getUTCDay() + 1) &&
    year(at.getUTCFullYear());
  return (afterMs) => {
    const limitMs = afterMs + HORIZON_MS;
    let atMs = (Math.floor(afterMs / MINUTE_MS) + 1) * MINUTE_MS;
    while (atMs < limitMs) {
      const at = new Date(atMs);
      if (isDue(at)) return atMs;
      const wholeDay = day(at.getUTCDate()) && month(at.getUTCMonth() + 1) && weekday(at.getUTCDay() + 1);
      /** Days that cannot be due are passed over in one step. */
      atMs = wholeDay ? atMs + MINUTE_MS : (Math.floor(atMs / DAY_MS) + 1) * DAY_MS;
    }
    return Infinity;
  };
};

/**
 * The first instant after `afterMs` at which the expression is due. A rate counts from `startMs`.
 * @throws Error on an expression outside the supported part.
 */
export const scheduleExpression = (expression: string, startMs: number): ((afterMs: number) => number) => {
  const [, amount, unit] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  const unitMs = UNIT_MS[unit ?? ''];
  if (unitMs !== undefined) {
    const periodMs = Number(amount) * unitMs;
    return (afterMs) => startMs + (Math.floor((afterMs - startMs) / periodMs) + 1) * periodMs;
  }
  const [, fields] = /^cron\((.+)\)$/.exec(expression) ?? [];
  if (fields === undefined) throw new Error(`the local runtime does not know the schedule ${expression}`);
  return nextCron(fields.trim().split(/\s+/));
};
