/** Whose exchange rates value foreign money, in the configuration. */
import * as v from 'valibot';
import { section } from './section.ts';

export interface ExchangeRates {
  readonly provider: 'ecb' | 'none';
  readonly rate_type: 'reference';
}

export const exchangeRates: v.GenericSchema<
  { readonly [Key in keyof ExchangeRates]?: ExchangeRates[Key] | undefined },
  ExchangeRates
> = section({
  provider: v.optional(
    v.picklist(['ecb', 'none'], 'expected ecb (reference rates of the European Central Bank) or none'),
    'ecb',
  ),
  rate_type: v.optional(
    v.literal('reference', 'expected reference: the bank publishes no other; settled money has its own rate'),
    'reference',
  ),
});
