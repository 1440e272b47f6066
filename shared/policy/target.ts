import type { PriceTable } from './prices.ts';
import { type Group, type Sizes, sizesOf, smallerOf } from './sizes.ts';
import type { Stance } from './stance.ts';

type Saving = Exclude<Stance, 'NORMAL'>;

/** Environments whose groups follow the runway. Production and whatever else a tag may say do not. */
export const GOVERNED_ENVIRONMENTS = ['staging', 'dev'] as const;
export type GovernedEnvironment = (typeof GOVERNED_ENVIRONMENTS)[number];

/** Where a smaller size is recommended to a person, and never set. */
export const PROTECTED_ENVIRONMENT = 'production';

export const governedEnvironment = (environment: string): GovernedEnvironment | undefined =>
  GOVERNED_ENVIRONMENTS.find((governed) => governed === environment);

const half = (instances: number): number => Math.ceil(instances / 2);
const threeQuarters = (instances: number): number => Math.ceil((3 * instances) / 4);

const ONE_OF_TWO: Sizes = { min: 1, max: 2, desired: 1 };
const NONE: Sizes = { min: 0, max: 0, desired: 0 };

/** Half of what it was, rounded up, and free to fall to a single instance. */
const halved = (baseline: Sizes): Sizes => ({
  min: Math.min(1, baseline.min),
  max: half(baseline.max),
  desired: half(baseline.desired),
});

/** What each environment keeps, given what it had in NORMAL. */
const KEPT: Record<GovernedEnvironment, Record<Saving, (baseline: Sizes) => Sizes>> = {
  staging: {
    CONSERVE: halved,
    /** A group whose half is smaller still keeps that half. */
    CRITICAL: (baseline) => smallerOf(ONE_OF_TWO, halved(baseline)),
  },
  dev: {
    CONSERVE: () => ONE_OF_TWO,
    CRITICAL: () => ({ min: 0, max: 1, desired: 0 }),
  },
};

/** Scaling policies keep `desired`; AWS pulls it down with the maximum. */
const asScaled = (group: Group, to: Sizes): Sizes =>
  group.scaled ? { ...to, desired: Math.max(to.min, Math.min(group.desired, to.max)) } : to;

/**
 * The sizes a saving stance asks for: never above the present ones, and never dearer. What is left after that and must run
 * anyway moves to spot instances, where its owner allows it and the price table agrees.
 */
export const savingTarget = (
  environment: GovernedEnvironment,
  stance: Saving,
  baseline: Sizes,
  group: Group,
  prices: PriceTable,
): Sizes => {
  const kept = group.batch ? NONE : KEPT[environment][stance](baseline);
  const smaller = asScaled(group, smallerOf(kept, sizesOf(group)));
  const cheaper = prices.spotPercent < 100;
  return cheaper && group.onDemandPercent && smaller.desired > 0
    ? { ...smaller, onDemandPercent: 0 }
    : smaller;
};

/** What a person might take from production: headroom first, a quarter of the instances last, never below the floor. */
export const recommendedTarget = (stance: Saving, group: Group, protectedMin: number): Sizes => {
  const floor = Math.min(group.desired, Math.max(protectedMin, group.min));
  const desired = stance === 'CRITICAL' ? Math.max(floor, threeQuarters(group.desired)) : group.desired;
  const max = Math.max(desired, stance === 'CRITICAL' ? group.desired : threeQuarters(group.max));
  return asScaled(group, { ...sizesOf(group), max: Math.min(group.max, max), desired });
};

/**
 * The sizes to go back to in NORMAL, or undefined where there is nothing to give back: the group is as it was, or its
 * owner has made it larger meanwhile.
 * @param saved whether we planned to make it smaller. A desired capacity alone also falls by scaling policies.
 */
export const restoringTarget = (baseline: Sizes, group: Group, saved: boolean): Sizes | undefined => {
  if (group.max > baseline.max || group.min > baseline.min) return undefined;
  const smaller =
    group.max < baseline.max ||
    group.min < baseline.min ||
    baseline.onDemandPercent !== group.onDemandPercent ||
    (saved && !group.scaled && group.desired < baseline.desired);
  return smaller ? asScaled(group, sizesOf(baseline)) : undefined;
};

/** The next change on the way to a target: what shrinks loses half at most (the last one goes too), what grows back does so at once. */
export const stepTowards = (group: Group, target: Sizes): Sizes => {
  if (group.batch) return sizesOf(target);
  const fall = (from: number, to: number): number => Math.max(to, Math.min(from - 1, half(from)));
  const max = target.max >= group.max ? target.max : fall(group.max, target.max);
  const desired = target.desired >= group.desired ? target.desired : fall(group.desired, target.desired);
  return { ...sizesOf(target), max, desired: Math.min(desired, max) };
};
