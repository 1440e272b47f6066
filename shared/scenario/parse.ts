import * as v from 'valibot';
import { type CivilDate, daysBetween } from '../time/civil-date.ts';
import { currencyCode, type DecimalText, date, integer, money, moneyNotNegative } from './fields.ts';
import {
  type Credit,
  creditSchema,
  type Recurring,
  recurringSchema,
  type Scheduled,
  scheduledSchema,
  type Tranche,
  trancheSchema,
} from './items.ts';
import { type Parsed, type Problem, parsedWith } from './problems.ts';

export const PATHS_MAX = 200_000;
export const HORIZON_DAYS_MAX = 1825;
/** Scheduled, recurring, tranches and credits together. */
export const ITEMS_MAX = 5000;

/** Daily net cash flow beside the items; negative burns. */
export type ScenarioResidual =
  | { readonly kind: 'normal'; readonly daily_mean: DecimalText; readonly daily_std: DecimalText }
  | {
      readonly kind: 'student_t';
      readonly daily_mean: DecimalText;
      readonly daily_std: DecimalText;
      readonly df: number;
    }
  | { readonly kind: 'bootstrap'; readonly values: readonly DecimalText[]; readonly block: number };

/** A scenario as its author meant it: every default filled in, money in its shortest form. */
export interface Scenario {
  readonly as_of: CivilDate;
  readonly horizon_days: number;
  readonly paths: number;
  readonly seed: number;
  readonly currency: string;
  readonly balance: DecimalText;
  readonly minimum_cash: DecimalText;
  readonly residual: ScenarioResidual;
  readonly scheduled: readonly Scheduled[];
  readonly recurring: readonly Recurring[];
  readonly tranches: readonly Tranche[];
  readonly credits: readonly Credit[];
}

const DF = 'must be a finite number above 2, for the standard deviation to exist';

const residual = v.variant('kind', [
  v.strictObject({ kind: v.literal('normal'), daily_mean: money, daily_std: moneyNotNegative }),
  v.strictObject({
    kind: v.literal('student_t'),
    daily_mean: money,
    daily_std: moneyNotNegative,
    df: v.pipe(
      v.number(DF),
      v.check((df) => df > 2 && Number.isFinite(df), DF),
    ),
  }),
  v.strictObject({
    kind: v.literal('bootstrap'),
    values: v.pipe(
      v.array(money, 'must be a list of daily net flows such as ["-14200", "350.50"]'),
      v.minLength(1, 'must hold at least one daily net flow'),
    ),
    block: integer(1, Number.MAX_SAFE_INTEGER),
  }),
]);

const YEARS = 'must lie between 1900-01-01 and 9900-12-31';

const list = <T>(item: v.GenericSchema<unknown, T>): v.GenericSchema<unknown, readonly T[]> =>
  v.optional(v.array(item, 'must be a list'), []);

const scenario: v.GenericSchema<unknown, Scenario> = v.strictObject({
  as_of: v.pipe(
    date,
    v.check((day) => day >= '1900' && day < '9901', YEARS),
  ),
  horizon_days: v.optional(integer(1, HORIZON_DAYS_MAX), 730),
  paths: v.optional(integer(1, PATHS_MAX), 10_000),
  seed: v.optional(integer(0, Number.MAX_SAFE_INTEGER), 0),
  currency: currencyCode,
  balance: money,
  minimum_cash: v.optional(money, '0'),
  residual,
  scheduled: list(scheduledSchema),
  recurring: list(recurringSchema),
  tranches: list(trancheSchema),
  credits: list(creditSchema),
});

const LISTS = ['scheduled', 'recurring', 'tranches', 'credits'] as const;

/** Counted before anything is looked at, so that an oversized input costs nothing. */
const itemsOf = (json: unknown): number =>
  LISTS.reduce((sum, name) => {
    const items = (json as Record<string, unknown> | null | undefined)?.[name];
    return sum + (Array.isArray(items) ? items.length : 0);
  }, 0);

/** A dated item must lie ahead: whether an overdue payment still comes is for the author to say. */
const overdue = (parsed: Scenario, name: 'scheduled' | 'tranches'): Problem[] =>
  parsed[name].flatMap((item, index) =>
    daysBetween(parsed.as_of, item.date) > 0
      ? []
      : [
          {
            path: `${name}[${index}].date`,
            message: `is ${item.date}, on or before as_of ${parsed.as_of}: give a later date or remove the item`,
          },
        ],
  );

/** A scenario from parsed JSON, or every problem it has. Never throws. */
export const parseScenario = (json: unknown): Parsed<Scenario> => {
  const items = itemsOf(json);
  if (items > ITEMS_MAX) {
    const message = `has ${items} items in ${LISTS.join(', ')}: merge or remove some, at most ${ITEMS_MAX} are taken`;
    return { ok: false, problems: [{ path: '$', message }] };
  }
  const parsed = parsedWith(scenario, json);
  if (!parsed.ok) return parsed;
  const problems = [...overdue(parsed.value, 'scheduled'), ...overdue(parsed.value, 'tranches')];
  return problems.length === 0 ? parsed : { ok: false, problems };
};
