/** Money between Stripe and the bank that has waited too long for its other side. */
import type { Currency } from '../money/currency.ts';
import type { Minor } from '../money/money.ts';
import { addBusinessDays } from '../time/business-days.ts';
import type { CivilDate } from '../time/civil-date.ts';
import type { Authorities } from './authority.ts';
import type { Line } from './line.ts';
import { ARRIVAL_BUSINESS_DAYS, type MatchedPayouts, type PayoutStatement } from './payouts.ts';

/** A deposit that names Stripe and answers to no payout known yet: not income, and not to be forgotten. */
export const SUSPENSE = 'suspense:stripe';
const SUSPENSE_BUSINESS_DAYS = 3;

export interface Waiting {
  /** A deposit without a payout; a payout without a deposit; one that failed, whose deposit the bank shows as kept. */
  readonly kind: 'suspense' | 'late' | 'kept';
  /** Of the bank's line, or of the payout. */
  readonly key: string;
  readonly date: CivilDate;
  readonly currency: Currency;
  readonly amountMinor: Minor;
}

interface Looked {
  readonly lines: readonly Line[];
  readonly places: ReadonlyMap<string, string>;
  readonly payouts: readonly PayoutStatement[];
  readonly matched: MatchedPayouts;
  readonly authority: Authorities;
  readonly asOf: CivilDate;
}

const suspended = ({ lines, places, asOf }: Looked): readonly Waiting[] =>
  lines
    .filter(
      ({ date, movement }) =>
        places.get(movement.key) === SUSPENSE && addBusinessDays(date, SUSPENSE_BUSINESS_DAYS) < asOf,
    )
    .map(({ date, movement: { key, currency }, amountMinor }) => ({
      ...{ kind: 'suspense' as const, key, date, currency, amountMinor },
    }));

const isLate = (
  { key, body: { arrivalDate, status } }: PayoutStatement,
  { matched, authority, asOf }: Looked,
): boolean => {
  if (matched.arrived.has(key)) return false;
  const by = addBusinessDays(arrivalDate, ARRIVAL_BUSINESS_DAYS);
  const isSent = status !== 'failed' && status !== 'canceled';
  const isOpened = authority.openedThrough !== undefined && arrivalDate <= authority.openedThrough;
  return isSent && !isOpened && by < asOf && authority.bankCovers(arrivalDate) && authority.bankCovers(by);
};

const isKept = (
  { key, body: { arrivalDate, status } }: PayoutStatement,
  { matched, asOf }: Looked,
): boolean =>
  status === 'failed' &&
  matched.arrived.has(key) &&
  !matched.returned.has(key) &&
  addBusinessDays(arrivalDate, 2 * ARRIVAL_BUSINESS_DAYS) < asOf;

export const waitingIn = (looked: Looked): readonly Waiting[] => {
  const ofKind = (kind: 'late' | 'kept', is: typeof isLate): readonly Waiting[] =>
    looked.payouts
      .filter((payout) => is(payout, looked))
      .map(({ key, body: { arrivalDate, currency, amountMinor } }) => ({
        ...{ kind, key, date: arrivalDate, currency: currency as Currency, amountMinor },
      }));
  return [...suspended(looked), ...ofKind('late', isLate), ...ofKind('kept', isKept)];
};
