import { addDays, type CivilDate, daysBetween } from '../../shared/time/civil-date.ts';
import { drawsOf } from './random.ts';
import { businessDaysAfter, datesWithin, isWithin, type Window } from './window.ts';
import type { PayrollLeg, PayrollRun } from './world.ts';

interface Employee {
  readonly annualMinor: bigint;
  readonly startsOn: CivilDate;
  /** First day no longer employed. */
  readonly endsOn?: CivilDate;
}

/** Thousands of dollars a year, from and to, of the people hired in turn: engineers, sales, customer success, product... */
const SALARIES = [
  { from: 142, to: 181 },
  { from: 92, to: 118 },
  { from: 128, to: 168 },
  { from: 84, to: 102 },
  { from: 132, to: 158 },
  { from: 96, to: 124 },
] as const;

const FOUNDERS = 2;
const FOUNDER_ANNUAL_MINOR = 140_000_00n;
const STAFF_AT_FIRST = 9;
/** After the round: ten people in four months, then one now and then. */
const WAVE = { fromDay: 75, everyDays: 12, people: 10 };
const LATER = { fromDay: 235, everyDays: 62 };
/** Who leaves, in order of hiring, and after how many days. */
const LEAVERS: ReadonlyMap<number, number> = new Map([
  [4, 300],
  [13, 190],
]);
const RAISE_PERMILLE = 35n;

const PAYS_A_YEAR = 24n;
const EMPLOYER_TAX_PERMYRIAD = 805n;
const TAX_AFTER_BUSINESS_DAYS = 3;

const startsOf = (window: Window): readonly CivilDate[] => {
  const starts = Array.from({ length: STAFF_AT_FIRST }, () => addDays(window.first, -30));
  for (let hire = 0; hire < WAVE.people; hire += 1)
    starts.push(addDays(window.first, WAVE.fromDay + hire * WAVE.everyDays));
  for (let day = LATER.fromDay; day < window.days; day += LATER.everyDays)
    starts.push(addDays(window.first, day));
  return starts;
};

const staffOf = (seed: number, window: Window): readonly Employee[] => {
  const founders = Array.from({ length: FOUNDERS }, () => ({
    annualMinor: FOUNDER_ANNUAL_MINOR,
    startsOn: addDays(window.first, -400),
  }));
  const hired = startsOf(window).map((startsOn, hire): Employee => {
    const draws = drawsOf(seed, 'people', hire);
    const { from, to } = SALARIES[hire % SALARIES.length] as (typeof SALARIES)[number];
    const annualMinor = BigInt(draws.between(from * 2, to * 2)) * 500_00n;
    const stayed = LEAVERS.get(hire);
    return { annualMinor, startsOn, ...(stayed === undefined ? {} : { endsOn: addDays(startsOn, stayed) }) };
  });
  return [...founders, ...hired];
};

/** Gross pay for the days employed since the pay day before; a raise comes with the second calendar year. */
const grossOf = (employee: Employee, since: CivilDate, payDate: CivilDate, raised: boolean): bigint => {
  const { startsOn, endsOn, annualMinor } = employee;
  const period = BigInt(daysBetween(since, payDate));
  const from = startsOn > since ? startsOn : since;
  const to = endsOn !== undefined && endsOn < payDate ? endsOn : payDate;
  const worked = BigInt(Math.max(0, daysBetween(from, to)));
  const full = (annualMinor * (raised ? 1_000n + RAISE_PERMILLE : 1_000n)) / 1_000n / PAYS_A_YEAR;
  return (full * worked) / period;
};

const runOf = (
  company: string,
  payDate: CivilDate,
  pays: readonly bigint[],
  taxPermille: bigint,
): PayrollRun => {
  const grossMinor = pays.reduce((sum, pay) => sum + pay, 0n);
  const employeeTaxMinor = (grossMinor * taxPermille) / 1_000n;
  const employerTaxMinor = (grossMinor * EMPLOYER_TAX_PERMYRIAD) / 10_000n;
  const netMinor = grossMinor - employeeTaxMinor;
  const legs: readonly PayrollLeg[] = [
    { leg: 'net', amountMinor: netMinor, cashDate: payDate },
    {
      leg: 'tax',
      amountMinor: employeeTaxMinor + employerTaxMinor,
      cashDate: businessDaysAfter(payDate, TAX_AFTER_BUSINESS_DAYS),
    },
  ];
  return {
    payrollId: `${company}-payroll-${payDate}`,
    payDate,
    headcount: pays.length,
    grossMinor,
    netMinor,
    employeeTaxMinor,
    employerTaxMinor,
    legs,
  };
};

/** Pay on the 15th and on the last of the month, or the business day before; taxes three business days later. */
export const payrollRuns = (company: string, seed: number, window: Window): readonly PayrollRun[] => {
  const staff = staffOf(seed, window);
  const draws = drawsOf(seed, 'people', 0xffff);
  const payDates = datesWithin(window, { every: 'semi-monthly', days: [15, -1] }, 'previous');
  return payDates.map((payDate, index) => {
    const since = payDates[index - 1] ?? addDays(payDate, -15);
    const raised = payDate.slice(0, 4) > window.first.slice(0, 4);
    const pays = staff
      .map((employee) => grossOf(employee, since, payDate, raised))
      .filter((grossMinor) => grossMinor > 0n);
    return runOf(company, payDate, pays, BigInt(draws.between(252, 268)));
  });
};

/** People paid on each pay day, for what is bought by the head. */
export const headcountOn = (runs: readonly PayrollRun[], date: CivilDate): number =>
  (runs.find((run) => run.payDate >= date) ?? runs.at(-1))?.headcount ?? 0;

export const isPaid = (window: Window, leg: PayrollLeg): boolean => isWithin(window, leg.cashDate);
