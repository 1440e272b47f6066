import { isBiller } from '../event/source.ts';
import { addBusinessDays } from '../time/business-days.ts';
import type { CivilDate } from '../time/civil-date.ts';
import type { Authorities } from './authority.ts';
import { type CommitmentStatement, type Commitments, SETTLE_BUSINESS_DAYS } from './commitments.ts';

export interface PaidUnseen {
  /** Sources whose commitments are not to be expected. */
  readonly sources: ReadonlySet<string>;
  /** Which, and why, as sentences. */
  readonly notes: readonly string[];
}

const isDemand = ({ body }: CommitmentStatement): boolean => body.amountMinor < 0n;

/**
 * Sources that say what they will have paid, while no account that is told pays it: an invoice fell due on a day that a bank
 * tells, and neither it nor any other of its source was found there. Whatever pays it is in the ledger already, by a card's
 * bill or in another currency, and would count a second time. One payment that is found says how the others will be. Where no
 * bank tells anything, nothing can be found, and what is told of costs by other means is all there is.
 */
export const paidUnseen = (
  { open, settled }: Commitments,
  { bankCovers }: Authorities,
  hasBank: boolean,
  asOf: CivilDate,
): PaidUnseen => {
  const seen = new Set(settled.map(([{ source }]) => source));
  const missed = open.filter((each) => {
    if (!isBiller(each.source) || seen.has(each.source) || !isDemand(each)) return false;
    const by = addBusinessDays(each.body.dueDate, SETTLE_BUSINESS_DAYS);
    return !hasBank || (by < asOf && bankCovers(each.body.dueDate) && bankCovers(by));
  });
  const sources = [...new Set(missed.map(({ source }) => source))].sort();
  return {
    sources: new Set(sources),
    notes: sources.map((source) => {
      const name = missed.find((each) => each.source === source)?.body.counterparty ?? source;
      return hasBank
        ? `no payment of an invoice of ${name} is found among the lines of the bank: its invoices are not expected as payments of their own`
        : `no bank is connected that would show what pays ${name}: its invoices are not expected as payments of their own`;
    }),
  };
};
