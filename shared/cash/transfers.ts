import { daysBetween } from '../time/civil-date.ts';
import { type Line, linesByAmount } from './line.ts';
import { oneToOne } from './one-to-one.ts';

/** Days that money may be on its way between two banks. */
const DAYS_BETWEEN = 3;

const CATEGORY = /^(transfer|transfer_in|transfer_out|internal_transfer|loan_payments|credit_card_payment)$/;
const TEXT =
  /\b(TRANSFER|XFER|TRF|SWEEP|AUTOPAY|CREDIT CARD|CARD PAYMENT|CARDMEMBER|EPAY|E-PAYMENT|PAYMENT THANK YOU|ONLINE PAYMENT)\b/;

/** Whether a line says that it goes to, or comes from, another account of the same owner. */
export const hints = ({ movement, text }: Line): number =>
  (movement.lines.some(({ category }) => CATEGORY.test(category)) ? 1 : 0) + (TEXT.test(text) ? 1 : 0);

/**
 * Keys of lines that are two ends of one transfer between own accounts: equal and opposite, on two accounts, days apart, and
 * at least one of them says so. Paying the bill of a card that is connected is one of them.
 */
export const matchTransfers = (lines: readonly Line[]): ReadonlySet<string> => {
  if (new Set(lines.map(({ movement }) => movement.account)).size < 2) return new Set();
  const having = linesByAmount(lines);
  const candidates = lines
    .filter(({ amountMinor }) => amountMinor < 0n)
    .flatMap((out) =>
      having(out.movement.currency, -out.amountMinor).flatMap((into) => {
        if (into.movement.account === out.movement.account) return [];
        const gapDays = Math.abs(daysBetween(out.date, into.date));
        const score = gapDays > DAYS_BETWEEN ? 0 : hints(out) + hints(into);
        return score === 0 ? [] : [{ left: out.movement.key, right: into.movement.key, score, gapDays }];
      }),
    );
  return new Set(oneToOne(candidates).flatMap(({ left, right }) => [left, right]));
};
