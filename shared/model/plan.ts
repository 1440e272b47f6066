import { Decimal } from 'decimal.js';
import { type Currency, exponentOf } from '../money/currency.ts';
import type { Minor } from '../money/money.ts';
import {
  type Credit,
  type PlanItem,
  type PlannedRecurring,
  parsePlanItem,
  type Recurring,
  renewalOf,
  type Scheduled,
  type Tranche,
  USUAL_DELAY,
  USUAL_RENEWAL,
} from '../scenario/items.ts';
import { occurrenceDays } from '../scenario/recurrence.ts';
import { addDays, type CivilDate } from '../time/civil-date.ts';

/** What the company has told of its coming cash, and which items could not be read. */
export interface Plan {
  readonly items: readonly PlanItem[];
  /** One sentence for each item left out. */
  readonly reasons: readonly string[];
}

export const NO_PLAN: Plan = { items: [], reasons: [] };

/** Reads plan items as the ledger keeps them; an item that is not understood is left out and named. */
export const parsePlan = (kept: readonly { readonly id: string; readonly item: string }[]): Plan => {
  const items: PlanItem[] = [];
  const reasons: string[] = [];
  for (const { id, item } of kept) {
    const parsed = parsePlanItem(JSON.parse(item));
    if (parsed.ok) items.push({ ...parsed.value, id });
    else
      reasons.push(
        `plan item ${id} is left out, because it is not understood: ${parsed.problems.map(({ path, message }) => `${path} ${message}`).join('; ')}`,
      );
  }
  return { items, reasons };
};

/** A yearly payment that may end. */
export interface PlannedContract {
  /** As it is in the plan. */
  readonly item: PlannedRecurring & { readonly id?: string };
  readonly probability: number;
  /** Whether an anniversary is today, and its payment has not been seen. */
  readonly isDueToday: boolean;
}

/** Plan items by kind, all of them ahead, as a scenario lists them. */
export interface PlanAhead {
  readonly scheduled: readonly Scheduled[];
  readonly recurring: readonly Recurring[];
  readonly contracts: readonly PlannedContract[];
  readonly tranches: readonly Tranche[];
  readonly credits: readonly Credit[];
  /** Payments that were due before the day of the forecast: they have arrived, or are late, or never come. */
  readonly overdue: readonly (Scheduled & { readonly id?: string })[];
  readonly reasons: readonly string[];
}

/** Money in and out on one day. */
export interface Movement {
  readonly inflowMinor: Minor;
  readonly outflowMinor: Minor;
}

/** Everything that came and went on a day: a tranche that arrived is no income, but it has arrived. */
export const movedOn = (
  days: readonly (Movement & { readonly date: CivilDate; readonly fundingMinor?: Minor })[],
  on: CivilDate,
): Movement => {
  let inflowMinor = 0n;
  let outflowMinor = 0n;
  for (const day of days) {
    if (day.date !== on) continue;
    const { fundingMinor = 0n } = day;
    inflowMinor += day.inflowMinor + (fundingMinor > 0n ? fundingMinor : 0n);
    outflowMinor += day.outflowMinor - (fundingMinor < 0n ? fundingMinor : 0n);
  }
  return { inflowMinor, outflowMinor };
};

/** A payment counts as arrived when the day moved at least this share of it: wires lose a fee on the way. */
const ARRIVED_SHARE = '0.95';

/** Tells whether money expected today is already in today's movements; each movement answers for one item only. */
const arrivals = (today: Movement, currency: Currency): ((amount: string) => boolean) => {
  const unclaimed = {
    in: new Decimal(today.inflowMinor.toString()),
    out: new Decimal(today.outflowMinor.toString()),
  };
  return (amount) => {
    const minor = new Decimal(amount).times(Decimal.pow(10, exponentOf(currency)));
    const side = minor.isNegative() ? 'out' : 'in';
    if (unclaimed[side].lessThan(minor.abs().times(ARRIVED_SHARE))) return false;
    unclaimed[side] = Decimal.max(0, unclaimed[side].minus(minor.abs()));
    return true;
  };
};

const nameOf = (item: PlanItem): string => item.id ?? item.label ?? item.kind;

const usualDelay = (item: PlanItem): string =>
  `plan item ${nameOf(item)} states no delay: it is taken to be on time with probability ${USUAL_DELAY.on_time}, else late by some ${USUAL_DELAY.mean} days; state one, if it is "none", to have it so`;

const usualRenewal = (item: PlanItem): string =>
  `plan item ${nameOf(item)} states no renewal_probability: it is taken to be renewed each year with probability ${USUAL_RENEWAL}, for what was paid last and a little more; state 1, if it is firm, to have it as declared`;

/** In an order of their own, so that the order of the plan cannot matter. */
const inOrder = (items: readonly PlanItem[]): readonly PlanItem[] =>
  items
    .map((item) => ({ item, key: JSON.stringify([item.id ?? '', item]) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ item }) => item);

/**
 * The plan as seen at the end of `asOf`. What is dated on that day and has not arrived is due on the day after; what is older
 * left apart: the ledger may know whether it came; a tranche is left out with a sentence. A delay counts from the
 * day on which its tranche is due.
 */
export const planAhead = (plan: Plan, asOf: CivilDate, moved: Movement, currency: Currency): PlanAhead => {
  const scheduled: Scheduled[] = [];
  const recurring: Recurring[] = [];
  const contracts: PlannedContract[] = [];
  const tranches: Tranche[] = [];
  const credits: Credit[] = [];
  const overdue: (Scheduled & { readonly id?: string })[] = [];
  const reasons = [...plan.reasons];
  const arrived = arrivals(moved, currency);
  const tomorrow = addDays(asOf, 1);

  /** The day an item dated `date` is due, or undefined where it no longer is. */
  const due = (
    item: PlanItem & { readonly date: CivilDate; readonly amount: string },
  ): CivilDate | undefined => {
    if (item.date > asOf) return item.date;
    if (item.date === asOf) return arrived(item.amount) ? undefined : tomorrow;
    reasons.push(
      `plan item ${nameOf(item)} was due on ${item.date} and is left out: give it a new date if it is still to come, else remove it`,
    );
    return undefined;
  };

  for (const item of inOrder(plan.items))
    switch (item.kind) {
      case 'scheduled': {
        if (item.date < asOf) {
          const { kind: _kind, ...late } = item;
          overdue.push(late);
          break;
        }
        const date = due(item);
        if (date !== undefined) scheduled.push({ date, amount: item.amount });
        break;
      }
      case 'tranche': {
        const date = due(item);
        const { amount, probability, delay_days = USUAL_DELAY } = item;
        if (date === undefined) break;
        tranches.push({ date, amount, probability, delay_days });
        if (item.delay_days === undefined) reasons.push(usualDelay(item));
        break;
      }
      case 'recurring': {
        const { kind: _kind, id: _id, label: _label, renewal_probability: stated, ...recurs } = item;
        const probability = renewalOf(item);
        const today = occurrenceDays(item, addDays(asOf, -1), 1).filter(() => !arrived(item.amount));
        if (probability < 1) {
          contracts.push({ item, probability, isDueToday: today.length > 0 });
          if (stated === undefined) reasons.push(usualRenewal(item));
        } else {
          recurring.push(recurs);
          for (const _today of today) scheduled.push({ date: tomorrow, amount: item.amount });
        }
        break;
      }
      case 'credit': {
        const { kind: _kind, ...credit } = item;
        credits.push(credit);
        break;
      }
    }
  return { scheduled, recurring, contracts, tranches, credits, overdue, reasons };
};
