import type { Currency } from '../../shared/money/currency.ts';
import { decimalOf } from '../../shared/money/money.ts';
import type { PlanItem } from '../../shared/scenario/items.ts';
import { addDays } from '../../shared/time/civil-date.ts';
import type { CloudCredits } from './cloud.ts';
import type { Window } from './window.ts';
import type { DemoPlanItem } from './world.ts';

const USD = 'USD' as Currency;
const CREDITS_ID = 'aws-activate-';

const dollars = (amountMinor: number): string => decimalOf(BigInt(amountMinor), USD);

const recurring = { jitter_std: '0', business_day: 'previous', holidays: [] } as const;

/** The day a company was made for, where this is the id of its credit lot: the lot is stated as of that day. */
export const dayInPlanId = (id: string): string | undefined =>
  id.startsWith(CREDITS_ID) ? id.slice(CREDITS_ID.length) : undefined;

/**
 * What the ledger cannot show yet. The credit lot comes first: its id tells which day's company a ledger holds. Nothing
 * here has been paid before, since a payment both planned and seen in the ledger would count twice.
 */
export const demoPlan = (window: Window, credits: CloudCredits): readonly DemoPlanItem[] => {
  const { today } = window;
  const items: readonly (PlanItem & { readonly id: string })[] = [
    {
      kind: 'credit',
      id: `${CREDITS_ID}${today}`,
      label: 'AWS Activate credits',
      remaining: dollars(credits.remainingMinor),
      expires_on: credits.expiresOn,
      daily_gross_cost: dollars(credits.dailyMinor),
    },
    {
      kind: 'tranche',
      id: 'series-a-second-close',
      label: 'Series A, second close: on 1.5 M of ARR',
      date: addDays(today, 112),
      amount: '2000000.00',
      probability: 0.6,
      delay_days: { kind: 'gamma', mean: 24, std: 21 },
    },
    {
      kind: 'recurring',
      id: 'two-account-executives',
      label: 'Two account executives who start now, with taxes and benefits',
      every: 'semi-monthly',
      days: [-1, 15],
      amount: '-10480.00',
      ...recurring,
    },
    {
      kind: 'recurring',
      id: 'franchise-tax',
      label: 'Delaware franchise tax, quarterly from this year on',
      every: 'quarterly',
      month: 3,
      day: 1,
      amount: '-11250.00',
      ...recurring,
    },
    {
      kind: 'scheduled',
      id: 'office-deposit',
      label: 'Deposit for the larger office',
      date: addDays(today, 76),
      amount: '-54300.00',
    },
    {
      kind: 'scheduled',
      id: 'migration-project',
      label: 'Data warehouse migration, fixed price',
      date: addDays(today, 41),
      amount: '-38500.00',
    },
  ];
  return items;
};
