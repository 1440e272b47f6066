/** The smallest parts of a scenario; each refusal says what to write instead. */
import * as v from 'valibot';
import { currency } from '../money/currency.ts';
import { type CivilDate, civilDate } from '../time/civil-date.ts';

/** A plain decimal in its shortest form: `-14200`, `0.5`; so equal amounts are equal text. */
export type DecimalText = string;

const PLAIN_DECIMAL = /^-?\d{1,18}(\.\d{1,18})?$/;

const shortest = (text: string): DecimalText => {
  const negative = text.startsWith('-');
  const [whole = '0', fraction = ''] = text.replace('-', '').split('.');
  const digits = whole.replace(/^0+(?=\d)/, '');
  const decimals = fraction.replace(/0+$/, '');
  const magnitude = decimals === '' ? digits : `${digits}.${decimals}`;
  return negative && magnitude !== '0' ? `-${magnitude}` : magnitude;
};

const notText = ({ input }: { readonly input: unknown }): string =>
  typeof input === 'number'
    ? `is money: write it as a decimal string such as "${Number.isFinite(input) ? input : 0}", because JSON numbers round`
    : 'is money: write it as a decimal string such as "-14200.00"';

type Money = v.GenericSchema<string, DecimalText>;

/** Signed money. */
export const money: Money = v.pipe(
  v.string(notText),
  v.regex(
    PLAIN_DECIMAL,
    'must be a plain decimal such as "-14200.00": at most 18 digits on either side, no exponent',
  ),
  v.transform(shortest),
);

/** Money that is zero or more. */
export const moneyNotNegative: Money = v.pipe(
  money,
  v.check((text) => !text.startsWith('-'), 'must be "0" or more'),
);

export const date: v.GenericSchema<string, CivilDate> = v.pipe(
  v.string('must be a calendar date in the form "2026-01-31"'),
  v.check((text) => civilDate(text) !== undefined, 'must be a real calendar date in the form "2026-01-31"'),
  v.transform((text) => text as CivilDate),
);

type Count = v.GenericSchema<number, number>;

/** An integer from `min` to `max`. */
export const integer = (min: number, max: number): Count => {
  const message = `must be a whole number from ${min} to ${max}`;
  return v.pipe(
    v.number(message),
    v.safeInteger(message),
    v.minValue(min, message),
    v.maxValue(max, message),
  );
};

/** Finite and not negative. */
export const quantity: Count = v.pipe(
  v.number('must be a number that is 0 or more'),
  v.finite('must be a finite number'),
  v.minValue(0, 'must be a number that is 0 or more'),
);

export const probability: Count = v.pipe(
  v.number('must be a number from 0 to 1'),
  v.check((value) => value >= 0 && value <= 1, 'must be a number from 0 to 1'),
);

export const currencyCode: v.GenericSchema<string, string> = v.pipe(
  v.string('must be an ISO 4217 code such as "USD"'),
  v.check((text) => currency(text) !== undefined, 'must be an ISO 4217 code such as "USD"'),
  v.transform((text) => text.toUpperCase()),
);

/** Names and notes; never part of a calculation. */
export const text: v.GenericSchema<string, string> = v.pipe(
  v.string('must be text'),
  v.minLength(1, 'must not be empty; leave it out instead'),
  v.maxLength(200, 'must be at most 200 characters long'),
);
