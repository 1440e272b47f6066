/**
 * Counts each dollar once. Sources tell the same money from several sides, and no side knows of the others; so this looks at
 * all that was told, and says which line counts and where it came from. A function of the set of tellings: neither their
 * order nor the day on which one arrived can matter.
 */
import { type AccountDelta, type DayAggregate, type Movement, tally, totalOf } from '../aggregate/day.ts';
import { EXTERNAL, STRIPE_TRANSIT } from '../event/account.ts';
import { FX_CONVERSION, payeeOf } from '../event/category.ts';
import { isBankFeed, isMatched } from '../event/source.ts';
import { FAILED_DEBIT } from '../event/statement.ts';
import type { RateBook } from '../fx/rates.ts';
import type { Currency } from '../money/currency.ts';
import type { Minor } from '../money/money.ts';
import type { CivilDate } from '../time/civil-date.ts';
import { attentionTo, notesOn } from './attention.ts';
import { type Authorities, authorities, type CashSettings } from './authority.ts';
import { type CommitmentStatement, type Commitments, matchCommitments } from './commitments.ts';
import { matchConversions } from './conversions.ts';
import { type Line, lineOf } from './line.ts';
import { paidUnseen } from './paid-unseen.ts';
import { isReturn, type MatchedPayouts, matchPayouts, type PayoutStatement } from './payouts.ts';
import { matchTransfers } from './transfers.ts';
import { SUSPENSE, type Waiting, waitingIn } from './waiting.ts';

/** Where payouts went that no bank tells of. */
const UNOBSERVED = 'bank:unobserved';
const OWN_TRANSFER = 'transit:own';
/** What a deposit from Stripe was for, where Stripe itself tells nothing. */
const REVENUE = 'revenue';

export interface Told {
  readonly days: readonly DayAggregate[];
  readonly payouts: readonly PayoutStatement[];
  readonly commitments: readonly CommitmentStatement[];
  /** What money of one currency is worth in another, where that is known. */
  readonly rates?: RateBook;
}

/** A payment that is to come, as its source says. */
export interface ExpectedPayment {
  readonly id: string;
  readonly dueDate: CivilDate;
  readonly amountMinor: Minor;
  readonly currency: string;
  /** What the bank called the last payment of its kind. */
  readonly stream?: string;
  readonly label: string;
  /** Set where it comes beside what its rhythm names, and takes the place of none of it. */
  readonly isBeside?: true;
  /** Set where it is told in another currency than it is stated in here. */
  readonly isForeign?: true;
}

export interface Counted {
  /** The same days, with `accounts` and `flows` as they count. */
  readonly days: readonly DayAggregate[];
  /** What has to be moved between places besides. */
  readonly moved: readonly AccountDelta[];
  readonly expected: readonly ExpectedPayment[];
  /** What has waited too long for its other side, by name. */
  readonly waiting: readonly Waiting[];
  /** Why the total may be wrong, as sentences. */
  readonly attention: readonly string[];
  /** What was left out and why, as sentences. */
  readonly notes: readonly string[];
}

const countedLines = (days: readonly DayAggregate[], { counts }: Authorities): readonly Line[] =>
  days.flatMap(({ date, movements }) =>
    movements
      .filter((movement) => isMatched(movement.source) && counts(movement, date))
      .map((movement) => lineOf(date, movement)),
  );

/**
 * Where a bank's line counts as coming from. A payout from before Stripe told anything has no other side: its deposit is what
 * was earned.
 */
const placesOf = (
  lines: readonly Line[],
  payouts: MatchedPayouts,
  { stripeFrom }: Authorities,
  rates: RateBook,
): ReadonlyMap<string, string> => {
  const places = new Map<string, string>();
  for (const line of lines) {
    const { date, movement } = line;
    if (!isBankFeed(movement.source)) continue;
    const { key, counterAccount } = movement;
    const isTold = (day: CivilDate): boolean => stripeFrom !== undefined && day >= stripeFrom;
    const payout = payouts.lines.get(key);
    const isStripes = isTold(date);
    if (payout !== undefined) places.set(key, isTold(payout.date) ? STRIPE_TRANSIT : EXTERNAL);
    else if (counterAccount === STRIPE_TRANSIT) places.set(key, isStripes ? SUSPENSE : EXTERNAL);
    else if (isStripes && isReturn(line)) places.set(key, SUSPENSE);
  }
  const external = lines.filter(
    ({ movement }) =>
      isBankFeed(movement.source) &&
      (places.get(movement.key) ?? movement.counterAccount) === EXTERNAL &&
      movement.counterAccount === EXTERNAL,
  );
  for (const key of matchTransfers(external)) places.set(key, OWN_TRANSFER);
  const unmatched = external.filter(({ movement }) => !places.has(movement.key));
  for (const key of matchConversions(unmatched, rates)) places.set(key, FX_CONVERSION);
  return places;
};

const placed = (movement: Movement, place: string | undefined): Movement => {
  if (place === undefined || place === movement.counterAccount) return movement;
  // Each currency gains or loses for good, but what was exchanged is neither income nor expense.
  if (place === FX_CONVERSION)
    return { ...movement, lines: [{ category: FX_CONVERSION, amountMinor: totalOf(movement) }] };
  const lines =
    place === EXTERNAL
      ? movement.lines.map(({ amountMinor }) => ({ category: REVENUE, amountMinor }))
      : movement.lines;
  return { ...movement, counterAccount: place, lines };
};

const countedDays = (
  days: readonly DayAggregate[],
  lines: readonly Line[],
  places: ReadonlyMap<string, string>,
  { countsSource }: Authorities,
): readonly DayAggregate[] => {
  const counted = new Set(lines.map(({ movement }) => movement.key));
  return days.map((day) => {
    const { date, movements } = day;
    const stands = ({ account, source }: { account: string; source: string }): boolean =>
      !isMatched(source) && countsSource(account, source, date);
    const isAsTold =
      movements.every(({ key, source }) => !isMatched(source) || (counted.has(key) && !places.has(key))) &&
      day.accounts.every((each) => isMatched(each.source) || stands(each));
    if (isAsTold) return day;
    const lines = tally(
      movements.filter(({ key }) => counted.has(key)).map((each) => placed(each, places.get(each.key))),
    );
    return {
      ...day,
      accounts: [...day.accounts.filter(stands), ...lines.accounts],
      flows: [...day.flows.filter(stands), ...lines.flows],
    };
  });
};

/**
 * Payouts that arrived where no bank tells of it. Those that an opening balance of the bank holds already would count a
 * second time; the others have only gone from one place to another.
 */
const unobserved = (
  days: readonly DayAggregate[],
  payouts: readonly PayoutStatement[],
  { arrived }: MatchedPayouts,
  { bankCovers, openedThrough }: Authorities,
  asOf: CivilDate,
): readonly AccountDelta[] => {
  const sent = new Set(
    days.flatMap(({ movements }) =>
      movements.filter(({ source }) => !isMatched(source)).map(({ key }) => key),
    ),
  );
  return payouts.flatMap(({ key, source, body }): AccountDelta[] => {
    const { amountMinor, arrivalDate, status, transaction } = body;
    if (arrived.has(key) || status === 'failed' || status === 'canceled' || arrivalDate > asOf) return [];
    if (transaction === undefined || !sent.has(transaction)) return [];
    const currency = body.currency as Currency;
    const gone = { account: STRIPE_TRANSIT, currency, source, deltaMinor: -amountMinor };
    if (openedThrough !== undefined && arrivalDate <= openedThrough) return [gone];
    if (bankCovers(arrivalDate)) return [];
    return [gone, { account: UNOBSERVED, currency, source, deltaMinor: amountMinor }];
  });
};

const labelOf = ({ source, body: { counterparty, leg } }: CommitmentStatement): string =>
  `${counterparty ?? source} ${leg}`;

const kindOf = ({ source, body: { leg } }: CommitmentStatement): string => `${source}|${leg}`;

/** The stream of a line, as the forecast names it. */
const streamOf = ({ movement }: Line): string => {
  const payee = payeeOf(movement.counterparty);
  const category = movement.lines[0]?.category ?? '';
  return payee === '' ? category : `${category}/${payee}`;
};

const expectedOf = ({ open, settled }: Commitments): readonly ExpectedPayment[] => {
  const streams = new Map(
    settled
      .toSorted(([, a], [, b]) =>
        a.date < b.date ? -1 : a.date > b.date ? 1 : a.movement.key < b.movement.key ? -1 : 1,
      )
      .map(([commitment, line]) => [kindOf(commitment), streamOf(line)]),
  );
  return open.map((each) => {
    const { dueDate, amountMinor, currency } = each.body;
    const stream = streams.get(kindOf(each));
    return {
      id: each.key,
      dueDate,
      amountMinor,
      currency,
      ...(stream !== undefined && { stream }),
      label: labelOf(each),
      ...(each.body.leg === FAILED_DEBIT && { isBeside: true }),
    };
  });
};

/** @param asOf the accounting day. */
export const countOnce = (told: Told, settings: CashSettings, asOf: CivilDate): Counted => {
  const { days, commitments } = told;
  const payouts = told.payouts.filter(({ body }) => body.amountMinor !== 0n);
  const authority = authorities(days, settings);
  const lines = countedLines(days, authority);
  const bankLines = lines.filter(({ movement }) => isBankFeed(movement.source));
  const destinations = new Map(
    (settings.accounts ?? []).map(({ stripeDestination, account }) => [stripeDestination, account]),
  );
  const matched = matchPayouts(payouts, bankLines, (destination) => destinations.get(destination));
  const places = placesOf(lines, matched, authority, told.rates ?? new Map());
  const external = bankLines.filter(
    ({ movement: { key, counterAccount } }) => (places.get(key) ?? counterAccount) === EXTERNAL,
  );
  const keys = new Set(lines.map(({ movement }) => movement.key));
  const owed = matchCommitments(commitments, external, keys);
  const waiting = waitingIn({ lines, places, payouts, matched, authority, asOf });
  const unseen = paidUnseen(owed, authority, bankLines.length > 0, asOf);
  return {
    days: countedDays(days, lines, places, authority),
    moved: unobserved(days, payouts, matched, authority, asOf),
    expected: expectedOf({ ...owed, open: owed.open.filter(({ source }) => !unseen.sources.has(source)) }),
    waiting,
    attention: attentionTo({ days, commitments, waiting }),
    notes: [...notesOn(days, lines, authority), ...unseen.notes],
  };
};
