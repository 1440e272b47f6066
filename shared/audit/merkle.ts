import { createHash } from 'node:crypto';

/**
 * Merkle tree hashes as in RFC 6962, section 2.1: leaves and nodes are hashed under different prefixes, so that no node can
 * be passed off as a leaf.
 */
const LEAF = Buffer.from([0]);
const NODE = Buffer.from([1]);

/** Hex of a leaf's hash. */
export const leafHash = (content: string): string =>
  createHash('sha256').update(LEAF).update(content).digest('hex');

const nodeHash = (left: string, right: string): string =>
  createHash('sha256').update(NODE).update(left, 'hex').update(right, 'hex').digest('hex');

/** Root over the leaves' hashes, in their order. */
export const merkleRoot = (leaves: readonly string[]): string => {
  if (leaves.length === 0) return createHash('sha256').digest('hex');
  /** Pairing from the left, an odd one carried up as it is, makes the tree that the RFC splits from above. */
  let level = [...leaves];
  while (level.length > 1)
    level = Array.from({ length: Math.ceil(level.length / 2) }, (_, index) => {
      const [left, right] = [level[2 * index] as string, level[2 * index + 1]];
      return right === undefined ? left : nodeHash(left, right);
    });
  return level[0] as string;
};
