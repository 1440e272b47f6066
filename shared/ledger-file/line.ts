import { type Currency, currency, exponentOf } from '../money/currency.ts';
import { type Minor, minorOf } from '../money/money.ts';
import { type CivilDate, civilDate } from '../time/civil-date.ts';

/** One movement of cash in a ledger file. */
export interface LedgerLine {
  /** Line of the file on which it starts, counted from 1; the header is line 1. */
  readonly line: number;
  readonly date: CivilDate;
  readonly amountMinor: Minor;
  readonly category?: string;
  readonly description?: string;
  readonly id?: string;
  readonly account?: string;
}

/** A parsed cell, or the sentence that says what is wrong with it and what to write instead. */
export type Cell<Value> = { readonly value: Value } | { readonly problem: string };

const quoted = (text: string): string => `"${text.length > 40 ? `${text.slice(0, 40)}...` : text}"`;

export const dateCell = (text: string): Cell<CivilDate> => {
  const date = civilDate(text);
  if (date !== undefined) return { value: date };
  if (text === '') return { problem: 'the date is empty: write a day such as 2026-01-31' };
  if (/^\d{4}-\d{2}-\d{2}[T ]\d/.test(text)) {
    const zoned = /(Z|[+-]\d{2}:?\d{2})$/.test(text);
    const fault = zoned ? 'is an instant' : 'is a time without a zone';
    return {
      problem: `date ${quoted(text)} ${fault}: write the accounting day alone, such as ${text.slice(0, 10)}`,
    };
  }
  return { problem: `date ${quoted(text)} is no calendar day: write YYYY-MM-DD, such as 2026-01-31` };
};

export const amountCell = (text: string, unit: Currency): Cell<Minor> => {
  const value = minorOf(text, unit);
  if (value !== undefined) return { value };
  if (text === '') return { problem: 'the amount is empty: write a number such as -12.34' };
  if (/^-?\d{1,3}(,\d{3})+(\.\d+)?$/.test(text))
    return {
      problem: `amount ${quoted(text)} has thousands separators: write ${quoted(text.replaceAll(',', ''))}`,
    };
  const decimals = /^-?\d+\.(\d+)$/.exec(text)?.[1]?.length;
  if (decimals !== undefined && decimals > exponentOf(unit))
    return {
      problem: `amount ${quoted(text)} has more decimals than ${unit} (${exponentOf(unit)}): round it in the source`,
    };
  if (/^-?\d{19,}/.test(text))
    return { problem: `amount ${quoted(text)} is too large: at most 18 digits before the point` };
  return {
    problem: `amount ${quoted(text)} is no plain decimal: write digits with a point, minus for money out, such as -12.34`,
  };
};

export const currencyCell = (text: string): Cell<Currency> => {
  const value = currency(text);
  return value === undefined
    ? { problem: `currency ${quoted(text)} is not in ISO 4217: write a code such as USD` }
    : { value };
};
