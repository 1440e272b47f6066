import type { DayAggregate } from '../aggregate/day.ts';
import { isBankFeed, isMatched } from '../event/source.ts';
import { FAILED_DEBIT } from '../event/statement.ts';
import type { Currency } from '../money/currency.ts';
import { decimalOf, type Minor } from '../money/money.ts';
import { addBusinessDays } from '../time/business-days.ts';
import type { CivilDate } from '../time/civil-date.ts';
import type { Authorities } from './authority.ts';
import type { CommitmentStatement } from './commitments.ts';
import type { Line } from './line.ts';
import { ARRIVAL_BUSINESS_DAYS, type MatchedPayouts, type PayoutStatement } from './payouts.ts';

/** Category of Stripe transactions of a type that nobody here knows. */
const UNCLASSIFIED = 'stripe_unclassified';
const SUSPENSE_BUSINESS_DAYS = 3;

interface Looked {
  readonly days: readonly DayAggregate[];
  readonly lines: readonly Line[];
  readonly places: ReadonlyMap<string, string>;
  readonly payouts: readonly PayoutStatement[];
  readonly commitments: readonly CommitmentStatement[];
  readonly matched: MatchedPayouts;
  readonly authority: Authorities;
  readonly asOf: CivilDate;
}

interface Amount {
  readonly currency: Currency;
  readonly amountMinor: Minor;
}

/** `USD 12.00 and EUR 3.00` */
const sumOf = (amounts: readonly Amount[]): string =>
  [...Map.groupBy(amounts, ({ currency }) => currency)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([currency, of]) =>
        `${currency} ${decimalOf(
          of.reduce((sum, each) => sum + each.amountMinor, 0n),
          currency,
        )}`,
    )
    .join(' and ');

const several = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;

const suspended = ({ lines, places, asOf }: Looked): readonly string[] => {
  const old = lines.filter(
    ({ date, movement }) =>
      places.get(movement.key) === 'suspense:stripe' && addBusinessDays(date, SUSPENSE_BUSINESS_DAYS) < asOf,
  );
  const amounts = old.map(({ movement, amountMinor }) => ({ currency: movement.currency, amountMinor }));
  return old.length === 0
    ? []
    : [
        `${several(old.length, 'deposit', 'deposits')} from Stripe (${sumOf(amounts)}) ${old.length === 1 ? 'answers' : 'answer'} to no payout that Stripe told of: not counted as income`,
      ];
};

const amountsOf = (payouts: readonly PayoutStatement[]): readonly Amount[] =>
  payouts.map(({ body }) => ({ currency: body.currency as Currency, amountMinor: body.amountMinor }));

const missing = ({ payouts, matched, authority, asOf }: Looked): readonly string[] => {
  const late = payouts.filter(({ key, body: { arrivalDate, status } }) => {
    if (matched.arrived.has(key)) return false;
    const by = addBusinessDays(arrivalDate, ARRIVAL_BUSINESS_DAYS);
    const isSent = status !== 'failed' && status !== 'canceled';
    const isOpened = authority.openedThrough !== undefined && arrivalDate <= authority.openedThrough;
    return isSent && !isOpened && by < asOf && authority.bankCovers(arrivalDate) && authority.bankCovers(by);
  });
  return late.length === 0
    ? []
    : [
        `${several(late.length, 'payout', 'payouts')} from Stripe (${sumOf(amountsOf(late))}) ${late.length === 1 ? 'has' : 'have'} not reached the bank ${ARRIVAL_BUSINESS_DAYS} business days after ${late.length === 1 ? 'its' : 'their'} day`,
      ];
};

const kept = ({ payouts, matched, asOf }: Looked): readonly string[] => {
  const unreturned = payouts.filter(
    ({ key, body: { status, arrivalDate } }) =>
      status === 'failed' &&
      matched.arrived.has(key) &&
      !matched.returned.has(key) &&
      addBusinessDays(arrivalDate, 2 * ARRIVAL_BUSINESS_DAYS) < asOf,
  );
  return unreturned.length === 0
    ? []
    : [
        `${several(unreturned.length, 'payout', 'payouts')} (${sumOf(amountsOf(unreturned))}) failed at Stripe, but the bank shows the money as kept`,
      ];
};

const unclassified = ({ days }: Looked): readonly string[] =>
  days.some(({ flows }) => flows.some(({ category }) => category === UNCLASSIFIED))
    ? [
        'Stripe told of transactions of a type that is not known here: counted as they are, under stripe_unclassified',
      ]
    : [];

const turnedDown = ({ commitments }: Looked): readonly string[] => {
  const open = commitments.filter(({ body }) => body.leg === FAILED_DEBIT && body.status === 'expected');
  return [...Map.groupBy(open, ({ source, body }) => body.counterparty ?? source)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([who, of]) => {
      const amounts = of.map(({ body }) => ({
        currency: body.currency as Currency,
        amountMinor: -body.amountMinor,
      }));
      return `${who} could not debit ${sumOf(amounts)} from the bank account: counted as still to leave within days. Clear it up with ${who}; until then it may run no payroll`;
    });
};

/** What may make the total wrong. Sentences change with what they tell of, not with the hour. */
export const attentionTo = (looked: Looked): readonly string[] => [
  ...suspended(looked),
  ...missing(looked),
  ...kept(looked),
  ...turnedDown(looked),
  ...unclassified(looked),
];

/** Which bank lines are kept but not counted, because another source is the authority of their days. */
export const notesOn = (
  days: readonly DayAggregate[],
  lines: readonly Line[],
  { bankCovers }: Authorities,
): readonly string[] => {
  const counted = new Set(lines.map(({ movement }) => movement.key));
  const overruled = days.flatMap(({ date, movements }) =>
    movements
      .filter(({ key, source }) => isMatched(source) && !counted.has(key))
      .map(({ account, source }) => ({ date, account, source })),
  );
  const groups = [...Map.groupBy(overruled, ({ account, source }) => `${source}|${account}`)];
  return groups
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, of]) => {
      const dates = of.map(({ date }) => date).sort();
      const [first] = of;
      const what = several(of.length, 'line', 'lines');
      const because =
        first !== undefined && isBankFeed(first.source) && bankCovers(first.date)
          ? 'another feed of the account covers these days'
          : 'the bank itself tells these days';
      return `${what} of ${first?.account} told by ${first?.source} from ${dates[0]} to ${dates.at(-1)} ${of.length === 1 ? 'is' : 'are'} kept and not counted: ${because}`;
    });
};
