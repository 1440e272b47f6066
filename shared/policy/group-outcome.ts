import { raisesCost } from './cost.ts';
import { type Deciding, decisionOn, withdrawal } from './decide.ts';
import type { Decision } from './decision.ts';
import { type Group, type Sizes, sameLimits, sameSizes, sizesOf, stands } from './sizes.ts';
import type { Stance } from './stance.ts';
import type { GroupMemory } from './state.ts';
import {
  governedEnvironment,
  PROTECTED_ENVIRONMENT,
  recommendedTarget,
  restoringTarget,
  savingTarget,
} from './target.ts';

export interface GroupOutcome {
  readonly memory: GroupMemory | undefined;
  readonly decision?: Decision;
}

/** A plan replaces what was remembered of the last; what was done to the group stays. */
export const remembered = (memory: GroupMemory, baseline: Sizes, decision: Decision): GroupMemory => {
  const { standing: _, waiting: __, retryAt: ___, ...kept } = memory;
  const stays = decision.status === 'planned' || decision.status === 'recommended';
  return {
    ...kept,
    baseline,
    latestDecisionId: decision.decision_id,
    ...(stays && { standing: decision }),
  };
};

/** What is left of a group that has its sizes again. */
export const forgotten = (memory: GroupMemory, latestDecisionId?: string): GroupMemory | undefined => {
  const id = latestDecisionId ?? memory.latestDecisionId;
  const { changes } = memory;
  if (id === undefined && changes === undefined) return undefined;
  return { ...(id !== undefined && { latestDecisionId: id }), ...(changes && { changes }) };
};

/**
 * Whether a plan that stands still does what a saving stance asks for. Within its stance only the limits count: a desired
 * capacity that a scaling policy moves up and down is no news.
 */
const stillMeant = (standing: Decision, stance: Stance, target: Sizes): boolean => {
  if (standing.stance === 'NORMAL') return false;
  return standing.stance === stance ? sameLimits(standing.to, target) : sameSizes(standing.to, target);
};

const typesOf = (group: Group, memory: GroupMemory): Pick<GroupMemory, 'instanceTypes'> => {
  const instanceTypes = group.instanceTypes?.length ? group.instanceTypes : memory.instanceTypes;
  return instanceTypes ? { instanceTypes } : {};
};

export const savingOutcome = (
  deciding: Deciding,
  group: Group,
  memory: GroupMemory,
  stance: Exclude<Stance, 'NORMAL'>,
): GroupOutcome => {
  const environment = governedEnvironment(group.environment);
  if (environment === undefined) return { memory };
  const { standing } = memory;
  const baseline = memory.baseline ?? group.baseline ?? sizesOf(group);
  const known = { ...memory, ...typesOf(group, memory) };
  const asked = savingTarget(environment, stance, baseline, group, deciding.prices);
  /** The last guard, whatever the targets say: a saving that costs is none. */
  const target = raisesCost(group, asked, deciding.prices) ? sizesOf(group) : asked;
  if (standing && stillMeant(standing, stance, target)) return { memory };
  if (stands(group, target)) {
    if (standing === undefined) return { memory: { ...known, baseline } };
    const decision = withdrawal(deciding, group, memory, `${stance} asks for nothing smaller than it has`);
    return { memory: remembered(known, baseline, decision), decision };
  }
  const decision = decisionOn(deciding, { group, memory, status: 'planned', to: target, baseline });
  return { memory: remembered(known, baseline, decision), decision };
};

export const restoringOutcome = (deciding: Deciding, group: Group, memory: GroupMemory): GroupOutcome => {
  const { standing } = memory;
  /** The tag speaks where our own memory was lost. */
  const baseline = memory.baseline ?? group.baseline;
  if (baseline === undefined) return { memory: forgotten(memory) };
  const restoring = standing?.stance === 'NORMAL';
  const saved = standing !== undefined || memory.left !== undefined || memory.baseline === undefined;
  const target = restoringTarget(baseline, group, saved);
  if (target === undefined) {
    if (standing === undefined || (restoring && sameLimits(group, baseline)))
      return { memory: forgotten(memory) };
    const decision = withdrawal(deciding, group, memory, 'there is nothing to give back');
    return { memory: forgotten(memory, decision.decision_id), decision };
  }
  if (restoring) return { memory };
  const decision = decisionOn(deciding, { group, memory, status: 'planned', to: target, baseline });
  return { memory: remembered(memory, baseline, decision), decision };
};

/** Production: a person is told what could be saved, and how long the word stands. */
export const recommendation = (deciding: Deciding, group: Group, memory: GroupMemory): GroupOutcome => {
  const { stance, settings, now } = deciding;
  const { standing } = memory;
  const target =
    stance === 'NORMAL' ? sizesOf(group) : recommendedTarget(stance, group, settings.protectedMin);
  if (stands(group, target)) {
    if (standing === undefined) return { memory: forgotten(memory) };
    const decision = withdrawal(deciding, group, memory, 'there is nothing to save there');
    return { memory: forgotten(memory, decision.decision_id), decision };
  }
  const expired = standing?.expires_at != null && standing.expires_at <= now;
  if (standing && !expired && standing.stance === stance && sameLimits(standing.to, target))
    return { memory };
  const decision = decisionOn(deciding, {
    group,
    memory,
    status: 'recommended',
    to: target,
    baseline: group,
  });
  const { baseline: _, ...kept } = remembered(memory, sizesOf(group), decision);
  return { memory: kept, decision };
};

/**
 * A group that is out of reach (gone, no longer managed, of another environment) keeps no plan. While saving lasts its
 * baseline is kept, so that a group which comes back is not halved twice.
 */
export const abandonedOutcome = (deciding: Deciding, name: string, memory: GroupMemory): GroupOutcome => {
  const { standing, baseline, latestDecisionId, changes } = memory;
  const kept = (id: string | undefined): GroupMemory | undefined =>
    deciding.stance === 'NORMAL' || baseline === undefined
      ? undefined
      : { baseline, ...(changes && { changes }), ...(id !== undefined && { latestDecisionId: id }) };
  if (standing === undefined) return { memory: kept(latestDecisionId) };
  const last: Group = { ...standing.from, name, environment: standing.environment };
  const decision = withdrawal(deciding, last, memory, 'the group is no longer ours to size');
  return { memory: kept(decision.decision_id), decision };
};

export const isProtected = (group: Group): boolean => group.environment === PROTECTED_ENVIRONMENT;
