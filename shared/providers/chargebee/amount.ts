import { type Currency, currency, exponentOf } from '../../money/currency.ts';
import type { Minor } from '../../money/money.ts';

/** A whole amount as Chargebee writes it, in minor units of its currency. */
export interface ChargebeeMoney {
  readonly currency: Currency;
  readonly of: (amount: number) => Minor | undefined;
}

/**
 * How Chargebee writes amounts of a currency: in whole units where ISO 4217 has no decimals, else in hundredths, also where
 * the currency has thousandths.
 * @returns undefined for an unknown currency.
 */
export const chargebeeMoney = (code: string): ChargebeeMoney | undefined => {
  const known = currency(code);
  if (known === undefined) return undefined;
  const exponent = exponentOf(known);
  const factor = exponent === 0 ? 1n : 10n ** BigInt(exponent - 2);
  return {
    currency: known,
    of: (amount) => (Number.isSafeInteger(amount) ? BigInt(amount) * factor : undefined),
  };
};
