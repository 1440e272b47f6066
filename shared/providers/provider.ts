import type { TenantSettings } from '../contract/tenant.ts';
import type { Fact } from '../event/fact.ts';
import { awsBudgets } from './aws-budgets/webhook.ts';
import { chargebee } from './chargebee/webhook.ts';
import { generic } from './generic/events.ts';
import { gusto } from './gusto/webhook.ts';
import { payroll } from './payroll/webhook.ts';
import { plaid } from './plaid/webhook.ts';
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
  | {
      readonly outcome: 'ignored';
      readonly reason: string;
      readonly doorbells: readonly string[];
      /** Present where a person should know of it: what to tell them. */
      readonly attention?: string;
    }
  /** Authentic but not understood: kept and surfaced, for the provider will not send it otherwise. */
  | { readonly outcome: 'quarantined'; readonly reason: string }
  /** Not understood, and its sender can do something about it. */
  | {
      readonly outcome: 'malformed';
      readonly problems: readonly string[];
      /** Where single events could be told apart: why each of them was turned down. */
      readonly events: readonly EventReading[];
    };

interface Reader {
  /** Written into every row; changes with any change in what `interpret` makes of a body. */
  readonly normaliser: string;
  /** Identity of the delivery, not of what it tells. */
  readonly deliveryId: (request: SignedRequest) => string;
  readonly interpret: (body: Buffer, settings: TenantSettings) => Interpretation;
}

/** Signs with a secret that the tenant shares with it. */
export interface SecretSigned extends Reader {
  /** Whether one of `secrets` signed these bytes recently; constant time in the secrets. */
  readonly verify: (request: SignedRequest, secrets: readonly string[], nowMs: number) => boolean;
  /**
   * The secret that an unsigned body offers to sign with from now on, where the provider begins so. Anybody could send one:
   * it is kept only while an operator waits for it, and is never part of a delivery.
   */
  readonly offeredSecret?: (body: Buffer) => string | undefined;
}

/** A public key in its certificate. */
export interface CertifiedKey {
  /** PEM. */
  readonly certificate: string;
}

/** A public key on the curve P-256. */
export interface CurveKey {
  /** Coordinates, base64url. */
  readonly x: string;
  readonly y: string;
  /** Unix seconds from which on it signs nothing. */
  readonly expiredSeconds?: number | undefined;
}

/** A provider's public key. */
export type VerificationKey = CurveKey | CertifiedKey;

/** Signs with a key of its own, whose public half is fetched by its id. */
export interface KeySigned extends Reader {
  /**
   * Id of the key that these bytes claim to be signed with, recently and for this tenant; undefined where no key could
   * make them authentic.
   */
  readonly keyId: (request: SignedRequest, settings: TenantSettings, nowMs: number) => string | undefined;
  /** Whether the claim of `keyId` is signed with the key. */
  readonly verifyWith: (request: SignedRequest, key: VerificationKey) => Promise<boolean>;
}

export type Provider = SecretSigned | KeySigned;

/** The sources that deliver to us. */
export const PROVIDERS: ReadonlyMap<string, Provider> = new Map<string, Provider>([
  ['stripe', stripe],
  ['plaid', plaid],
  ['chargebee', chargebee],
  ['gusto', gusto],
  ['generic', generic],
  ['payroll', payroll],
  ['aws-budgets', awsBudgets],
]);
