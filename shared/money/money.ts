import { type Currency, exponentOf } from './currency.ts';

/** Signed integer minor units; positive is money in. Any size: a bigint never rounds. */
export type Minor = bigint;

/** Plain decimals only: no exponent, no thousands separator, no blank, at most 18 digits before the point. */
const DECIMAL = /^-?\d{1,18}(\.\d{1,18})?$/;

/**
 * Minor units of a decimal string such as `-12.34`.
 * @returns undefined where the text is no plain decimal or carries more decimals than the currency has.
 */
export const minorOf = (text: string, currency: Currency): Minor | undefined => {
  if (!DECIMAL.test(text)) return undefined;
  const [whole = '', fraction = ''] = text.split('.');
  const exponent = exponentOf(currency);
  if (/[1-9]/.test(fraction.slice(exponent))) return undefined;
  return BigInt(whole + fraction.slice(0, exponent).padEnd(exponent, '0'));
};

/** Decimal string with exactly the currency's decimals: `-12.34`, `500` for JPY. */
export const decimalOf = (amountMinor: Minor, currency: Currency): string => {
  const exponent = exponentOf(currency);
  const digits = (amountMinor < 0n ? -amountMinor : amountMinor).toString().padStart(exponent + 1, '0');
  const whole = digits.slice(0, digits.length - exponent);
  const sign = amountMinor < 0n ? '-' : '';
  return exponent === 0 ? `${sign}${whole}` : `${sign}${whole}.${digits.slice(-exponent)}`;
};
