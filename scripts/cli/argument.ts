import { InvalidArgumentError } from 'commander';
import { categoryOf } from '../../shared/event/category.ts';
import { type ColumnNames, parseColumnNames } from '../../shared/ledger-file/columns.ts';
import { type Currency, currency } from '../../shared/money/currency.ts';
import { type CivilDate, civilDate } from '../../shared/time/civil-date.ts';

/** Parser of a whole number within bounds. */
export const wholeNumber =
  (min: number, max: number): ((text: string) => number) =>
  (text) => {
    const value = /^\d{1,16}$/.test(text) ? Number.parseInt(text, 10) : Number.NaN;
    if (value >= min && value <= max) return value;
    throw new InvalidArgumentError(`write a whole number from ${min} to ${max}`);
  };

export const dateArgument = (text: string): CivilDate => {
  const date = civilDate(text);
  if (date === undefined) throw new InvalidArgumentError('write a day as YYYY-MM-DD');
  return date;
};

export const currencyArgument = (text: string): Currency => {
  const code = currency(text);
  if (code === undefined) throw new InvalidArgumentError('write an ISO 4217 code such as USD');
  return code;
};

export const columnsArgument = (text: string): ColumnNames => {
  const names = parseColumnNames(text);
  if ('problem' in names) throw new InvalidArgumentError(names.problem);
  return names;
};

/** Categories with commas between them, as their stable keys. */
export const categoriesArgument = (text: string): readonly string[] => {
  const names = text.split(',').map((name) => categoryOf(name));
  if (names.includes('')) throw new InvalidArgumentError('write categories with commas between them');
  return names;
};
