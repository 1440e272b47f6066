/** Figures as a person reads them. Amounts stay decimal strings from the document to the page, so none is rounded. */
import { type Currency, exponentOf } from '../money/currency.ts';
import { decimalOf, minorOf } from '../money/money.ts';

const DAY_SECONDS = 86_400;

const dateFormat = (month: 'long' | 'short'): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', day: 'numeric', month, year: 'numeric' });
const long = dateFormat('long');
const short = dateFormat('short');
const clock = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', hour: '2-digit', minute: '2-digit' });
const plain = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });

/** `4 May 2027`, its parts held together. */
export const dateText = (date: string): string =>
  long.format(Date.parse(`${date}T00:00:00Z`)).replaceAll(' ', '\u00a0');

/** `4 Sept 2027`, where space is short. */
export const shortDateText = (date: string): string =>
  short.format(Date.parse(`${date}T00:00:00Z`)).replaceAll(' ', '\u00a0');

/** `21 Nov 2026, 09:14 UTC`; the text itself where it is no instant. */
export const instantText = (instant: string): string => {
  const ms = Date.parse(instant);
  return Number.isNaN(ms) ? instant : `${short.format(ms)}, ${clock.format(ms)} UTC`;
};

export const numberText = (value: number): string => plain.format(value).replace('-', '\u2212');

/** `1 day`, `1,825 days`. */
export const countText = (count: number, one: string, many: string = `${one}s`): string =>
  `${numberText(count)}\u00a0${count === 1 ? one : many}`;

/** The largest unit that fits, rounded down; the future counts as now. */
export const durationText = (seconds: number): string => {
  if (!Number.isFinite(seconds)) return 'an unknown time';
  if (seconds < 60) return 'less than a minute';
  if (seconds < 3600) return countText(Math.floor(seconds / 60), 'minute');
  if (seconds < DAY_SECONDS) return countText(Math.floor(seconds / 3600), 'hour');
  return countText(Math.floor(seconds / DAY_SECONDS), 'day');
};

/** Standard errors below what one decimal can say are not rounded to none. */
export const standardErrorText = (days: number): string =>
  days > 0 && days < 0.05 ? 'under 0.1' : numberText(days);

/** Two decimals; only what is certain in the model says 0 % or 100 %. */
export const percentText = (share: number): string => {
  if (share > 0 && share < 0.0001) return '<0.01%';
  if (share < 1 && share > 0.9999) return '>99.99%';
  return `${(share * 100).toFixed(2).replace(/\.?0+$/, '')}%`;
};

const decimalsOf = (amount: string): number => amount.split('.')[1]?.length ?? 0;

/** `$2,400,000.00`, exactly, with at least the currency's decimals; a plus sign only where asked for. */
export const moneyText = (amount: string, currency: string, sign: 'auto' | 'exceptZero' = 'auto'): string => {
  const decimals = Math.max(decimalsOf(amount), exponentOf(currency as Currency));
  return new Intl.NumberFormat('en', {
    style: 'currency',
    currency,
    signDisplay: sign,
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  })
    .format(amount as Intl.StringNumericLiteral)
    .replace('-', '\u2212');
};

/** `$2.4M`: for ticks, which are round numbers by themselves. */
export const compactMoneyText = (amount: number, currency: string): string =>
  new Intl.NumberFormat('en', {
    style: 'currency',
    currency,
    notation: 'compact',
    minimumFractionDigits: 0,
    maximumFractionDigits: Math.abs(amount) < 1 ? 3 : 2,
  })
    .format(amount)
    .replace('-', '\u2212');

/** The amount times a whole number, exactly; the amount must have no more decimals than its currency. */
export const timesText = (amount: string, factor: bigint, currency: string): string =>
  decimalOf((minorOf(amount, currency as Currency) ?? 0n) * factor, currency as Currency);

export const isNegative = (amount: string): boolean => amount.startsWith('-') && /[1-9]/.test(amount);
export const isZero = (amount: string): boolean => !/[1-9]/.test(amount);

const segments = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Width in ems, about: wide scripts and pictures take a whole one. */
const emsOf = (grapheme: string): number => ((grapheme.codePointAt(0) ?? 0) >= 0x1100 ? 1.05 : 0.58);

export const textEms = (text: string): number => {
  let ems = 0;
  for (const { segment } of segments.segment(text)) ems += emsOf(segment);
  return ems;
};

const ELLIPSIS = '\u2026';

/** The text, cut with an ellipsis where it is wider than so many ems. */
export const fitted = (text: string, ems: number): string => {
  if (textEms(text) <= ems) return text;
  let kept = '';
  let width = 0;
  for (const { segment } of segments.segment(text)) {
    width += emsOf(segment);
    if (width + emsOf(ELLIPSIS) > ems) break;
    kept += segment;
  }
  return `${kept.trimEnd()}${ELLIPSIS}`;
};
