import type { SignedRequest } from '../provider.ts';
import { anyMatches, hmacSha256, MAX_SIGNATURES, unixSeconds } from '../signing.ts';

const MAX_SKEW_SECONDS = 300;
/** Printable ASCII without blanks: it becomes part of a ledger key. */
const DELIVERY_ID = /^[\x21-\x7e]{1,200}$/;

export const TIMESTAMP_HEADER = 'x-capstack-timestamp';
export const DELIVERY_HEADER = 'x-capstack-delivery-id';
export const SIGNATURE_HEADER = 'x-capstack-signature';

/** Headers of a delivery in our own signing scheme, for a sender. */
export const signedHeaders = (
  secret: string,
  deliveryId: string,
  body: Uint8Array,
  nowMs: number,
): Record<string, string> => {
  const timestamp = Math.floor(nowMs / 1000).toString();
  return {
    [TIMESTAMP_HEADER]: timestamp,
    [DELIVERY_HEADER]: deliveryId,
    [SIGNATURE_HEADER]: `v1=${hmacSha256(secret, `v1:${timestamp}:${deliveryId}:`, body).toString('hex')}`,
  };
};

/**
 * `X-Capstack-Signature: v1=<hex>[,v1=<hex>]`: HMAC-SHA256 over `v1:{timestamp}:{delivery id}:` and the raw body; the
 * timestamp within 300 s of our clock, either way. A replay within that time is harmless: its facts are known.
 */
export const verifyCapstack = (
  request: SignedRequest,
  secrets: readonly string[],
  nowMs: number,
): boolean => {
  const timestamp = request.headers[TIMESTAMP_HEADER];
  const deliveryId = request.headers[DELIVERY_HEADER];
  const offered = (request.headers[SIGNATURE_HEADER] ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part.startsWith('v1='))
    .slice(0, MAX_SIGNATURES)
    .map((part) => part.slice('v1='.length));
  const expected = secrets.map((secret) =>
    hmacSha256(secret, `v1:${timestamp}:${deliveryId}:`, request.body),
  );
  const signed = anyMatches(expected, offered);
  const seconds = unixSeconds(timestamp);
  if (seconds === undefined || deliveryId === undefined || !DELIVERY_ID.test(deliveryId)) return false;
  return signed && Math.abs(nowMs / 1000 - seconds) <= MAX_SKEW_SECONDS;
};
