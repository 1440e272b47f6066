import type { PolicySettings } from '../contract/policy.ts';
import { type Deciding, decisionOn } from './decide.ts';
import type { Decision, Outcome } from './decision.ts';
import {
  abandonedOutcome,
  forgotten,
  type GroupOutcome,
  isProtected,
  recommendation,
  remembered,
  restoringOutcome,
  savingOutcome,
} from './group-outcome.ts';
import type { Intent } from './intent.ts';
import type { Mode } from './mode.ts';
import { obeyed, unseen } from './orders.ts';
import type { PriceTable } from './prices.ts';
import type { Grounds } from './reading.ts';
import { drifted, settled } from './settle.ts';
import { type Group, sizesOf } from './sizes.ts';
import { stanceAfter } from './stance.ts';
import type { GroupMemory, PolicyState } from './state.ts';
import { governedEnvironment } from './target.ts';

export interface PlanInput {
  readonly state: PolicyState;
  readonly grounds: Grounds;
  readonly groups: readonly Group[];
  readonly intents: readonly Intent[];
  readonly mode: Mode;
  readonly settings: PolicySettings;
  readonly prices: PriceTable;
  readonly now: string;
  /** Groups beyond are left as they were, for the next run. */
  readonly decisionsMax: number;
}

/** What follows from a run: the state to remember, and what to record with it. */
export interface Planned {
  readonly state: PolicyState;
  readonly decisions: readonly Decision[];
  readonly outcomes: readonly Outcome[];
}

/** Whether a run must look at the groups even while it holds: something was begun, or ordered. */
export const mustLook = (state: PolicyState, intents: readonly Intent[]): boolean =>
  unseen(state, intents).length > 0 ||
  Object.values(state.groups).some(({ pending, standing }) => pending || standing?.ordered_by);

/** Somebody else sized the group since we did: it is theirs until the runway is long again. */
const release = (deciding: Deciding, group: Group, memory: GroupMemory): GroupOutcome => {
  const handsOff = 'changed by another hand' as const;
  const baseline = memory.baseline ?? sizesOf(group);
  const decision = decisionOn(deciding, {
    group,
    memory,
    status: 'released',
    to: group,
    baseline,
    why: 'for it was changed by another hand',
  });
  const { left: _, ...kept } = remembered(memory, baseline, decision);
  return { memory: { ...kept, handsOff }, decision };
};

const outcomeOf = (
  deciding: Deciding,
  name: string,
  group: Group | undefined,
  memory: GroupMemory,
): GroupOutcome => {
  if (group && isProtected(group) && memory.standing?.status !== 'planned')
    return recommendation(deciding, group, memory);
  if (group === undefined || !governedEnvironment(group.environment))
    return abandonedOutcome(deciding, name, memory);
  if (memory.handsOff) {
    /** The tag outlives it no longer than until the next run that may write. */
    const over = deciding.stance === 'NORMAL' && !memory.standing && group.baseline === undefined;
    return { memory: over ? forgotten(memory) : memory };
  }
  if (drifted(memory, group)) return release(deciding, group, memory);
  return deciding.stance === 'NORMAL'
    ? restoringOutcome(deciding, group, memory)
    : savingOutcome(deciding, group, memory, deciding.stance);
};

/** What earlier runs began is finished in the record first; what they left undone is planned anew. */
const settledGroups = (
  state: PolicyState,
  groups: ReadonlyMap<string, Group>,
  now: string,
): { readonly groups: Record<string, GroupMemory>; readonly outcomes: readonly Outcome[] } => {
  const memories: Record<string, GroupMemory> = {};
  const outcomes: Outcome[] = [];
  for (const [name, known] of Object.entries(state.groups)) {
    const { memory, outcome } = settled(known, groups.get(name), now);
    if (memory) memories[name] = memory;
    if (outcome) outcomes.push(outcome);
  }
  return { groups: memories, outcomes };
};

/** Decides on each group in turn, as many as fit. */
const decideAll = (
  deciding: Deciding,
  before: Readonly<Record<string, GroupMemory>>,
  groups: ReadonlyMap<string, Group>,
  decisionsMax: number,
): { readonly groups: Record<string, GroupMemory>; readonly decisions: readonly Decision[] } => {
  const memories: Record<string, GroupMemory> = {};
  const decisions: Decision[] = [];
  for (const name of [...new Set([...Object.keys(before), ...groups.keys()])].sort()) {
    const known = before[name];
    const { memory, decision } = outcomeOf(deciding, name, groups.get(name), known ?? {});
    const postponed = decision !== undefined && decisions.length >= decisionsMax;
    const kept = postponed ? known : memory;
    if (kept) memories[name] = kept;
    if (decision && !postponed) decisions.push(decision);
  }
  return { groups: memories, decisions };
};

/**
 * One run of the policy, as data. It is driven by levels, not by events: what a crash left unrecorded, the next run plans;
 * a run that finds all as it should be decides nothing.
 */
export const plan = (input: PlanInput): Planned => {
  const { state, grounds, intents, mode, settings, prices, now, decisionsMax } = input;
  const groups = new Map(input.groups.map((group) => [group.name, group]));
  const done = mustLook(state, intents)
    ? settledGroups(state, groups, now)
    : { groups: state.groups, outcomes: [] };
  const seen = intents.length === 0 ? {} : { intents: intents.map(({ id }) => id) };
  const { intents: _, ...rest } = state;
  const common = { mode, settings, prices, now };
  const holding: Deciding = { ...common, stance: state.stance, reading: grounds.reading };
  const orders = obeyed(holding, { ...state, groups: done.groups }, intents, groups);
  const outcomes = [...done.outcomes, ...orders.outcomes];
  if (grounds.hold !== undefined)
    return {
      state: { ...rest, ...seen, groups: orders.groups, hold: grounds.hold },
      decisions: orders.decisions,
      outcomes,
    };
  const stance = stanceAfter(state, grounds.reading, settings, now);
  const deciding: Deciding = { ...common, stance: stance.stance, reading: grounds.reading };
  const decided = decideAll(deciding, orders.groups, groups, decisionsMax - orders.decisions.length);
  return {
    state: { ...stance, ...seen, hold: [], groups: decided.groups },
    decisions: [...orders.decisions, ...decided.decisions],
    outcomes,
  };
};
