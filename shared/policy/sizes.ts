/** What a group can be set to: min <= desired <= max. */
export interface Sizes {
  readonly min: number;
  readonly max: number;
  readonly desired: number;
  /** Per cent on demand above the base, of a group whose owner lets the policy move its mix; absent for all others. */
  readonly onDemandPercent?: number;
}

/** How a group mixes purchase options. */
export interface Mix {
  readonly onDemandBase: number;
  readonly onDemandPercent: number;
}

/** A managed group as it is now. */
export interface Group extends Sizes {
  readonly name: string;
  /** As tagged; anything may stand there. */
  readonly environment: string;
  /** Sizes to return to, as tagged while the group is smaller than normal. */
  readonly baseline?: Sizes;
  /** Its owner calls it interruptible work on spot instances, which may stop altogether. */
  readonly batch?: boolean;
  /** Absent where all is on demand. */
  readonly mix?: Mix;
  /** Has scaling policies, which move `desired` at any time: only the limits are ours. */
  readonly scaled?: boolean;
  /** Has scheduled actions, which would overwrite what we set. */
  readonly scheduled?: boolean;
  /** Of its running instances, each type once, in order. */
  readonly instanceTypes?: readonly string[];
}

export const sizesOf = ({ min, max, desired, onDemandPercent }: Sizes): Sizes => ({
  min,
  max,
  desired,
  ...(onDemandPercent !== undefined && { onDemandPercent }),
});

/** Only the limits: within them a scaling policy may move `desired` at any time. */
export const sameLimits = (a: Sizes, b: Sizes): boolean =>
  a.min === b.min && a.max === b.max && a.onDemandPercent === b.onDemandPercent;

export const sameSizes = (a: Sizes, b: Sizes): boolean => sameLimits(a, b) && a.desired === b.desired;

/** Whether a group stands as a change meant it to. */
export const stands = (group: Group, meant: Sizes): boolean =>
  group.scaled ? sameLimits(group, meant) : sameSizes(group, meant);

/** The smaller of each; ordered where both are. The mix is the second's. */
export const smallerOf = (a: Sizes, b: Sizes): Sizes => ({
  ...sizesOf(b),
  min: Math.min(a.min, b.min),
  max: Math.min(a.max, b.max),
  desired: Math.min(a.desired, b.desired),
});

/** `min-desired-max` or, where the mix is ours too, `min-desired-max-percent`, as in the tag that keeps a baseline. */
export const baselineText = ({ min, desired, max, onDemandPercent }: Sizes): string =>
  [min, desired, max, ...(onDemandPercent === undefined ? [] : [onDemandPercent])].join('-');

/** The sizes that such a tag keeps; undefined where the text is no such thing. */
export const parseBaseline = (text: string): Sizes | undefined => {
  const [, min, desired, max, percent] = /^(\d{1,5})-(\d{1,5})-(\d{1,5})(?:-(\d{1,3}))?$/.exec(text) ?? [];
  if (min === undefined || desired === undefined || max === undefined) return undefined;
  const sizes = { min: Number(min), max: Number(max), desired: Number(desired) };
  if (sizes.min > sizes.desired || sizes.desired > sizes.max || Number(percent ?? 0) > 100) return undefined;
  return percent === undefined ? sizes : { ...sizes, onDemandPercent: Number(percent) };
};

/** `1/4/2`: min, max, desired. */
export const sizesText = ({ min, max, desired, onDemandPercent }: Sizes): string =>
  `${min}/${max}/${desired}${onDemandPercent === undefined ? '' : ` with ${onDemandPercent} % on demand`}`;
