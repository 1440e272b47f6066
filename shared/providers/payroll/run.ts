import * as v from 'valibot';
import { type Currency, currency } from '../../money/currency.ts';
import type { Minor } from '../../money/money.ts';
import { type CivilDate, civilDate, civilDateIn } from '../../time/civil-date.ts';
import { jsonIn, problemOf, text } from '../text.ts';

export const PAYROLL_STATUSES = ['scheduled', 'funded', 'paid', 'cancelled', 'reversed'] as const;
export type PayrollStatus = (typeof PAYROLL_STATUSES)[number];

/** One payment that a payroll makes, and the day its money leaves the company. */
export interface PayrollLeg {
  /** `net`, `employee_tax`, `reimbursement`...: unique within the payroll. */
  readonly leg: string;
  readonly amountMinor: Minor;
  readonly cashDate: CivilDate;
}

/** One telling of one payroll; amounts are positive. */
export interface PayrollRun {
  readonly payrollId: string;
  readonly revision: number;
  readonly status: PayrollStatus;
  readonly currency: Currency;
  readonly legs: readonly PayrollLeg[];
  readonly grossMinor: Minor;
  readonly netMinor: Minor;
  readonly employeeTaxMinor: Minor;
  readonly employerTaxMinor: Minor;
  readonly payDate: CivilDate;
  readonly zone: string;
}

const MAX_LEGS = 20;
const MAX_REVISION = 1_000_000_000;
const FIRST_DATE = '1970-01-01';
const LAST_DATE = '2199-12-31';

const NO_AMOUNT = 'is no whole number of minor units in text, such as "123450"';

/** Digits in text keep every amount exact; a number does so only while it is a safe integer. */
const minor: v.GenericSchema<string | number, Minor> = v.pipe(
  v.union([v.string(), v.pipe(v.number(), v.safeInteger())], NO_AMOUNT),
  v.check((amount) => /^\d{1,15}$/.test(String(amount)), NO_AMOUNT),
  v.transform((amount) => BigInt(amount)),
);

const day: v.GenericSchema<string, CivilDate> = v.pipe(
  v.string('is no calendar day like 2026-01-31'),
  v.check((value) => civilDate(value) !== undefined, 'is no calendar day like 2026-01-31'),
  v.check(
    (value) => value >= FIRST_DATE && value <= LAST_DATE,
    `is not within ${FIRST_DATE} and ${LAST_DATE}`,
  ),
  v.transform((value) => value as CivilDate),
);

const isZone = (zone: string): boolean => {
  try {
    civilDateIn(zone, 0);
    return true;
  } catch {
    return false;
  }
};

const runSchema = v.strictObject({
  schema: v.literal(1, 'is not 1'),
  eventId: text(200),
  payrollId: text(200),
  revision: v.pipe(
    v.number('is no whole number'),
    v.safeInteger('is no whole number'),
    v.minValue(1, 'is below 1'),
    v.maxValue(MAX_REVISION, `is above ${MAX_REVISION}`),
  ),
  status: v.picklist(PAYROLL_STATUSES, `is none of ${PAYROLL_STATUSES.join(', ')}`),
  currency: v.pipe(
    v.string('is no ISO 4217 code'),
    v.check((code) => currency(code) !== undefined, 'is no ISO 4217 code'),
    v.transform((code) => currency(code) as Currency),
  ),
  legs: v.pipe(
    v.array(
      v.strictObject({
        leg: v.pipe(
          v.string('is no text'),
          v.regex(/^[a-z][a-z0-9_]{0,39}$/, 'is no name of lower case letters, digits and _'),
        ),
        amountMinor: minor,
        cashDate: day,
      }),
      'is no list',
    ),
    v.minLength(1, 'is empty'),
    v.maxLength(MAX_LEGS, `holds more than ${MAX_LEGS} legs`),
  ),
  grossMinor: minor,
  netMinor: minor,
  employeeTaxMinor: minor,
  employerTaxMinor: minor,
  payDate: day,
  zone: v.pipe(
    v.string('is no IANA time zone'),
    v.check(isZone, 'is no IANA time zone such as America/New_York'),
  ),
});

export const isNet = (leg: string): boolean => /^net(_|$)/.test(leg);
export const isTax = (leg: string): boolean => /(^|_)tax(es)?(_|$)/.test(leg);

const sumOf = (legs: readonly PayrollLeg[], belongs: (leg: string) => boolean): Minor =>
  legs.reduce((sum, { leg, amountMinor }) => (belongs(leg) ? sum + amountMinor : sum), 0n);

/** Where the figures contradict each other, as sentences. Pay may be held back for more than taxes, so gross may be more. */
const contradictions = (run: PayrollRun): readonly string[] => {
  const { legs, grossMinor, netMinor, employeeTaxMinor, employerTaxMinor } = run;
  const names = legs.map(({ leg }) => leg);
  const twice = names.find((leg, index) => names.indexOf(leg) !== index);
  const net = sumOf(legs, isNet);
  const tax = sumOf(legs, isTax);
  return [
    ...(twice === undefined ? [] : [`legs: ${twice} is told twice: give each leg its own name`]),
    ...(net === netMinor ? [] : [`legs: the net legs add up to ${net}, but netMinor is ${netMinor}`]),
    ...(tax === employeeTaxMinor + employerTaxMinor
      ? []
      : [
          `legs: the tax legs add up to ${tax}, but employeeTaxMinor and employerTaxMinor to ${employeeTaxMinor + employerTaxMinor}`,
        ]),
    ...(grossMinor >= netMinor + employeeTaxMinor
      ? []
      : [
          `grossMinor: ${grossMinor} is less than netMinor and employeeTaxMinor together, ${netMinor + employeeTaxMinor}`,
        ]),
  ];
};

/** Reads the body of a payroll delivery, or says in sentences why it states no payroll. */
export const parsePayrollRun = (
  body: Uint8Array,
): { readonly run: PayrollRun } | { readonly problems: readonly string[] } => {
  const value = jsonIn(body);
  if (value === undefined) return { problems: ['body: is no JSON in UTF-8'] };
  const parsed = v.safeParse(runSchema, value);
  if (!parsed.success) return { problems: parsed.issues.map(problemOf) };
  const { schema: _schema, eventId: _eventId, ...run } = parsed.output;
  const problems = contradictions(run);
  return problems.length > 0 ? { problems } : { run };
};
