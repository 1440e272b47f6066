import { creditItems, withUse } from '../cloud/credit-items.ts';
import type { TenantSettings } from '../contract/tenant.ts';
import { type Plan, parsePlan } from '../model/plan.ts';
import { MODEL_VERSION, type RunwayInput } from '../model/runway.ts';
import { addDays, type CivilDate } from '../time/civil-date.ts';
import { accountingDay, baseCurrency } from './accounting.ts';
import type { LedgerView } from './ledger-view.ts';

const HORIZON_DAYS = 730;
const PATHS = 10_000;
/** One seed for every forecast: forecasts of neighbouring ledgers then differ by the ledger, not by the draw. */
const SEED = 42;

/** What is declared, and what is left of credits that nobody declared. */
const planOf = ({ plan: kept, cloud }: LedgerView, currency: string, asOf: CivilDate): Plan => {
  const plan = parsePlan(kept);
  if (cloud === undefined) return plan;
  const declared = plan.items.filter((item) => item.kind === 'credit');
  const stated = { ...cloud, currency, asOf };
  return {
    ...plan,
    items: [...withUse(plan.items, stated), ...creditItems({ ...stated, declared })],
  };
};

/** What the live forecast of a tenant is made from: its aggregates, its plan and the clock, in the model's words. */
export const runwayInputOf = (tenant: TenantSettings, view: LedgerView, nowMs: number): RunwayInput => {
  const base = baseCurrency(tenant);
  const asOf = accountingDay(tenant, nowMs);
  return {
    asOf,
    /** Today is still going on: it is in the balance, not yet in the pattern. */
    historyThrough: addDays(asOf, -1),
    horizonDays: HORIZON_DAYS,
    paths: PATHS,
    seed: SEED,
    currency: base,
    balanceMinor: view.availableMinor,
    minimumCashMinor: 0n,
    days: view.days,
    ...(view.firstDate !== undefined && { historyFrom: view.firstDate }),
    plan: planOf(view, base, asOf),
    expected: view.expected.filter(({ currency }) => currency === base),
    ...(view.foreign.length > 0 && { foreign: view.foreign }),
    // What another model taught says nothing of this one.
    ...(view.adaptation?.version === MODEL_VERSION && { adaptation: view.adaptation.exponents }),
  };
};
