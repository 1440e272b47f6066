import { type Sizes, sizesOf, smallerOf } from './sizes.ts';
import type { Stance } from './stance.ts';

/** Environments whose groups follow the runway. Production and whatever else a tag may say do not. */
export const GOVERNED_ENVIRONMENTS = ['staging', 'dev'] as const;
export type GovernedEnvironment = (typeof GOVERNED_ENVIRONMENTS)[number];

export const governedEnvironment = (environment: string): GovernedEnvironment | undefined =>
  GOVERNED_ENVIRONMENTS.find((governed) => governed === environment);

const half = (instances: number): number => Math.ceil(instances / 2);

const ONE_OF_TWO: Sizes = { min: 1, max: 2, desired: 1 };

/** Half of what it was, rounded up, and free to fall to a single instance. */
const halved = (baseline: Sizes): Sizes => ({
  min: Math.min(1, baseline.min),
  max: half(baseline.max),
  desired: half(baseline.desired),
});

/** What each environment keeps, given what it had in NORMAL. */
const KEPT: Record<GovernedEnvironment, Record<Exclude<Stance, 'NORMAL'>, (baseline: Sizes) => Sizes>> = {
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

/** The sizes a saving stance asks for: never above the present ones, so that saving cannot raise a cost. */
export const savingTarget = (
  environment: GovernedEnvironment,
  stance: Exclude<Stance, 'NORMAL'>,
  baseline: Sizes,
  current: Sizes,
): Sizes => smallerOf(KEPT[environment][stance](baseline), current);

/**
 * The sizes to go back to in NORMAL, or undefined where there is nothing to give back: the group is as it was, or its
 * owner has made it larger meanwhile.
 * @param saved whether we planned to make it smaller. A desired capacity alone also falls by scaling policies.
 */
export const restoringTarget = (baseline: Sizes, current: Sizes, saved: boolean): Sizes | undefined => {
  if (current.max > baseline.max || current.min > baseline.min) return undefined;
  const smaller =
    current.max < baseline.max || current.min < baseline.min || (saved && current.desired < baseline.desired);
  return smaller ? sizesOf(baseline) : undefined;
};
