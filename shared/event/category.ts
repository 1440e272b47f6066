/** Categories that say more than what money was for: cash holds them, the pattern of spending and earning does not. */

/** What an account held before the first day that is told. */
export const OPENING_BALANCE = 'opening_balance';
/** Money raised: it is no income, and it does not come again by itself. */
export const FUNDING = 'funding';

/** One end of an exchange between own accounts in two currencies: neither earned nor spent. */
export const FX_CONVERSION = 'fx_conversion';

/** A category as its stable key: lower case, words joined by `_`; empty where the name has no letter or digit. */
export const categoryOf = (name: string): string =>
  name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '_')
    .replace(/^_+|_+$/g, '');

const PAYEE_LENGTH_MAX = 40;

/** Who was paid, as a stable key: words with digits in them (references, dates, store numbers) change from payment to payment. */
export const payeeOf = (counterparty: string = ''): string =>
  categoryOf(counterparty.replace(/\S*\d\S*/g, ' ')).slice(0, PAYEE_LENGTH_MAX);
