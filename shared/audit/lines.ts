import { canonicalJson } from '../canonical/canonical.ts';
import type { AuditRecord } from './record.ts';
import type { Seal, SealedRows } from './seal.ts';

/** First line of an export; every line is canonical JSON and ends in a line feed. */
export interface Header {
  readonly format: 'capstack-audit/1';
  readonly tenant: string;
  /** Whether the raw payloads are in the file. */
  readonly payloads: boolean;
  /** The chain's last link. */
  readonly seq: number;
  readonly chain: string;
}

export const headerLine = (
  tenant: string,
  payloads: boolean,
  { seq, chain }: Pick<Seal, 'seq' | 'chain'>,
): string => canonicalJson({ kind: 'header', format: 'capstack-audit/1', tenant, payloads, seq, chain });

/** A seal, followed in the file by the records it seals. */
export const sealLine = ({ seal, leaves }: SealedRows): string =>
  canonicalJson({ kind: 'seal', seal, leaves });

export const recordLine = (record: AuditRecord): string => canonicalJson({ kind: 'record', record });

/** The bytes of a delivery as they came. */
export const payloadLine = (bodyHash: string, body: Uint8Array): string =>
  canonicalJson({ kind: 'payload', body_hash: bodyHash, body: Buffer.from(body).toString('base64') });
