import type { Currency } from '../../shared/money/currency.ts';
import { decimalOf } from '../../shared/money/money.ts';
import { addDays, type CivilDate } from '../../shared/time/civil-date.ts';
import { type CloudCredits, cloudCredits, cloudPayments } from './cloud.ts';
import { isPaid, payrollRuns } from './payroll.ts';
import { demoPlan } from './plan.ts';
import { irregularPayments, type Payment, rentPayments, vendorPayments } from './spending.ts';
import { stripeActivity } from './stripe-activity.ts';
import { businessDaysAfter, type Window, windowBefore } from './window.ts';
import type { CompanyEvent, DemoWorld, PayrollRun } from './world.ts';

const USD = 'USD' as Currency;
const BANK = 'bank:operating';
const OPENING_MINOR = 1_246_318_44n;
const ROUND_MINOR = 5_900_000_00n;
const ROUND_COUNSEL_MINOR = 84_350_00n;
const ROUND_ON_DAY = 44;

type Told = Pick<CompanyEvent, 'type' | 'date' | 'category' | 'counterparty' | 'description'> & {
  readonly name: string;
  readonly amountMinor: bigint;
};

const companyEvent = (company: string, told: Told): CompanyEvent => {
  const { name, amountMinor, description, ...rest } = told;
  return {
    ...rest,
    id: `${company}-${name}-${told.date}`,
    amount: decimalOf(amountMinor, USD),
    currency: USD,
    account: BANK,
    ...(description === undefined ? {} : { description }),
  };
};

/** Money that is no running business: what was there, the round and its lawyers, the cloud credits. */
const capitalEvents = (window: Window, credits: CloudCredits): readonly Told[] => {
  const closedOn = businessDaysAfter(addDays(window.first, ROUND_ON_DAY), 1);
  return [
    {
      name: 'opening',
      type: 'adjustment',
      date: window.first,
      amountMinor: OPENING_MINOR,
      category: 'opening_balance',
      counterparty: 'First Harbor Bank',
      description: 'Balance brought forward',
    },
    {
      name: 'series-a',
      type: 'income',
      date: closedOn,
      amountMinor: ROUND_MINOR,
      category: 'funding',
      counterparty: 'Longshore Ventures',
      description: 'Series A, first close',
    },
    {
      name: 'series-a-counsel',
      type: 'expense',
      date: businessDaysAfter(closedOn, 3),
      amountMinor: ROUND_COUNSEL_MINOR,
      category: 'legal',
      counterparty: 'Harlan & Reyes LLP',
    },
    {
      name: 'aws-activate',
      type: 'credit',
      date: credits.grantedOn,
      amountMinor: BigInt(credits.grantMinor),
      category: 'cloud_credit',
      counterparty: 'Amazon Web Services',
      description: 'AWS Activate credits',
    },
  ];
};

const expense = ({ amountMinor, ...payment }: Payment): Told => ({
  ...payment,
  type: 'expense',
  amountMinor: BigInt(amountMinor),
});

/** Events of a company's payroll runs, for as long as they come by the `generic` source: the legs already paid. */
export const payrollEvents = (window: Window, runs: readonly PayrollRun[]): readonly CompanyEvent[] =>
  runs.flatMap((run) =>
    run.legs
      .filter((leg) => isPaid(window, leg))
      .map(({ leg, amountMinor, cashDate }) => ({
        id: `${run.payrollId}-${leg}`,
        type: 'expense',
        amount: decimalOf(amountMinor, USD),
        currency: USD,
        date: cashDate,
        account: BANK,
        category: leg === 'net' ? 'payroll' : 'payroll_tax',
        counterparty: 'Gusto',
        description: `Pay of ${run.payDate} for ${run.headcount}`,
      })),
  );

/**
 * Eighteen months, ending yesterday, of a company that sells software to companies: a Series A behind it, a second close
 * before it, two dozen people, and less than a year of cash. Equal arguments make equal companies, to the byte.
 * @param today the accounting day on which the company is looked at; the books end the day before.
 */
export const demoCompany = ({
  seed,
  today,
}: {
  readonly seed: number;
  readonly today: CivilDate;
}): DemoWorld => {
  const window = windowBefore(today);
  const company = `demo-${today}`;
  const credits = cloudCredits(window);
  const runs = payrollRuns(company, seed, window);
  const payments = [
    ...rentPayments(window),
    ...vendorPayments(seed, window, runs),
    ...irregularPayments(seed, window),
    ...cloudPayments(window),
  ];
  const events = [...capitalEvents(window, credits), ...payments.map(expense)].map((told) =>
    companyEvent(company, told),
  );
  return {
    company,
    window,
    stripe: stripeActivity(company, seed, window),
    payrollRuns: runs,
    events: events.sort((a, b) => (a.date === b.date ? (a.id < b.id ? -1 : 1) : a.date < b.date ? -1 : 1)),
    plan: demoPlan(window, credits),
  };
};
