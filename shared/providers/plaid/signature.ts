import { compactVerify, decodeJwt, decodeProtectedHeader, importJWK } from 'jose';
import * as v from 'valibot';
import { sha256Of } from '../../canonical/canonical.ts';
import type { SignedRequest, VerificationKey } from '../provider.ts';
import { anyMatches } from '../signing.ts';

export const PLAID_HEADER = 'plaid-verification';
const MAX_AGE_SECONDS = 300;
/** A clock a minute ahead is the most we believe. */
const MAX_LEAD_SECONDS = 60;
/** The only algorithm Plaid signs with; a token does not choose how it is checked. */
const ALGORITHM = 'ES256';

const headerSchema = v.object({
  alg: v.literal(ALGORITHM),
  kid: v.pipe(v.string(), v.regex(/^[\w-]{1,64}$/)),
});
const claimsSchema = v.object({
  iat: v.pipe(v.number(), v.safeInteger()),
  request_body_sha256: v.string(),
});

/** What a token says of itself; nothing of it is proven. */
export interface PlaidToken {
  readonly keyId: string;
  readonly issuedSeconds: number;
  readonly bodySha256: string;
}

/** The token of a request, or undefined where it has none that could be Plaid's. */
export const plaidToken = ({ headers }: SignedRequest): PlaidToken | undefined => {
  const token = headers[PLAID_HEADER];
  if (token === undefined) return undefined;
  try {
    const { kid } = v.parse(headerSchema, decodeProtectedHeader(token));
    const claims = v.parse(claimsSchema, decodeJwt(token));
    return { keyId: kid, issuedSeconds: claims.iat, bodySha256: claims.request_body_sha256 };
  } catch {
    return undefined;
  }
};

/** Whether the token is of these very bytes, and of now. */
export const isRecentTokenOf = (token: PlaidToken, body: Buffer, nowMs: number): boolean => {
  const digest = Buffer.from(sha256Of(body).replace('sha256:', ''), 'hex');
  const ageSeconds = nowMs / 1000 - token.issuedSeconds;
  return (
    anyMatches([digest], [token.bodySha256]) &&
    ageSeconds <= MAX_AGE_SECONDS &&
    ageSeconds >= -MAX_LEAD_SECONDS
  );
};

/** Whether the holder of the key signed the request's token, while the key was good. */
export const isSignedWith = async (request: SignedRequest, key: VerificationKey): Promise<boolean> => {
  const token = plaidToken(request);
  if (token === undefined || !('x' in key)) return false;
  if (key.expiredSeconds !== undefined && token.issuedSeconds >= key.expiredSeconds) return false;
  try {
    const publicKey = await importJWK({ kty: 'EC', crv: 'P-256', x: key.x, y: key.y }, ALGORITHM);
    await compactVerify(request.headers[PLAID_HEADER] ?? '', publicKey, { algorithms: [ALGORITHM] });
    return true;
  } catch {
    return false;
  }
};
