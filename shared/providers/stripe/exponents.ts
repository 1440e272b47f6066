import { type Currency, currency, exponentOf } from '../../money/currency.ts';
import type { Minor } from '../../money/money.ts';

/** Currencies in which Stripe counts whole units. Not ISO's list: MGA has two decimals there. */
const WHOLE_UNITS = new Set([
  'BIF',
  'CLP',
  'DJF',
  'GNF',
  'JPY',
  'KMF',
  'KRW',
  'MGA',
  'PYG',
  'RWF',
  'VND',
  'VUV',
  'XAF',
  'XOF',
  'XPF',
]);
const THOUSANDTHS = new Set(['BHD', 'JOD', 'KWD', 'OMR', 'TND']);

/** Decimals of Stripe's integer amounts. ISK and UGX have none in ISO 4217 but two, always zero, on Stripe's wire. */
export const stripeExponentOf = (code: Currency): number => {
  if (WHOLE_UNITS.has(code)) return 0;
  return THOUSANDTHS.has(code) ? 3 : 2;
};

/** By what a figure of Stripe's units is multiplied and divided to be one of ISO's; undefined for an unknown currency. */
export const minorScale = (
  code: string,
): { readonly currency: Currency; readonly numerator: bigint; readonly denominator: bigint } | undefined => {
  const known = currency(code);
  if (known === undefined) return undefined;
  const shift = exponentOf(known) - stripeExponentOf(known);
  return {
    currency: known,
    numerator: shift > 0 ? 10n ** BigInt(shift) : 1n,
    denominator: shift < 0 ? 10n ** BigInt(-shift) : 1n,
  };
};

/**
 * ISO minor units of a Stripe amount.
 * @param code in Stripe's lower case or any other.
 * @returns undefined for an unknown currency, and where Stripe's extra decimals are not zero.
 */
export const fromStripe = (
  amount: number,
  code: string,
): { readonly currency: Currency; readonly amountMinor: Minor } | undefined => {
  const known = currency(code);
  if (known === undefined || !Number.isSafeInteger(amount)) return undefined;
  const shift = exponentOf(known) - stripeExponentOf(known);
  const stripeMinor = BigInt(amount);
  if (shift >= 0) return { currency: known, amountMinor: stripeMinor * 10n ** BigInt(shift) };
  const divisor = 10n ** BigInt(-shift);
  return stripeMinor % divisor === 0n ? { currency: known, amountMinor: stripeMinor / divisor } : undefined;
};
