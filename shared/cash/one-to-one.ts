/** A telling that may be the other end of another. */
export interface Candidate {
  readonly left: string;
  readonly right: string;
  /** The higher, the more speaks for it. */
  readonly score: number;
  readonly gapDays: number;
}

/**
 * Pairs in which nobody stands twice, the likeliest first. Of candidates equally likely, names decide: so the pairs depend
 * on what is told and not on when.
 */
export const oneToOne = <Of extends Candidate>(candidates: readonly Of[]): readonly Of[] => {
  const taken = { left: new Set<string>(), right: new Set<string>() };
  return candidates
    .toSorted(
      (a, b) =>
        b.score - a.score ||
        a.gapDays - b.gapDays ||
        (a.left === b.left ? (a.right < b.right ? -1 : 1) : a.left < b.left ? -1 : 1),
    )
    .filter(({ left, right }) => {
      if (taken.left.has(left) || taken.right.has(right)) return false;
      taken.left.add(left);
      taken.right.add(right);
      return true;
    });
};
