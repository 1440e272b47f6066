/** The three numbers of an Auto Scaling group: min <= desired <= max. */
export interface Sizes {
  readonly min: number;
  readonly max: number;
  readonly desired: number;
}

/** A managed group as it is now. */
export interface Group extends Sizes {
  readonly name: string;
  /** As tagged; anything may stand there. */
  readonly environment: string;
  /** Sizes to return to, as tagged while the group is smaller than normal. */
  readonly baseline?: Sizes;
}

export const sizesOf = ({ min, max, desired }: Sizes): Sizes => ({ min, max, desired });

export const sameSizes = (a: Sizes, b: Sizes): boolean =>
  a.min === b.min && a.max === b.max && a.desired === b.desired;

/** Only the limits: within them a scaling policy may move `desired` at any time. */
export const sameLimits = (a: Sizes, b: Sizes): boolean => a.min === b.min && a.max === b.max;

/** The smaller of each; ordered where both are. */
export const smallerOf = (a: Sizes, b: Sizes): Sizes => ({
  min: Math.min(a.min, b.min),
  max: Math.min(a.max, b.max),
  desired: Math.min(a.desired, b.desired),
});

/** `min-desired-max`, as in the tag that keeps a baseline; undefined where the text is no such thing. */
export const parseBaseline = (text: string): Sizes | undefined => {
  const [, min, desired, max] = (/^(\d{1,5})-(\d{1,5})-(\d{1,5})$/.exec(text) ?? []).map(Number);
  if (min === undefined || desired === undefined || max === undefined) return undefined;
  return min <= desired && desired <= max ? { min, max, desired } : undefined;
};

/** `1/4/2`: min, max, desired. */
export const sizesText = ({ min, max, desired }: Sizes): string => `${min}/${max}/${desired}`;
