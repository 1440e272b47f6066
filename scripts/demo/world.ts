import type { PlanItem } from '../../shared/scenario/items.ts';
import type { CivilDate } from '../../shared/time/civil-date.ts';
import type { Window } from './window.ts';

/** One event of a `generic` delivery. */
export interface CompanyEvent {
  /** Unique over all companies: it holds the day the company was made for. */
  readonly id: string;
  readonly type: 'income' | 'expense' | 'adjustment' | 'credit';
  /** Decimal; signed for an adjustment, positive otherwise. */
  readonly amount: string;
  readonly currency: string;
  readonly date: CivilDate;
  readonly account: string;
  readonly category: string;
  readonly counterparty: string;
  readonly description?: string;
}

/** Money that leaves the bank for one purpose of a payroll run. */
export interface PayrollLeg {
  readonly leg: 'net' | 'tax';
  readonly amountMinor: bigint;
  readonly cashDate: CivilDate;
}

/** One pay day. Its legs add up to gross pay plus the employer's own taxes. */
export interface PayrollRun {
  readonly payrollId: string;
  readonly payDate: CivilDate;
  readonly headcount: number;
  readonly grossMinor: bigint;
  readonly netMinor: bigint;
  readonly employeeTaxMinor: bigint;
  readonly employerTaxMinor: bigint;
  readonly legs: readonly PayrollLeg[];
}

/** A Stripe event as the webhook carries it. */
export interface StripeEvent {
  readonly id: string;
  readonly object: 'event';
  readonly api_version: string;
  /** Unix seconds. */
  readonly created: number;
  readonly livemode: false;
  readonly pending_webhooks: number;
  readonly request: { readonly id: null; readonly idempotency_key: null };
  readonly type: string;
  readonly data: { readonly object: Readonly<Record<string, unknown>> };
}

/** A balance transaction as Stripe's API answers it: amounts in cents. */
export interface StripeTransaction {
  readonly id: string;
  readonly object: 'balance_transaction';
  readonly amount: number;
  readonly fee: number;
  readonly net: number;
  readonly currency: 'usd';
  readonly exchange_rate: number | null;
  readonly available_on: number;
  readonly created: number;
  readonly description: string | null;
  readonly source: string;
  readonly status: 'available' | 'pending';
  readonly type: 'charge' | 'refund' | 'adjustment' | 'payout';
}

/** Everything that Stripe tells: what it sends, and what it answers when asked for the settled amounts. */
export interface StripeActivity {
  /** In order of creation. */
  readonly events: readonly StripeEvent[];
  readonly transactions: readonly StripeTransaction[];
}

/** A plan item with the id it is kept under. */
export type DemoPlanItem = PlanItem & { readonly id: string };

export interface DemoWorld {
  readonly company: string;
  readonly window: Window;
  readonly stripe: StripeActivity;
  readonly payrollRuns: readonly PayrollRun[];
  /** All other money: opening balance, rent, vendors, funding... in date order. */
  readonly events: readonly CompanyEvent[];
  readonly plan: readonly DemoPlanItem[];
}
