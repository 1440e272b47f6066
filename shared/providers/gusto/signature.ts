import * as v from 'valibot';
import type { SignedRequest } from '../provider.ts';
import { anyMatches, hmacSha256 } from '../signing.ts';
import { jsonIn } from '../text.ts';

export const GUSTO_HEADER = 'x-gusto-signature';

/**
 * `X-Gusto-Signature: <hex>`: HMAC-SHA256 of the raw body under the subscription's verification token. It bears no time, so
 * a recorded delivery stays good for ever; sent again it is a delivery that we have, and rings for nothing.
 */
export const verifyGusto = ({ headers, body }: SignedRequest, secrets: readonly string[]): boolean =>
  anyMatches(
    secrets.map((secret) => hmacSha256(secret, body)),
    [headers[GUSTO_HEADER] ?? ''],
  );

const handshake = v.object({ verification_token: v.pipe(v.string(), v.regex(/^[\x21-\x7e]{16,200}$/)) });

/**
 * The token with which Gusto asks whether a new subscription's address is ours; from then on it signs with it. The one
 * request that cannot be signed.
 */
export const offeredToken = (body: Buffer): string | undefined => {
  const parsed = v.safeParse(handshake, jsonIn(body));
  return parsed.success ? parsed.output.verification_token : undefined;
};
