/** A compressed body: in the row itself, or in the archive where it is too large for one. */
export type KeptBody =
  | { readonly body: Uint8Array; readonly bodyPointer?: never }
  | { readonly body?: never; readonly bodyPointer: string };

/** One authentic delivery on its way into the ledger. */
export interface Delivery {
  readonly tenant: string;
  readonly source: string;
  readonly deliveryId: string;
  readonly kept: KeptBody;
  /** `sha256:` and hex, of the raw body. */
  readonly bodyHash: string;
  /** RFC 3339 UTC. */
  readonly receivedAt: string;
  readonly traceparent: string;
}
