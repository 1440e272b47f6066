import { type Deciding, decisionOn, digestOf } from './decide.ts';
import type { Decision, Outcome } from './decision.ts';
import { remembered } from './group-outcome.ts';
import type { ApprovalIntent, Intent, RestoreIntent } from './intent.ts';
import { type Group, stands } from './sizes.ts';
import type { GroupMemory, PolicyState } from './state.ts';

type Memories = Readonly<Record<string, GroupMemory>>;

/** What followed from the owner's intents. */
export interface Obeyed {
  readonly groups: Memories;
  readonly decisions: readonly Decision[];
  readonly outcomes: readonly Outcome[];
}

/** Plans the way back for each group that is smaller than it was; a group that was never changed has nothing to return to. */
const restore = (
  deciding: Deciding,
  order: RestoreIntent,
  groups: ReadonlyMap<string, Group>,
  memories: Memories,
): Obeyed => {
  const next: Record<string, GroupMemory> = { ...memories };
  const decisions: Decision[] = [];
  for (const [name, memory] of Object.entries(memories)) {
    const { baseline } = memory;
    const group = groups.get(name);
    const meant = order.groups === null || order.groups.includes(name);
    if (!meant || baseline === undefined || group === undefined || memory.pending) continue;
    const handsOff = 'given back by order' as const;
    const touched = memory.left !== undefined || memory.handsOff === 'changed by another hand';
    if (!touched || stands(group, baseline)) {
      const { standing: _, waiting: __, ...kept } = memory;
      next[name] = { ...kept, handsOff };
      continue;
    }
    const decision = decisionOn(deciding, {
      group,
      memory,
      status: 'planned',
      to: baseline,
      baseline,
      order,
    });
    decisions.push(decision);
    next[name] = { ...remembered(memory, baseline, decision), handsOff };
  }
  return { groups: next, decisions, outcomes: [] };
};

/** An approval is of the very recommendation that stands, while it stands. */
const approve = ({ now }: Deciding, approval: ApprovalIntent, memories: Memories): Obeyed => {
  const standing = Object.values(memories)
    .map((memory) => memory.standing)
    .find((each) => each?.decision_id === approval.decision);
  if (standing === undefined || standing.status !== 'recommended')
    return { groups: memories, decisions: [], outcomes: [] };
  const lapsed =
    standing.expires_at === null || standing.expires_at <= approval.at
      ? 'the recommendation had expired'
      : digestOf(standing) !== approval.digest && 'the digest is not that of the recommendation';
  const outcome: Outcome = {
    decision_id: standing.decision_id,
    planned_at: standing.planned_at,
    at: now,
    by: approval.by,
    ...(lapsed ? { status: 'lapsed', reason: lapsed } : { status: 'approved' }),
  };
  return { groups: memories, decisions: [], outcomes: [outcome] };
};

/** Takes up what the owner asked for and nobody took up yet, in the order it was asked. */
export const obeyed = (
  deciding: Deciding,
  state: PolicyState,
  intents: readonly Intent[],
  groups: ReadonlyMap<string, Group>,
): Obeyed => {
  let result: Obeyed = { groups: state.groups, decisions: [], outcomes: [] };
  for (const intent of unseen(state, intents)) {
    const next =
      intent.kind === 'restore'
        ? restore(deciding, intent, groups, result.groups)
        : approve(deciding, intent, result.groups);
    result = {
      groups: next.groups,
      decisions: [...result.decisions, ...next.decisions],
      outcomes: [...result.outcomes, ...next.outcomes],
    };
  }
  return result;
};

/** The intents that no run took up yet. */
export const unseen = (state: PolicyState, intents: readonly Intent[]): readonly Intent[] =>
  intents.filter(({ id }) => !(state.intents ?? []).includes(id));
