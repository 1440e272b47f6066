import { canonicalJson } from '../canonical/canonical.ts';
import type { Minor } from '../money/money.ts';
import type { CivilDate } from '../time/civil-date.ts';
import type { FactBase } from './fact.ts';

/** Money that will leave (negative) or arrive, as told by who will take or send it. */
export interface Commitment {
  readonly amountMinor: Minor;
  readonly currency: string;
  readonly dueDate: CivilDate;
  readonly counterparty?: string;
  /** What it pays: `net`, `tax_debit`, `invoice`... One payment of one commitment. */
  readonly leg: string;
  readonly status: 'expected' | 'cancelled';
}

/** Money on its way between a provider's balance and our bank; negative where the provider takes it from the bank. */
export interface Payout {
  readonly amountMinor: Minor;
  readonly currency: string;
  readonly arrivalDate: CivilDate;
  readonly status: 'pending' | 'in_transit' | 'paid' | 'failed' | 'canceled';
  /** What the bank may repeat in its own line. */
  readonly traceId?: string;
  /** The provider's id of the bank account. */
  readonly destination?: string;
  /** Key of the cash fact that took the money out of the provider's balance. */
  readonly transaction?: string;
}

export interface Subscription {
  readonly customer: string;
  readonly status: string;
  readonly currency: string;
  /** A month's worth, without taxes. */
  readonly mrrMinor: Minor;
  readonly startedAt: string;
  readonly canceledAt?: string;
}

export interface Invoice {
  readonly customer?: string;
  readonly currency: string;
  readonly totalMinor: Minor;
  /** What is still to be paid. */
  readonly dueMinor: Minor;
  readonly dueDate?: CivilDate;
  readonly status: string;
  readonly periodFrom?: CivilDate;
  readonly periodTo?: CivilDate;
  /** How much of the total pays for the period; all of it where nobody tells. */
  readonly periodMinor?: Minor;
}

/** A payment that another source counts as cash. */
export interface Payment {
  readonly gateway: string;
  readonly idAtGateway?: string;
  readonly amountMinor: Minor;
  readonly currency: string;
}

export interface Cost {
  readonly provider: string;
  readonly service: string;
  /** `usage`, `credit`, `tax`, `refund`... */
  readonly recordType: string;
  /** Decimal; negative for credits and refunds. */
  readonly amount: string;
  readonly currency: string;
  /** Whether the provider may still restate it. */
  readonly estimated: boolean;
}

export interface CreditLot {
  readonly provider: string;
  /** Decimal. */
  readonly remaining: string;
  readonly currency: string;
  readonly expires_on: CivilDate;
  readonly scope?: string;
}

export interface Usage {
  readonly metric: string;
  /** Decimal. */
  readonly value: string;
}

/** One unit of `base` in `currency`. */
export interface Rate {
  readonly base: string;
  readonly currency: string;
  /** Decimal, as published. */
  readonly rate: string;
}

/** What a place that holds money says it holds, at the end of the statement's day. */
export interface Balance {
  readonly account: string;
  readonly amountMinor: Minor;
  readonly currency: string;
}

/** Reason of a feed at whose provider somebody has to sign in anew. */
export const SIGNED_OUT = 'signed_out';

/** Whether a source that is asked, or that should ring, can be heard. */
export interface FeedHealth {
  readonly status: 'ok' | 'stale';
  /** The provider's code of what is wrong, or one of ours. */
  readonly reason?: string;
}

/** Leg of a commitment whose debit the bank turned down: it comes beside what its rhythm names. */
export const FAILED_DEBIT = 'failed_debit';

export interface StatementBodies {
  readonly commitment: Commitment;
  readonly payout: Payout;
  readonly subscription: Subscription;
  readonly invoice: Invoice;
  readonly payment: Payment;
  readonly cost: Cost;
  readonly credit_lot: CreditLot;
  readonly usage: Usage;
  readonly rate: Rate;
  readonly balance: Balance;
  readonly feed: FeedHealth;
}

export type Subject = keyof StatementBodies;

/** What a source states beside the cash: it explains, predicts or reconciles, and posts nothing. */
export interface StatementFact extends FactBase {
  readonly kind: 'statement';
  readonly subject: Subject;
  /** Canonical JSON of the subject's body; `null` when this revision withdraws it. */
  readonly body: string | null;
}

/** A statement as a fact. @param body `null` withdraws what an earlier revision stated. */
export const statementFact = <Of extends Subject>(
  base: FactBase,
  subject: Of,
  body: StatementBodies[Of] | null,
): StatementFact => ({
  ...base,
  kind: 'statement',
  subject,
  body: body === null ? null : canonicalJson(body),
});

/** A statement as aggregates hold it: its latest telling. */
export interface Statement<Of extends Subject = Subject> {
  readonly key: string;
  readonly date: CivilDate;
  readonly source: string;
  readonly body: StatementBodies[Of];
}
