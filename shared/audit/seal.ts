import { canonicalJson, sha256Of } from '../canonical/canonical.ts';
import { leafHash, merkleRoot } from './merkle.ts';
import type { Leaf } from './record.ts';

/** What stands before the first seal. */
export const GENESIS: string = `sha256:${'0'.repeat(64)}`;

/** One link of a tenant's chain: rows of one unit that no earlier seal holds. */
export interface Seal {
  /** From 1, without gaps. */
  readonly seq: number;
  readonly tenant: string;
  /** `day 2026-01-31`, `plan`, `review`, `statements rate 2026-01`. */
  readonly unit: string;
  /** How many seals of the unit there are with this one: rows that come late get a later one. */
  readonly version: number;
  readonly count: number;
  /** Merkle root over the leaves in the order of their names. */
  readonly root: string;
  readonly sealed_at: string;
  /** Chain hash of the seal before. */
  readonly previous: string;
  readonly chain: string;
}

/** A seal with its leaves, by which every single row can be told altered, missing or added. */
export interface SealedRows {
  readonly seal: Seal;
  readonly leaves: readonly Leaf[];
}

/** The hash that a seal's successor carries: over all before, and all that it says. */
export const chainHash = ({ chain: _, ...core }: Omit<Seal, 'chain'> & { readonly chain?: string }): string =>
  sha256Of(`${core.previous}\n${canonicalJson(core)}`);

export const rootOf = (leaves: readonly Leaf[]): string =>
  merkleRoot(leaves.map(([name, hash]) => leafHash(`${name}\n${hash}`)));

const byName = ([a]: Leaf, [b]: Leaf): number => (a < b ? -1 : a > b ? 1 : 0);

/** The link after `head` for rows of one unit. */
export const sealRows = (
  head: Pick<Seal, 'seq' | 'chain'> | undefined,
  of: Pick<Seal, 'tenant' | 'unit' | 'version' | 'sealed_at'>,
  rows: readonly Leaf[],
): SealedRows => {
  const leaves = [...rows].sort(byName);
  const core = {
    seq: (head?.seq ?? 0) + 1,
    tenant: of.tenant,
    unit: of.unit,
    version: of.version,
    count: leaves.length,
    root: rootOf(leaves),
    sealed_at: of.sealed_at,
    previous: head?.chain ?? GENESIS,
  };
  return { seal: { ...core, chain: chainHash(core) }, leaves };
};
