import type { TenantSettings } from '../../../shared/contract/tenant.ts';

/** A fact as a delivery tells it, in the ledger's own names. */
export interface ToldFact {
  readonly key: string;
  readonly revision: string;
}

/** One delivery that a provider has to make. */
export interface Telling {
  /** Unique in the world. */
  readonly name: string;
  readonly tenant: string;
  readonly source: 'stripe' | 'generic';
  readonly deliveryId: string;
  readonly body: Buffer;
  readonly atMs: number;
  readonly facts: readonly ToldFact[];
  /** Sent by nobody we know, or understood by nobody: never a fact. */
  readonly kind: 'genuine' | 'malformed' | 'forged';
  /** Made only after that telling was answered 200. */
  readonly after?: string;
}

/** Money that moved, once and for all: what every account must show. */
export interface Movement {
  readonly tenant: string;
  /** `YYYY-MM-DD`, accounting zone. */
  readonly date: string;
  readonly currency: string;
  readonly account: string;
  /** `external` or another own account. */
  readonly counterAccount: string;
  readonly lines: readonly { readonly category: string; readonly amountMinor: bigint }[];
}

/** A balance transaction that Stripe knows from an instant on. */
export interface Issued {
  readonly tenant: string;
  readonly atMs: number;
  readonly transaction: Readonly<Record<string, unknown>> & { readonly id: string; readonly created: number };
}

export interface PlanCommand {
  readonly tenant: string;
  readonly atMs: number;
  readonly id: string;
  /** Withdrawn where null. */
  readonly item: Readonly<Record<string, unknown>> | null;
}

export interface TenantPlan {
  readonly settings: TenantSettings;
  /** Has told Stripe's API key; without it estimates stay. */
  readonly fetches: boolean;
  /** Nothing about its money is doubtful: one currency, no contradictions, nothing unreadable. */
  readonly plain: boolean;
  /** Has a year's quarter of history, so its runway is simulated. */
  readonly modelled: boolean;
}

/** What really happens in a world, and how it is told. */
export interface Economy {
  readonly startMs: number;
  readonly endMs: number;
  readonly tenants: readonly TenantPlan[];
  readonly tellings: readonly Telling[];
  readonly movements: readonly Movement[];
  readonly issued: readonly Issued[];
  readonly commands: readonly PlanCommand[];
  /** Facts told in two ways, and authentic bodies nobody understands, by tenant. */
  readonly conflicts: ReadonlyMap<string, number>;
  readonly quarantined: ReadonlyMap<string, number>;
}

/** A part of the economy, one provider of one tenant. */
export interface Part {
  readonly tellings: readonly Telling[];
  readonly movements: readonly Movement[];
  readonly issued: readonly Issued[];
  readonly conflicts: number;
  readonly quarantined: number;
}

/** The day in `zone`, told by the platform's Swedish, which writes ISO dates. */
export const dayIn = (zone: string, ms: number): string =>
  new Date(ms).toLocaleDateString('sv-SE', { timeZone: zone });

const EXPONENTS: Readonly<Record<string, number>> = { JPY: 0, KWD: 3 };

/** An amount as a person writes it. */
export const decimalText = (amountMinor: bigint, currency: string): string => {
  const exponent = EXPONENTS[currency] ?? 2;
  const text = (amountMinor < 0n ? -amountMinor : amountMinor).toString().padStart(exponent + 1, '0');
  const cut = text.length - exponent;
  return `${amountMinor < 0n ? '-' : ''}${text.slice(0, cut)}${exponent === 0 ? '' : `.${text.slice(cut)}`}`;
};
