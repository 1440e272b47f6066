/** What AWS says is left of an account's credits. */
import * as v from 'valibot';
import { NEVER_ENDS } from '../../cloud/credits.ts';
import type { CreditGrant } from '../../contract/tenant.ts';
import { addDays, type CivilDate, civilDate, civilDateIn } from '../../time/civil-date.ts';
import { plainDecimal } from '../decimal.ts';

const amount = v.object({
  currencyAmount: v.pipe(
    v.string(),
    v.transform((text) => plainDecimal(text)),
    v.string('is no amount'),
  ),
  currencyCode: v.pipe(v.string(), v.regex(/^[A-Z]{3}$/)),
});
const seconds = v.pipe(v.number(), v.minValue(0), v.maxValue(1e11));
const credit = v.object({
  creditId: v.pipe(v.string(), v.regex(/^\d{1,32}$/)),
  remainingAmount: amount,
  /** With what open bills will take of it. */
  estimatedAmount: v.nullish(amount),
  startDate: v.nullish(seconds),
  endDate: v.nullish(seconds),
  creditStatus: v.nullish(v.string()),
});

/** A bill is closed by this day of the next month. */
const CLOSED_DAY = 8;

const dayOf = (at: number): CivilDate => civilDateIn('UTC', at * 1_000);

/** The last day of the latest month whose bill is closed. */
const lastClosed = (today: CivilDate): CivilDate => {
  const first = civilDate(`${today.slice(0, 7)}-01`) ?? today;
  const before = addDays(first, -1);
  if (Number(today.slice(8)) >= CLOSED_DAY) return before;
  return addDays(civilDate(`${before.slice(0, 7)}-01`) ?? before, -1);
};

interface Read {
  readonly grants: readonly CreditGrant[];
  readonly unreadable: readonly string[];
}

/** Lots that bills may take from now. What was left at the last closed bill counts as of then, without what was taken since. */
export const readCredits = (credits: readonly unknown[], today: CivilDate): Read => {
  const unreadable: string[] = [];
  const grants = credits.flatMap((part): CreditGrant[] => {
    const parsed = v.safeParse(credit, part);
    if (!parsed.success) {
      unreadable.push(v.getDotPath(parsed.issues[0]) ?? 'credit');
      return [];
    }
    const { creditId, remainingAmount, estimatedAmount, startDate, endDate, creditStatus } = parsed.output;
    const isYetToBegin = typeof startDate === 'number' && dayOf(startDate) > today;
    if (creditStatus === 'DISABLED' || isYetToBegin) return [];
    const { currencyAmount, currencyCode } = estimatedAmount ?? remainingAmount;
    return [
      {
        id: creditId,
        remaining: currencyAmount.startsWith('-') ? '0' : currencyAmount,
        currency: currencyCode,
        asOf: estimatedAmount ? today : lastClosed(today),
        expiresOn: typeof endDate === 'number' ? dayOf(endDate) : NEVER_ENDS,
      },
    ];
  });
  return { grants, unreadable };
};
