import type { Statement } from '../event/statement.ts';
import type { Minor } from '../money/money.ts';
import { addBusinessDays } from '../time/business-days.ts';
import { addDays, type CivilDate, daysBetween } from '../time/civil-date.ts';
import { type Line, linesByAmount } from './line.ts';
import { oneToOne } from './one-to-one.ts';

export type PayoutStatement = Statement<'payout'>;

/** Business days after its arrival by which a payout is in the bank's lines. */
export const ARRIVAL_BUSINESS_DAYS = 5;
/** A payout that the bank refuses goes back within two weeks. */
const RETURN_BUSINESS_DAYS = 10;

/** Not `pinstripe`. */
const STRIPE = /(?:^|[^A-Z])STRIPE/;
const TRACE = 4;
const TEXT = 2;

const RETURNED = /\b(RETURN|RETURNED|REVERSAL|REVERSED|REJECT|REJECTED)\b/;

const namesStripe = ({ text }: Line): boolean => STRIPE.test(text);

/** Whether the bank gives back what Stripe had paid out, in so many words. What else Stripe debits are its fees. */
export const isReturn = (line: Line): boolean =>
  line.amountMinor < 0n && namesStripe(line) && RETURNED.test(line.text);

export interface MatchedPayouts {
  /** The bank's lines that are one end of a payout, by their keys. */
  readonly lines: ReadonlyMap<string, PayoutStatement>;
  /** Keys of the payouts whose money the bank shows. */
  readonly arrived: ReadonlySet<string>;
  /** Keys of payouts whose money the bank shows to have gone back; the bank may know it before Stripe says so. */
  readonly returned: ReadonlySet<string>;
}

interface Expectation {
  readonly payout: PayoutStatement;
  readonly amountMinor: Minor;
  readonly from: CivilDate;
  readonly to: CivilDate;
  readonly around: CivilDate;
}

const scoreOf = ({ body: { traceId } }: PayoutStatement, line: Line): number =>
  (traceId !== undefined && traceId !== '' && line.text.includes(traceId.toUpperCase()) ? TRACE : 0) +
  (namesStripe(line) ? TEXT : 0);

const matched = (
  expectations: readonly Expectation[],
  lines: readonly Line[],
  accountOf: (destination: string) => string | undefined,
  scoreLeast: (payout: PayoutStatement) => number = () => 0,
): ReadonlyMap<string, Line> => {
  if (expectations.length === 0) return new Map();
  const having = linesByAmount(lines);
  const candidates = expectations.flatMap(({ payout, amountMinor, from, to, around }) => {
    const { currency, destination } = payout.body;
    const account = destination === undefined ? undefined : accountOf(destination);
    return having(currency, amountMinor)
      .filter(
        ({ date, movement }) =>
          date >= from && date <= to && (account ?? movement.account) === movement.account,
      )
      .map((line) => ({
        left: payout.key,
        right: line.movement.key,
        score: scoreOf(payout, line),
        gapDays: Math.abs(daysBetween(around, line.date)),
        line,
      }))
      .filter(({ score }) => score >= scoreLeast(payout));
  });
  return new Map(oneToOne(candidates).map(({ left, line }) => [left, line]));
};

/** Finds the bank's lines of payouts, and of those that came back. A top-up is a payout the other way round. */
export const matchPayouts = (
  payouts: readonly PayoutStatement[],
  lines: readonly Line[],
  accountOf: (destination: string) => string | undefined,
): MatchedPayouts => {
  const sent = payouts.filter(({ body }) => body.status !== 'canceled');
  const arrivals = matched(
    sent.map((payout) => {
      const { amountMinor, arrivalDate } = payout.body;
      return {
        payout,
        amountMinor,
        from: addDays(arrivalDate, -1),
        to: addBusinessDays(arrivalDate, ARRIVAL_BUSINESS_DAYS),
        around: arrivalDate,
      };
    }),
    lines,
    accountOf,
  );
  const taken = new Set([...arrivals.values()].map(({ movement }) => movement.key));
  const returns = matched(
    sent.flatMap((payout) => {
      const arrival = arrivals.get(payout.key);
      if (arrival === undefined) return [];
      const { date } = arrival;
      const to = addBusinessDays(date, RETURN_BUSINESS_DAYS);
      return [{ payout, amountMinor: -payout.body.amountMinor, from: date, to, around: date }];
    }),
    lines.filter(({ movement }) => !taken.has(movement.key)),
    accountOf,
    ({ body: { status } }) => (status === 'failed' ? 0 : TEXT),
  );
  const byKey = new Map(payouts.map((payout) => [payout.key, payout]));
  const lineOf = ([key, { movement }]: [string, Line]): [string, PayoutStatement][] => {
    const payout = byKey.get(key);
    return payout === undefined ? [] : [[movement.key, payout]];
  };
  return {
    lines: new Map([...arrivals, ...returns].flatMap(lineOf)),
    arrived: new Set(arrivals.keys()),
    returned: new Set(returns.keys()),
  };
};
