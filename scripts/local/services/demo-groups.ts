/** Auto Scaling groups that a fresh local account has: one per environment, with the tags that put them under the policy. */
import { ASG_TAGS, ENVIRONMENTS } from '../../../shared/contract/names.ts';
import type { GroupSize, NewScalingGroup } from './scaling-group.ts';

const SIZES: Readonly<Record<(typeof ENVIRONMENTS)[number], GroupSize>> = {
  production: { min: 3, max: 12, desired: 8 },
  staging: { min: 2, max: 8, desired: 4 },
  dev: { min: 1, max: 4, desired: 2 },
};

export const DEMO_GROUPS: readonly NewScalingGroup[] = ENVIRONMENTS.map((environment) => ({
  name: `capstack-${environment}-asg`,
  ...SIZES[environment],
  tags: { [ASG_TAGS.managed]: 'true', [ASG_TAGS.environment]: environment },
}));
