/** What all parts of a made-up company share: its calendar, its dice and its book. */
import { addDays, type CivilDate, fromEpochDay, weekday } from '../../time/civil-date.ts';
import { type Dice, diceOf } from './dice.ts';

/** Days that the forecaster may know, and days that follow. */
export const HISTORY_DAYS = 400;
export const TOTAL_DAYS = 800;

export interface CalendarDay {
  readonly date: CivilDate;
  readonly weekday: number;
  readonly dayOfMonth: number;
  readonly month: number;
  readonly isMonthEnd: boolean;
  readonly isBusiness: boolean;
}

const isHoliday = (month: number, day: number, onWeekday: number): boolean =>
  (month === 1 && day === 1) ||
  (month === 7 && day === 4) ||
  (month === 12 && day === 25) ||
  (month === 11 && onWeekday === 4 && day > 21 && day < 29);

const calendarDay = (date: CivilDate): CalendarDay => {
  const dayOfMonth = Number(date.slice(8));
  const month = Number(date.slice(5, 7));
  const on = weekday(date);
  return {
    date,
    weekday: on,
    dayOfMonth,
    month,
    isMonthEnd: addDays(date, 1).slice(8) === '01',
    isBusiness: on < 6 && !isHoliday(month, dayOfMonth, on),
  };
};

/** Days from 0 on, with some to spare at the end for payments that slip. */
export const calendarFrom = (start: CivilDate): readonly CalendarDay[] =>
  Array.from({ length: TOTAL_DAYS + 40 }, (_, day) => calendarDay(addDays(start, day)));

/** One movement; negative is money out. Units of the currency, not yet rounded. */
export interface Entry {
  readonly day: number;
  readonly amount: number;
  readonly category: string;
}

export const PART = { company: 0, people: 1, costs: 2, cloud: 3, revenue: 4, tranches: 5 } as const;

export interface Setting {
  readonly calendar: readonly CalendarDay[];
  /** Dice of a part for what is decided on a day; those of the future differ from one future to the next. */
  readonly dice: (part: keyof typeof PART) => (day: number) => Dice;
  readonly book: Entry[];
}

const STREAM_PAST = 32;
const STREAM_FUTURE = 64;

export const settingOf = (seed: number, future: number): Setting => {
  const start = fromEpochDay(19_359 + diceOf(seed, STREAM_PAST + PART.company, 0).integer(0, 364));
  return {
    calendar: calendarFrom(start),
    dice: (part) => {
      const past = diceOf(seed, STREAM_PAST + PART[part], 1);
      const ahead = diceOf(seed, STREAM_FUTURE + PART[part], future);
      return (day) => (day < HISTORY_DAYS ? past : ahead);
    },
    book: [],
  };
};

/** The day itself or the last business day before it; negative where that lies before the first day. */
export const businessDayBy = (calendar: readonly CalendarDay[], day: number): number => {
  let at = day;
  while (at >= 0 && calendar[at]?.isBusiness === false) at -= 1;
  return at;
};

/** The day itself or the next business day, `more` business days later. */
export const businessDayFrom = (calendar: readonly CalendarDay[], day: number, more: number = 0): number => {
  let at = day;
  let left = more;
  while (calendar[at]?.isBusiness === false || left > 0) {
    if (calendar[at] === undefined) break;
    at += 1;
    if (calendar[at]?.isBusiness !== false) left = Math.max(0, left - 1);
  }
  return at;
};
