import type { PolicySettings } from '../contract/policy.ts';
import { type Deciding, decisionOn } from './decide.ts';
import type { Decision } from './decision.ts';
import type { Mode } from './mode.ts';
import type { Grounds } from './reading.ts';
import { type Group, type Sizes, sameLimits, sameSizes, sizesOf } from './sizes.ts';
import { nextStance, type Stance, type StanceSince } from './stance.ts';
import type { GroupMemory, PolicyState } from './state.ts';
import { governedEnvironment, restoringTarget, savingTarget } from './target.ts';

export interface PlanInput {
  readonly state: PolicyState;
  readonly grounds: Grounds;
  readonly groups: readonly Group[];
  readonly mode: Mode;
  readonly settings: PolicySettings;
  readonly now: string;
  /** Groups beyond are left as they were, for the next run. */
  readonly decisionsMax: number;
}

/** What follows from a run: the state to remember, and the decisions to record with it. */
export interface Planned {
  readonly state: PolicyState;
  readonly decisions: readonly Decision[];
}

interface GroupOutcome {
  readonly memory: GroupMemory | undefined;
  readonly decision?: Decision;
}

/**
 * Whether a plan that stands still does what a saving stance asks for. Within its stance only the limits count: a desired
 * capacity that a scaling policy moves up and down is no news.
 */
const stillMeant = (standing: Decision, stance: Stance, target: Sizes): boolean => {
  if (standing.stance === 'NORMAL') return false;
  return standing.stance === stance ? sameLimits(standing.to, target) : sameSizes(standing.to, target);
};

const remembered = (baseline: Sizes, decision: Decision): GroupMemory => ({
  baseline,
  latestDecisionId: decision.decision_id,
  ...(decision.status === 'planned' && { standing: decision }),
});

/** Ends a plan that nothing calls for any more, by a decision of its own. */
const withdrawal = (deciding: Deciding, group: Group, standing: Decision, why: string): Decision =>
  decisionOn(deciding, { group, status: 'withdrawn', to: group, baseline: standing.baseline, standing, why });

const savingOutcome = (
  deciding: Deciding,
  group: Group,
  memory: GroupMemory,
  stance: Exclude<Stance, 'NORMAL'>,
): GroupOutcome => {
  const environment = governedEnvironment(group.environment);
  if (environment === undefined) return { memory };
  const { standing, latestDecisionId } = memory;
  const baseline = memory.baseline ?? group.baseline ?? sizesOf(group);
  const target = savingTarget(environment, stance, baseline, group);
  if (standing && stillMeant(standing, stance, target)) return { memory };
  if (sameSizes(target, group)) {
    if (standing === undefined) return { memory: { ...memory, baseline } };
    const decision = withdrawal(deciding, group, standing, `${stance} asks for nothing smaller than it has`);
    return { memory: remembered(baseline, decision), decision };
  }
  const decision = decisionOn(deciding, {
    group,
    status: 'planned',
    to: target,
    baseline,
    standing,
    latestDecisionId,
  });
  return { memory: remembered(baseline, decision), decision };
};

const restoringOutcome = (deciding: Deciding, group: Group, memory: GroupMemory): GroupOutcome => {
  const { baseline, standing, latestDecisionId } = memory;
  const forgotten: GroupMemory | undefined =
    latestDecisionId === undefined ? undefined : { latestDecisionId };
  if (baseline === undefined) return { memory: forgotten };
  const restoring = standing?.stance === 'NORMAL';
  const target = restoringTarget(baseline, group, standing !== undefined);
  if (target === undefined) {
    if (standing === undefined || (restoring && sameLimits(group, baseline))) return { memory: forgotten };
    const decision = withdrawal(deciding, group, standing, 'there is nothing to give back');
    return { memory: { latestDecisionId: decision.decision_id }, decision };
  }
  if (restoring) return { memory };
  const decision = decisionOn(deciding, {
    group,
    status: 'planned',
    to: target,
    baseline,
    standing,
    latestDecisionId,
  });
  return { memory: remembered(baseline, decision), decision };
};

/**
 * A group that is out of reach (gone, no longer managed, of another environment) keeps no plan. While saving lasts its
 * baseline is kept, so that a group which comes back is not halved twice.
 */
const abandonedOutcome = (deciding: Deciding, name: string, memory: GroupMemory): GroupOutcome => {
  const { standing, baseline, latestDecisionId } = memory;
  const kept = (id: string | undefined): GroupMemory | undefined =>
    deciding.stance === 'NORMAL' || baseline === undefined
      ? undefined
      : { baseline, ...(id !== undefined && { latestDecisionId: id }) };
  if (standing === undefined) return { memory: kept(latestDecisionId) };
  const last: Group = { ...standing.from, name, environment: standing.environment };
  const decision = withdrawal(deciding, last, standing, 'the group is no longer ours to size');
  return { memory: kept(decision.decision_id), decision };
};

const stanceAfter = (
  state: StanceSince,
  stance: Stance,
  now: string,
): Pick<PolicyState, 'stance' | 'since' | 'previous'> =>
  stance === state.stance
    ? { stance, since: state.since, previous: state.previous }
    : { stance, since: now, previous: state.stance };

const outcomeOf = (
  deciding: Deciding,
  name: string,
  group: Group | undefined,
  memory: GroupMemory,
): GroupOutcome => {
  if (group === undefined) return abandonedOutcome(deciding, name, memory);
  return deciding.stance === 'NORMAL'
    ? restoringOutcome(deciding, group, memory)
    : savingOutcome(deciding, group, memory, deciding.stance);
};

/**
 * One run of the policy, as data. It is driven by levels, not by events: what a crash left unrecorded, the next run plans;
 * a run that finds all as it should be decides nothing.
 */
export const plan = ({ state, grounds, groups, mode, settings, now, decisionsMax }: PlanInput): Planned => {
  if (grounds.hold !== undefined) return { state: { ...state, hold: grounds.hold }, decisions: [] };
  const { reading } = grounds;
  const stance = nextStance(state, reading, settings, Date.parse(now));
  const deciding: Deciding = { stance, reading, mode, settings, now };
  const governed = new Map(
    groups.filter((group) => governedEnvironment(group.environment)).map((group) => [group.name, group]),
  );
  const memories: Record<string, GroupMemory> = {};
  const decisions: Decision[] = [];
  for (const name of [...new Set([...Object.keys(state.groups), ...governed.keys()])].sort()) {
    const known = state.groups[name];
    const { memory, decision } = outcomeOf(deciding, name, governed.get(name), known ?? {});
    const postponed = decision !== undefined && decisions.length >= decisionsMax;
    const kept = postponed ? known : memory;
    if (kept) memories[name] = kept;
    if (decision && !postponed) decisions.push(decision);
  }
  return { state: { ...stanceAfter(state, stance, now), hold: [], groups: memories }, decisions };
};
