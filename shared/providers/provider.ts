import type { TenantSettings } from '../contract/tenant.ts';
import type { Fact } from '../event/fact.ts';
import { generic } from './generic/events.ts';
import { payroll } from './payroll/webhook.ts';
import { stripe } from './stripe/webhook.ts';

/** One request as it reached us; header names are in lower case. */
export interface SignedRequest {
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Exactly the bytes that were signed. */
  readonly body: Buffer;
}

/** One event of a delivery: the fact in it, or why it states none. */
export type EventReading =
  | { readonly id: string; readonly fact: Fact }
  | { readonly id: string; readonly rejected: string };

/** What an authentic delivery means. */
export type Interpretation =
  | {
      readonly outcome: 'facts';
      readonly events: readonly EventReading[];
      /** What the provider must be asked for, e.g. `stripe:balance_transaction:txn_1`. */
      readonly doorbells: readonly string[];
    }
  | { readonly outcome: 'ignored'; readonly reason: string; readonly doorbells: readonly string[] }
  /** Authentic but not understood: kept and surfaced, for the provider will not send it otherwise. */
  | { readonly outcome: 'quarantined'; readonly reason: string }
  /** Not understood, and its sender can do something about it. */
  | {
      readonly outcome: 'malformed';
      readonly problems: readonly string[];
      /** Where single events could be told apart: why each of them was turned down. */
      readonly events: readonly EventReading[];
    };

export interface Provider {
  /** Written into every row; changes with any change in what `interpret` makes of a body. */
  readonly normaliser: string;
  /** Whether one of `secrets` signed these bytes recently; constant time in the secrets. */
  readonly verify: (request: SignedRequest, secrets: readonly string[], nowMs: number) => boolean;
  /** Identity of the delivery, not of what it tells. */
  readonly deliveryId: (request: SignedRequest) => string;
  readonly interpret: (body: Buffer, settings: TenantSettings) => Interpretation;
}

/** The sources that deliver to us. */
export const PROVIDERS: ReadonlyMap<string, Provider> = new Map([
  ['stripe', stripe],
  ['generic', generic],
  ['payroll', payroll],
]);
