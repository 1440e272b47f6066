/**
 * What a company knows about its coming cash: one-off payments, recurring ones, funding tranches and cloud-credit lots.
 * A scenario lists them by kind; a plan keeps them one at a time. Parsed items have every default filled in
 * that does not depend on what is made of them.
 */
import * as v from 'valibot';
import type { CivilDate } from '../time/civil-date.ts';
import type { CloudUsage } from './cloud-usage.ts';
import {
  type DecimalText,
  date,
  integer,
  money,
  moneyNotNegative,
  probability,
  quantity,
  text,
} from './fields.ts';
import { type Parsed, type Problem, parsedWith } from './problems.ts';

export interface Scheduled {
  readonly date: CivilDate;
  readonly amount: DecimalText;
  readonly label?: string;
}

/** When a payment recurs. A day of the month is 1 to 31, or -1; -1 and days past the month's end mean its last day. */
export type Rule =
  /** ISO 8601: Monday is 1, Sunday 7. */
  | { readonly every: 'weekly'; readonly weekday: number }
  /** Every 14 days, before and after the anchor. */
  | { readonly every: 'biweekly'; readonly anchor: CivilDate }
  | { readonly every: 'semi-monthly'; readonly days: readonly number[] }
  | { readonly every: 'monthly'; readonly day: number }
  /** The first, second or third month of each quarter of the calendar year. */
  | { readonly every: 'quarterly'; readonly month: number; readonly day: number }
  | { readonly every: 'yearly'; readonly month: number; readonly day: number };

export type Recurring = Rule & {
  readonly amount: DecimalText;
  readonly label?: string;
  /** Standard deviation of the amount, drawn anew for each occurrence. */
  readonly jitter_std: DecimalText;
  readonly business_day: 'none' | 'previous' | 'next';
  /** Beside Saturdays and Sundays. */
  readonly holidays: readonly CivilDate[];
};

/** In a plan, a yearly payment may say how likely it comes again each year; in a scenario it does. */
export type PlannedRecurring = Recurring & { readonly renewal_probability?: number };

export type DelayDays =
  | { readonly kind: 'none' }
  | { readonly kind: 'fixed'; readonly days: number }
  | {
      readonly kind: 'gamma';
      readonly mean: number;
      readonly std: number;
      /** Chance of no delay at all, the gamma being the law of the rest. No author can give it. */
      readonly on_time?: number;
    };

/** A round whose owner does not say how late it may be: few are on time, and the others take weeks. */
export const USUAL_DELAY: {
  readonly kind: 'gamma';
  readonly mean: number;
  readonly std: number;
  readonly on_time: number;
} = {
  kind: 'gamma',
  mean: 24,
  std: 21.05,
  on_time: 0.15,
};

/** A contract whose owner does not say how firm it is: most are renewed. */
export const USUAL_RENEWAL = 0.94;

/**
 * How likely a recurring payment comes again each time; 1 where it is taken as stated. Only a yearly payment without a spread
 * of its own is a contract that may end.
 */
export const renewalOf = ({
  every,
  amount,
  jitter_std,
  renewal_probability,
}: Pick<PlannedRecurring, 'every' | 'amount' | 'jitter_std' | 'renewal_probability'>): number =>
  every === 'yearly' && amount.startsWith('-') && jitter_std === '0'
    ? (renewal_probability ?? USUAL_RENEWAL)
    : 1;

export interface Tranche {
  readonly date: CivilDate;
  readonly amount: DecimalText;
  readonly probability: number;
  readonly delay_days: DelayDays;
  readonly label?: string;
}

/** In a plan, no delay stated is one not known; in a scenario it is none. */
export type PlannedTranche = Omit<Tranche, 'delay_days'> & { readonly delay_days?: DelayDays };

/** A lot of cloud credits and the cost it pays. */
export interface Credit {
  readonly id?: string;
  readonly remaining: DecimalText;
  /** Its last day of use. */
  readonly expires_on: CivilDate;
  readonly daily_gross_cost: DecimalText;
  readonly label?: string;
  /** What is known of the cost. No author can give it. */
  readonly usage?: CloudUsage;
}

export type PlanItem =
  | ({ readonly kind: 'scheduled'; readonly id?: string } & Scheduled)
  | ({ readonly kind: 'recurring'; readonly id?: string } & PlannedRecurring)
  | ({ readonly kind: 'tranche'; readonly id?: string } & PlannedTranche)
  | ({ readonly kind: 'credit' } & Credit);

const label = v.exactOptional(text);

export const scheduledSchema: v.GenericSchema<unknown, Scheduled> = v.strictObject({
  date,
  amount: money,
  label,
});

const DAY_OF_MONTH = 'must be a day of the month from 1 to 31, or -1 for its last day';
const dayOfMonth = v.pipe(
  v.number(DAY_OF_MONTH),
  v.check((day) => day === -1 || (Number.isInteger(day) && day >= 1 && day <= 31), DAY_OF_MONTH),
);

const TWO_DAYS = 'must be two different days of the month, such as [15, -1]';
const twoDays = v.pipe(
  v.strictTuple([dayOfMonth, dayOfMonth], TWO_DAYS),
  v.check(([a, b]) => a !== b, TWO_DAYS),
  v.transform((days): readonly number[] => days.toSorted((a, b) => a - b)),
);

const HOLIDAYS = 'must be a list of dates such as ["2026-12-25"]';
/** Decades of them. Without an end, a single item outgrows its row and takes minutes to lay out. */
const HOLIDAYS_MAX = 1_000;

const payment = {
  amount: money,
  label,
  jitter_std: v.optional(moneyNotNegative, '0'),
  business_day: v.optional(
    v.picklist(['none', 'previous', 'next'], 'must be "none", "previous" or "next"'),
    'none',
  ),
  holidays: v.optional(
    v.pipe(
      v.array(v.unknown(), HOLIDAYS),
      v.maxLength(HOLIDAYS_MAX, `must hold at most ${HOLIDAYS_MAX} dates`),
      v.array(date),
    ),
    [],
  ),
};

const OFTEN = [
  v.strictObject({ every: v.literal('weekly'), weekday: integer(1, 7), ...payment }),
  v.strictObject({ every: v.literal('biweekly'), anchor: date, ...payment }),
  v.strictObject({ every: v.literal('semi-monthly'), days: twoDays, ...payment }),
  v.strictObject({ every: v.literal('monthly'), day: dayOfMonth, ...payment }),
  v.strictObject({ every: v.literal('quarterly'), month: integer(1, 3), day: dayOfMonth, ...payment }),
] as const;

const yearly = { every: v.literal('yearly'), month: integer(1, 12), day: dayOfMonth, ...payment } as const;

export const recurringSchema: v.GenericSchema<unknown, Recurring> = v.variant('every', [
  ...OFTEN,
  v.strictObject(yearly),
]);

const plannedRecurringSchema: v.GenericSchema<unknown, PlannedRecurring> = v.pipe(
  v.variant('every', [
    ...OFTEN,
    v.strictObject({ ...yearly, renewal_probability: v.exactOptional(probability) }),
  ]),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed || !('renewal_probability' in dataset.value)) return;
    const { value } = dataset;
    const message = !value.amount.startsWith('-')
      ? 'is for money out: leave it out'
      : value.jitter_std === '0' || value.renewal_probability === 1
        ? undefined
        : 'and jitter_std say two things of one amount: leave one of them out';
    if (message !== undefined)
      addIssue({
        message,
        path: [
          {
            type: 'object',
            origin: 'value',
            input: value,
            key: 'renewal_probability',
            value: value.renewal_probability,
          },
        ],
      });
  }),
);

const delay = v.pipe(
  v.variant('kind', [
    v.strictObject({ kind: v.literal('none') }),
    v.strictObject({ kind: v.literal('fixed'), days: integer(0, Number.MAX_SAFE_INTEGER) }),
    v.strictObject({ kind: v.literal('gamma'), mean: quantity, std: quantity }),
  ]),
  v.check(
    (law) => law.kind !== 'gamma' || law.mean > 0 || law.std === 0,
    'has a std but a mean of 0: give a mean above 0, or {"kind": "none"}',
  ),
);

const trancheFields = { date, amount: moneyNotNegative, probability, label };

export const trancheSchema: v.GenericSchema<unknown, Tranche> = v.strictObject({
  ...trancheFields,
  delay_days: v.optional(delay, { kind: 'none' }),
});

const plannedTrancheSchema: v.GenericSchema<unknown, PlannedTranche> = v.strictObject({
  ...trancheFields,
  delay_days: v.exactOptional(delay),
});

export const creditSchema: v.GenericSchema<unknown, Credit> = v.strictObject({
  id: v.exactOptional(text),
  remaining: moneyNotNegative,
  expires_on: date,
  daily_gross_cost: moneyNotNegative,
  label,
});

const PLAN_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

const envelope = v.looseObject(
  {
    kind: v.picklist(
      ['scheduled', 'recurring', 'tranche', 'credit'],
      'must be "scheduled", "recurring", "tranche" or "credit"',
    ),
    id: v.exactOptional(
      v.pipe(
        v.string('must be text'),
        v.regex(
          PLAN_ID,
          'must be 1 to 64 letters, digits, dots, dashes or underscores, and start with a letter or digit',
        ),
      ),
    ),
  },
  'must be a JSON object with a kind',
);

const SCHEMAS = {
  scheduled: scheduledSchema,
  recurring: plannedRecurringSchema,
  tranche: plannedTrancheSchema,
  credit: creditSchema,
} as const;

/** A plan item: the fields its kind has in a scenario, with `kind` and an optional `id` beside them. */
export const parsePlanItem = (json: unknown): Parsed<PlanItem> => {
  const outer = parsedWith(envelope, json);
  const problems: Problem[] = outer.ok ? [] : [...outer.problems];
  const kind = (json as { kind?: unknown } | null)?.kind;
  if (typeof kind !== 'string' || !Object.hasOwn(SCHEMAS, kind)) return { ok: false, problems };
  const { kind: _, id, ...fields } = json as Record<string, unknown>;
  const schema: v.GenericSchema<unknown, object> = SCHEMAS[kind as keyof typeof SCHEMAS];
  const inner = parsedWith(schema, fields);
  if (!inner.ok) problems.push(...inner.problems);
  if (!inner.ok || problems.length > 0) return { ok: false, problems };
  return { ok: true, value: { kind, ...(id === undefined ? {} : { id }), ...inner.value } as PlanItem };
};
