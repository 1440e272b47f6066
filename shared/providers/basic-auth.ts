import { createHash, timingSafeEqual } from 'node:crypto';
import type { SignedRequest } from './provider.ts';

const MAX_HEADER_LENGTH = 2_048;
const BASIC = /^basic +([A-Za-z0-9+/]+=*)$/i;

const digest = (bytes: string | Uint8Array): Buffer => createHash('sha256').update(bytes).digest();

/** The value of an `Authorization` header. */
export const basicAuthorization = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

/**
 * Whether a request came with one of these `user:password`. Every pair is compared, by digest, so that neither time nor
 * length tells anything. Nothing in the request is signed: this says who sent it, not when, and not that it is whole.
 */
export const hasBasicCredentials = ({ headers }: SignedRequest, accepted: readonly string[]): boolean => {
  const header = headers['authorization'] ?? '';
  const encoded = header.length <= MAX_HEADER_LENGTH ? BASIC.exec(header)?.[1] : undefined;
  const offered = digest(Buffer.from(encoded ?? '', 'base64'));
  let matched = false;
  for (const credentials of accepted) matched = timingSafeEqual(offered, digest(credentials)) || matched;
  return matched && encoded !== undefined;
};
