import type { DayAggregate } from '../aggregate/day.ts';
import { isBankFeed, isMatched } from '../event/source.ts';
import { FAILED_DEBIT } from '../event/statement.ts';
import type { Currency } from '../money/currency.ts';
import { decimalOf, type Minor } from '../money/money.ts';
import type { Authorities } from './authority.ts';
import type { CommitmentStatement } from './commitments.ts';
import type { Line } from './line.ts';
import { ARRIVAL_BUSINESS_DAYS } from './payouts.ts';
import type { Waiting } from './waiting.ts';

/** Category of Stripe transactions of a type that nobody here knows. */
const UNCLASSIFIED = 'stripe_unclassified';

interface Looked {
  readonly days: readonly DayAggregate[];
  readonly commitments: readonly CommitmentStatement[];
  readonly waiting: readonly Waiting[];
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

const suspended = (waiting: readonly Waiting[]): readonly string[] => {
  const old = waiting.filter(({ kind }) => kind === 'suspense');
  return old.length === 0
    ? []
    : [
        `${several(old.length, 'deposit', 'deposits')} from Stripe (${sumOf(old)}) ${old.length === 1 ? 'answers' : 'answer'} to no payout that Stripe told of: not counted as income`,
      ];
};

const missing = (waiting: readonly Waiting[]): readonly string[] => {
  const late = waiting.filter(({ kind }) => kind === 'late');
  return late.length === 0
    ? []
    : [
        `${several(late.length, 'payout', 'payouts')} from Stripe (${sumOf(late)}) ${late.length === 1 ? 'has' : 'have'} not reached the bank ${ARRIVAL_BUSINESS_DAYS} business days after ${late.length === 1 ? 'its' : 'their'} day`,
      ];
};

const kept = (waiting: readonly Waiting[]): readonly string[] => {
  const unreturned = waiting.filter(({ kind }) => kind === 'kept');
  return unreturned.length === 0
    ? []
    : [
        `${several(unreturned.length, 'payout', 'payouts')} (${sumOf(unreturned)}) failed at Stripe, but the bank shows the money as kept`,
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
  ...suspended(looked.waiting),
  ...missing(looked.waiting),
  ...kept(looked.waiting),
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
