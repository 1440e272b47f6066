import * as v from 'valibot';
import { type FactBase, revision } from '../../event/fact.ts';
import { type StatementFact, statementFact } from '../../event/statement.ts';
import { type CivilDate, civilDate } from '../../time/civil-date.ts';
import { plainDecimal } from '../decimal.ts';

export const AWS = 'aws';
/** Changes with any change in what is made of an answer of AWS's. */
export const AWS_NORMALISER = 'aws/1';

/** What is charged on the day it is charged: the one metric in which credits and refunds have lines of their own and add up. */
export const COST_METRIC = 'UnblendedCost';

/** Record types by their names in the API; what is none of them is told as `other`, and said. */
const RECORD_TYPES: Readonly<Record<string, string>> = {
  Usage: 'usage',
  DiscountedUsage: 'discounted_usage',
  SavingsPlanCoveredUsage: 'savings_plan_covered_usage',
  SavingsPlanNegation: 'savings_plan_negation',
  SavingsPlanRecurringFee: 'savings_plan_recurring_fee',
  SavingsPlanUpfrontFee: 'savings_plan_upfront_fee',
  RIFee: 'ri_fee',
  Fee: 'fee',
  Support: 'support',
  Tax: 'tax',
  Credit: 'credit',
  Refund: 'refund',
  BundledDiscount: 'discount',
  EdpDiscount: 'discount',
  PrivateRateDiscount: 'discount',
  RiVolumeDiscount: 'discount',
  SppDiscount: 'discount',
};
export const OTHER_RECORD_TYPE = 'other';

const metric = v.object({ Amount: v.string(), Unit: v.string() });
const groupSchema = v.object({
  Keys: v.tuple([v.pipe(v.string(), v.maxLength(200)), v.pipe(v.string(), v.maxLength(100))]),
  Metrics: v.object({ [COST_METRIC]: metric }),
});
const daySchema = v.object({
  TimePeriod: v.object({ Start: v.string(), End: v.string() }),
  /** Empty where the costs are in groups. */
  Groups: v.array(v.unknown()),
  Estimated: v.boolean(),
});

/** Whose costs these are, and when they were read: what was read last is what counts. */
export interface CostReading {
  /** The account that pays the bill. */
  readonly payer: string;
  readonly readMs: number;
}

export const costKeyPrefix = ({ payer }: Pick<CostReading, 'payer'>): string => `ce:${payer}:`;

interface Read {
  readonly facts: readonly StatementFact[];
  readonly unreadable: readonly { readonly part: unknown; readonly reason: string }[];
  /** Record types that nobody here knows. */
  readonly unknown: readonly string[];
}

const groupFact = (
  group: unknown,
  date: CivilDate,
  estimated: boolean,
  reading: CostReading,
): StatementFact | string => {
  const parsed = v.safeParse(groupSchema, group);
  if (!parsed.success) return `cost: ${v.getDotPath(parsed.issues[0]) ?? 'group'} is not understood`;
  const [service, type] = parsed.output.Keys;
  const { Amount, Unit } = parsed.output.Metrics[COST_METRIC];
  const amount = plainDecimal(Amount);
  if (amount === undefined) return `cost of ${service}: ${Amount} is no amount`;
  const base: FactBase = {
    key: `${costKeyPrefix(reading)}${date}:${service}:${type}:${COST_METRIC}`,
    revision: revision('final', reading.readMs),
    source: AWS,
    date,
    description: `${service}, ${type}`,
    counterparty: 'Amazon Web Services',
  };
  return statementFact(base, 'cost', {
    provider: AWS,
    service,
    recordType: Object.hasOwn(RECORD_TYPES, type)
      ? (RECORD_TYPES[type] ?? OTHER_RECORD_TYPE)
      : OTHER_RECORD_TYPE,
    amount,
    currency: Unit,
    estimated,
  });
};

/** The days of one page of costs, by service and record type. Nothing of it is cash: it is what a bill will be made of. */
export const readCosts = (days: readonly unknown[], reading: CostReading): Read => {
  const facts: StatementFact[] = [];
  const unreadable: { part: unknown; reason: string }[] = [];
  const unknown = new Set<string>();
  for (const part of days) {
    const parsed = v.safeParse(daySchema, part);
    const date = parsed.success ? civilDate(parsed.output.TimePeriod.Start) : undefined;
    if (!parsed.success || date === undefined) {
      unreadable.push({ part, reason: 'a day of costs is not understood' });
      continue;
    }
    for (const group of parsed.output.Groups) {
      const fact = groupFact(group, date, parsed.output.Estimated, reading);
      if (typeof fact === 'string') unreadable.push({ part: group, reason: fact });
      else {
        facts.push(fact);
        const type = fact.key.split(':').at(-2) ?? '';
        if (!Object.hasOwn(RECORD_TYPES, type)) unknown.add(type);
      }
    }
  }
  return { facts, unreadable, unknown: [...unknown] };
};
