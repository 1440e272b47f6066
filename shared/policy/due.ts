import type { PolicySettings } from '../contract/policy.ts';
import type { Decision } from './decision.ts';
import { changesInWeek } from './settle.ts';
import { type Group, type Sizes, sameSizes, stands } from './sizes.ts';
import type { GroupMemory, PolicyState } from './state.ts';
import { governedEnvironment, stepTowards } from './target.ts';

/** A change that may be made now. */
export interface Due {
  readonly group: Group;
  readonly decision: Decision;
  readonly step: Sizes;
}

/** What a run that may write does, and what keeps it from the rest. */
export interface DueChanges {
  readonly due: readonly Due[];
  /** By group: why its plan waits. */
  readonly waiting: ReadonlyMap<string, string>;
  /** Groups with a baseline in their tag that nobody needs any more. */
  readonly untag: readonly string[];
}

/** Between two changes of a group. */
export const COOL_DOWN_MS: number = 6 * 3_600_000;
/** What one run changes at most: whatever is wrong with a run, the rest of the cloud stands. */
export const GROUPS_PER_RUN_MAX = 5;

const lastChangeMs = ({ changes = [] }: GroupMemory): number => {
  const last = changes.at(-1);
  return last === undefined ? Number.NEGATIVE_INFINITY : Date.parse(last);
};

/** Why a plan is not applied now, or undefined where nothing speaks against it. */
const obstacle = (
  state: PolicyState,
  memory: GroupMemory,
  decision: Decision,
  group: Group,
  settings: PolicySettings,
  now: string,
): string | undefined => {
  const nowMs = Date.parse(now);
  if (group.scheduled) return 'scheduled actions size the group: the policy would only fight them';
  if (memory.retryAt !== undefined && memory.retryAt > now) return memory.waiting;
  if (decision.ordered_by !== null) return undefined;
  if (state.hold.length > 0) return 'the policy holds';
  if (decision.not_before > now) return 'its dwell has not passed';
  if (!state.confirmed) return 'no later forecast has confirmed the stance yet';
  if (nowMs - lastChangeMs(memory) < COOL_DOWN_MS) return 'the group was changed less than 6 hours ago';
  /** The way back is kept free: a saving may not use up the last change of the week. */
  const reserve = decision.stance === 'NORMAL' ? 0 : 1;
  if (changesInWeek(memory, nowMs).length + reserve >= settings.changesPerWeekMax)
    return `the flap budget of ${settings.changesPerWeekMax} changes a week is spent`;
  return undefined;
};

const isUntagged = (state: PolicyState, group: Group, memory: GroupMemory | undefined): boolean => {
  if (group.baseline === undefined || group.scheduled) return false;
  if (memory?.handsOff) return memory.standing === undefined;
  return state.stance === 'NORMAL' && memory?.baseline === undefined && sameSizes(group, group.baseline);
};

/** Looks for what may be done now about the plans that stand. */
export const dueChanges = (
  state: PolicyState,
  groups: readonly Group[],
  settings: PolicySettings,
  now: string,
): DueChanges => {
  const due: Due[] = [];
  const waiting = new Map<string, string>();
  const untag: string[] = [];
  for (const group of groups) {
    const memory = state.groups[group.name];
    if (!governedEnvironment(group.environment)) continue;
    if (isUntagged(state, group, memory)) untag.push(group.name);
    const decision = memory?.standing;
    if (!memory || decision?.status !== 'planned' || memory.pending || stands(group, decision.to)) continue;
    const why = obstacle(state, memory, decision, group, settings, now);
    if (why !== undefined) waiting.set(group.name, why);
    else if (due.length < GROUPS_PER_RUN_MAX)
      due.push({
        group,
        decision,
        step: decision.ordered_by === null ? stepTowards(group, decision.to) : decision.to,
      });
    else waiting.set(group.name, `${GROUPS_PER_RUN_MAX} groups were changed in this run already`);
  }
  return { due, waiting, untag };
};
