import type { Statement } from '../event/statement.ts';
import type { Credit, PlanItem } from '../scenario/items.ts';
import { addDays, type CivilDate, daysBetween } from '../time/civil-date.ts';
import { dailyTaken, dailyTakenByMonth, useByDays, useByMonths } from './credits.ts';

type CreditItem = { readonly kind: 'credit' } & Credit;

interface Stated {
  readonly lots: readonly Statement<'credit_lot'>[];
  readonly costs: readonly Statement<'cost'>[];
  /** Credits that the plan declares, each with its cost: whoever declares one knows better. */
  readonly declared: readonly CreditItem[];
  /** In which cash is stated; credits in others are left out. */
  readonly currency: string;
  readonly asOf: CivilDate;
}

const RATES = { aws: dailyTaken, gcp: dailyTakenByMonth } as const;
const USE = { aws: useByDays, gcp: useByMonths } as const;

const idOf = ({ key }: Statement<'credit_lot'>): string => key.split(':').at(-1) ?? '';

/**
 * Lots one after the other, the one that ends first going first, as one: what they pay together at so much a day, and the
 * last day on which they do.
 */
const chained = (
  lots: readonly Statement<'credit_lot'>[],
  daily: number,
  asOf: CivilDate,
): { readonly paid: number; readonly until: CivilDate } => {
  let [paid, day, until] = [0, 0, asOf];
  for (const { body } of lots.toSorted((a, b) => (a.body.expires_on < b.body.expires_on ? -1 : 1))) {
    const days = Math.min(Number(body.remaining) / daily, daysBetween(asOf, body.expires_on) - day);
    if (days <= 0) continue;
    paid += days * daily;
    day += days;
    until = addDays(asOf, Math.ceil(day));
  }
  return { paid, until };
};

/**
 * What the clouds' credits mean for coming cash, in the plan's words. The cost that becomes cash when they end is what bills
 * take of them now: what they do not pay is cash already, and in the ledger. A lot that pays nothing changes nothing.
 */
export const creditItems = ({ lots, costs, declared, currency, asOf }: Stated): readonly CreditItem[] => {
  const known = new Set(declared.map(({ id }) => id));
  let declaredDaily = declared
    .filter(({ expires_on }) => expires_on > asOf)
    .reduce((sum, { daily_gross_cost }) => sum + Number(daily_gross_cost), 0);
  return (['aws', 'gcp'] as const).flatMap((provider): CreditItem[] => {
    const taken = RATES[provider](provider, costs, currency, asOf) ?? 0;
    // The cost of a declared lot is brought in with it, and must not come twice.
    const daily = Math.max(0, taken - declaredDaily);
    declaredDaily = Math.max(0, declaredDaily - taken);
    const own = lots.filter(
      (lot) => lot.body.provider === provider && lot.body.currency === currency && !known.has(idOf(lot)),
    );
    if (daily < 0.01) return [];
    const { paid, until } = chained(own, daily, asOf);
    if (paid < 0.01) return [];
    return [
      {
        kind: 'credit',
        id: `${provider}-credits`,
        remaining: paid.toFixed(2),
        expires_on: until,
        daily_gross_cost: daily.toFixed(2),
        usage: {
          ...USE[provider](provider, costs, currency, asOf),
          // What they pay together is told at today's cost; should it grow, each pays as far as it goes.
          lots: own.map(({ body: { remaining, expires_on } }) => ({ remaining, expires_on })),
        },
      },
    ];
  });
};

/** The plan with what bills tell of the cost of its own lots: those that go by the id of a lot that is told of. */
export const withUse = (
  items: readonly PlanItem[],
  { lots, costs, currency, asOf }: Omit<Stated, 'declared'>,
): readonly PlanItem[] =>
  items.map((item) => {
    const lot = item.kind === 'credit' ? lots.find((one) => idOf(one) === item.id) : undefined;
    const provider = lot?.body.provider;
    return provider !== 'aws' && provider !== 'gcp'
      ? item
      : { ...item, usage: USE[provider](provider, costs, currency, asOf) };
  });
