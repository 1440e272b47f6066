/** ISO 4217 currencies whose minor unit is not two decimals (list one). */
const EXPONENTS: Readonly<Record<string, number>> = {
  BIF: 0,
  CLP: 0,
  DJF: 0,
  GNF: 0,
  ISK: 0,
  JPY: 0,
  KMF: 0,
  KRW: 0,
  PYG: 0,
  RWF: 0,
  UGX: 0,
  VND: 0,
  VUV: 0,
  XAF: 0,
  XOF: 0,
  XPF: 0,
  BHD: 3,
  IQD: 3,
  JOD: 3,
  KWD: 3,
  LYD: 3,
  OMR: 3,
  TND: 3,
};

declare const code: unique symbol;
/** An ISO 4217 alphabetic code, upper case. */
export type Currency = string & { readonly [code]: true };

const known = new Set(Intl.supportedValuesOf('currency'));

/** The currency named by `text` in any case, or undefined where ISO 4217 has none. */
export const currency = (text: string): Currency | undefined => {
  // Letters beyond ASCII turn into ASCII ones in upper case: a dotless i into I.
  if (!/^[A-Za-z]{3}$/.test(text)) return undefined;
  const upper = text.toUpperCase();
  return known.has(upper) ? (upper as Currency) : undefined;
};

/** Decimals of the minor unit: 2 for USD, 0 for JPY, 3 for KWD. */
export const exponentOf = (currency: Currency): number => EXPONENTS[currency] ?? 2;
