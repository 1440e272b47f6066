import type { SignedRequest } from '../provider.ts';
import { anyMatches, hmacSha256, MAX_SIGNATURES, unixSeconds } from '../signing.ts';

const MAX_AGE_SECONDS = 300;
/** Stripe's own library lets any future time pass; a clock a minute ahead is the most we believe. */
const MAX_LEAD_SECONDS = 60;

/** The header's parts by name; a name may repeat. */
const parts = (header: string): { name: string; value: string }[] =>
  header.split(',').map((part) => {
    const at = part.indexOf('=');
    return { name: part.slice(0, Math.max(at, 0)).trim(), value: part.slice(at + 1).trim() };
  });

/**
 * `Stripe-Signature: t=<unix>,v1=<hex>[,v1=<hex>]`: HMAC-SHA256 over `{t}.{raw body}` under the whole secret, `whsec_`
 * included. Other schemes (`v0` signs test traffic) prove nothing and are passed over.
 */
export const verifyStripe = (request: SignedRequest, secrets: readonly string[], nowMs: number): boolean => {
  const header = parts(request.headers['stripe-signature'] ?? '');
  const times = header.filter((part) => part.name === 't').map((part) => part.value);
  const time = times.length === 1 ? times[0] : undefined;
  const seconds = unixSeconds(time);
  const signatures = header.filter((part) => part.name === 'v1').slice(0, MAX_SIGNATURES);
  const expected = secrets.map((secret) => hmacSha256(secret, `${time}.`, request.body));
  const signed = anyMatches(
    expected,
    signatures.map((part) => part.value),
  );
  if (seconds === undefined) return false;
  const ageSeconds = nowMs / 1000 - seconds;
  return signed && ageSeconds <= MAX_AGE_SECONDS && ageSeconds >= -MAX_LEAD_SECONDS;
};
