import { createHmac, timingSafeEqual } from 'node:crypto';

export const hmacSha256 = (secret: string, ...parts: readonly (string | Uint8Array)[]): Buffer => {
  const hmac = createHmac('sha256', secret);
  for (const part of parts) hmac.update(part);
  return hmac.digest();
};

const HEX_SHA256 = /^[0-9a-f]{64}$/i;

/** Whether any offered signature equals any expected one. Every pair is compared, each in constant time. */
export const anyMatches = (expected: readonly Buffer[], offeredHex: readonly string[]): boolean => {
  let matched = false;
  for (const hex of offeredHex) {
    if (!HEX_SHA256.test(hex)) continue;
    const offered = Buffer.from(hex, 'hex');
    for (const digest of expected) matched = timingSafeEqual(offered, digest) || matched;
  }
  return matched;
};

/** A header takes this many signatures of one scheme: a rotation needs two. */
export const MAX_SIGNATURES = 8;

/** Unix seconds in text, or undefined. */
export const unixSeconds = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d{1,12}$/.test(text) ? Number.parseInt(text, 10) : undefined;
