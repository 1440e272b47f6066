import { OPENING_BALANCE } from './category.ts';
import type { CashFact } from './fact.ts';

/** Sources that tell a bank's own lines, the better one first: where one covers a day of an account, no other is needed. */
export const BANK_FEEDS = ['plaid', 'csv'] as const;

/** Sources that tell what they take from a bank account: once a bank tells its lines, they only explain them. */
export const PAYERS = ['payroll', 'gusto'] as const;

/**
 * Sources that state what they will have paid and never from where: what no connected account is seen to pay may be paid by a
 * card that is not, whose own bills hold it already.
 */
const BILLERS = ['aws', 'gcp'];

export const isBiller = (source: string): boolean => BILLERS.includes(source);
export const isBankFeed = (source: string): boolean => (BANK_FEEDS as readonly string[]).includes(source);
export const isPayer = (source: string): boolean => (PAYERS as readonly string[]).includes(source);

/** Whether what a source tells may be the other end of what another one does. */
export const isMatched = (source: string): boolean => isBankFeed(source) || isPayer(source);

/** What there was before anything was told: no feed covers it, whoever says it. */
export const OPENING = 'opening';

/** Whose word a fact is. */
export const tellerOf = ({ source, lines }: Pick<CashFact, 'source' | 'lines'>): string =>
  lines.every(({ category }) => category === OPENING_BALANCE) ? OPENING : source;
