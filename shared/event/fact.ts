import type { Currency } from '../money/currency.ts';
import type { Minor } from '../money/money.ts';
import type { CivilDate } from '../time/civil-date.ts';
import type { StatementFact } from './statement.ts';

declare const revisionBrand: unique symbol;
/** Sortable rank of one telling of a fact; the greatest known revision is the one that counts. */
export type Revision = string & { readonly [revisionBrand]: true };

/**
 * Ranks tellings of one fact: a figure fetched or stated by its authority outranks an estimate, then the provider's own
 * order decides.
 * @param order integer >= 0; 0 where the provider gives none.
 */
export const revision = (certainty: 'estimated' | 'final', order: number): Revision =>
  `${certainty === 'final' ? 1 : 0}.${order.toString().padStart(15, '0')}` as Revision;

/** The provider's order in a revision. */
export const orderOf = (revision: Revision): number => Number.parseInt(revision.split('.')[1] ?? '0', 10);

/** Above a telling that is there already. Of two the later counts, whatever the clocks say and however soon it follows. */
export const revisionAbove = (told: Revision, nowMs: number): Revision =>
  revision('final', Math.max(nowMs, orderOf(told) + 1));

/** What a line of money was for; the lines of a fact sum to what it did to its account. */
export interface FactLine {
  /** Stream the forecast groups by: `revenue`, `stripe_fee`, `payroll`... lower case, stable. */
  readonly category: string;
  readonly amountMinor: Minor;
}

export interface FactBase {
  /** Identity at the grain where money moves, unique within the tenant: `stripe:self:test:txn:txn_1`. */
  readonly key: string;
  readonly revision: Revision;
  readonly source: string;
  /** Day in the tenant's accounting zone, or the civil date the provider gave. */
  readonly date: CivilDate;
  /** RFC 3339 UTC, where the provider gives an instant. */
  readonly occurredAt?: string;
  readonly description?: string;
  readonly counterparty?: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Money moved on one of the tenant's own accounts. */
export interface CashFact extends FactBase {
  readonly kind: 'cash';
  readonly account: string;
  /** `external` changes total cash; the name of another own account does not. */
  readonly counterAccount: string;
  readonly currency: Currency;
  /** Positive is money into `account`. None where the fact is known and moves nothing (yet, or any longer). */
  readonly lines: readonly FactLine[];
  /** True while the amount is the gross we were told rather than the settled net we fetched. */
  readonly estimated: boolean;
}

/** A cloud-credit grant: moves no cash. */
export interface CreditFact extends FactBase {
  readonly kind: 'credit';
  readonly account: string;
  readonly currency: Currency;
  readonly amountMinor: Minor;
}

/** An item of the tenant's plan (scenario vocabulary), or its withdrawal. */
export interface PlanFact extends FactBase {
  readonly kind: 'plan';
  /** Canonical JSON of the item; `null` when this revision withdraws it. */
  readonly item: string | null;
}

export type Fact = CashFact | CreditFact | PlanFact | StatementFact;
