/** Stands in for the identity provider: signs the tokens that the template's authorizer accepts. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import {
  type CryptoKey,
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JSONWebKeySet,
  type JWK,
  SignJWT,
} from 'jose';

export interface Issuer {
  /** Public keys, for whoever verifies tokens. */
  readonly keySet: JSONWebKeySet;
  readonly token: (request: TokenRequest) => Promise<string>;
}

export interface TokenRequest {
  readonly tenant: string;
  readonly scopes: readonly string[];
  readonly ttlSeconds?: number | undefined;
  readonly subject?: string | undefined;
}

const ALGORITHM = 'RS256';
const DEFAULT_TTL_SECONDS = 3600;

const storedKey = (file: string): JWK | undefined => {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
};

/** The key outlives a restart, so that tokens do too. */
const privateKeyIn = async (file: string): Promise<JWK> => {
  const stored = storedKey(file);
  if (stored) return stored;
  const { privateKey } = await generateKeyPair(ALGORITHM, { extractable: true });
  const key = await exportJWK(privateKey);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(key), { mode: 0o600 });
  return key;
};

/** @param issuer and `audience` as the template's authorizer wants them. */
export const openIssuer = async (keyFile: string, issuer: string, audience: string): Promise<Issuer> => {
  const jwk = await privateKeyIn(keyFile);
  const kid = await calculateJwkThumbprint(jwk);
  const key = (await importJWK(jwk, ALGORITHM)) as CryptoKey;
  const { kty, n, e } = jwk;
  return {
    keySet: {
      keys: [{ ...(kty && { kty }), ...(n && { n }), ...(e && { e }), kid, alg: ALGORITHM, use: 'sig' }],
    },
    token: ({ tenant, scopes, ttlSeconds = DEFAULT_TTL_SECONDS, subject = `local-${tenant}` }) => {
      const nowSeconds = Math.floor(Date.now() / 1000);
      return new SignJWT({ tenant, scope: scopes.join(' ') })
        .setProtectedHeader({ alg: ALGORITHM, kid })
        .setIssuer(issuer)
        .setAudience(audience)
        .setSubject(subject)
        .setIssuedAt(nowSeconds)
        .setExpirationTime(nowSeconds + ttlSeconds)
        .sign(key);
    },
  };
};
