import type { Decision, Outcome } from './decision.ts';
import { forgotten } from './group-outcome.ts';
import { type Group, sizesOf, stands } from './sizes.ts';
import type { GroupMemory } from './state.ts';

/** A group's memory after a change, with what the record says of it. */
export interface Settled {
  readonly memory: GroupMemory | undefined;
  readonly outcome?: Outcome;
}

const WEEK_MS: number = 7 * 24 * 3_600_000;
/** A change that was refused is not worth asking for again before. */
const RETRY_MS: number = 24 * 3_600_000;

/** The changes that the flap budget still counts at an instant. */
export const changesInWeek = ({ changes = [] }: GroupMemory, nowMs: number): readonly string[] =>
  changes.filter((at) => nowMs - Date.parse(at) < WEEK_MS);

const outcomeOf = (
  decision: Decision,
  at: string,
  fields: Omit<Outcome, 'decision_id' | 'planned_at' | 'at'>,
) => ({
  decision_id: decision.decision_id,
  planned_at: decision.planned_at,
  at,
  ...fields,
});

/** A restored group is remembered no more; one that its owner ordered back is left alone until the runway is long. */
const afterwards = (memory: GroupMemory, decision: Decision, group: Group): GroupMemory | undefined => {
  const { standing: _, ...done } = memory;
  if (!stands(group, decision.to)) return memory;
  if (memory.handsOff) return done;
  return decision.stance === 'NORMAL' ? forgotten(memory) : memory;
};

/** Records a change that was made, by what the group looks like since. */
export const changed = (memory: GroupMemory, decision: Decision, group: Group, now: string): Settled => {
  const { pending, waiting: _, retryAt: __, ...kept } = memory;
  if (pending === undefined) return { memory };
  const after = sizesOf(group);
  const changes = [...changesInWeek(memory, Date.parse(now)), now];
  const status = stands(group, pending.to) ? 'applied' : 'differs';
  return {
    memory: afterwards({ ...kept, left: after, changes }, decision, group),
    outcome: outcomeOf(decision, now, { status, before: pending.before, requested: pending.to, after }),
  };
};

/** Takes a change back from the record: it was not made, and may be tried again. */
export const notMade = (memory: GroupMemory, waiting: string): Settled => {
  const { pending: _, ...kept } = memory;
  return { memory: { ...kept, waiting } };
};

/** Records that a change was refused; the group stands as before. */
export const refused = (memory: GroupMemory, decision: Decision, reason: string, now: string): Settled => {
  const { pending, ...kept } = memory;
  const retryAt = new Date(Date.parse(now) + RETRY_MS).toISOString();
  return {
    memory: { ...kept, waiting: `it was refused: ${reason}`, retryAt },
    outcome: outcomeOf(decision, now, {
      status: 'failed',
      reason,
      ...(pending && { before: pending.before, requested: pending.to, after: pending.before }),
    }),
  };
};

/**
 * What became of a change that an earlier run recorded and did not report on. Sizes are absolute, so the group itself tells:
 * it stands as asked for, as before, or as somebody else wants it.
 */
export const settled = (memory: GroupMemory, group: Group | undefined, now: string): Settled => {
  const { pending, standing } = memory;
  if (pending === undefined) return { memory };
  if (standing === undefined || group === undefined) return notMade(memory, 'the group was out of sight');
  if (stands(group, pending.to)) return changed(memory, standing, group, now);
  return notMade(memory, 'an earlier run broke off before the change');
};

/** Whether a group stands otherwise than we left it: then it is its owner's to size. */
export const drifted = ({ left, pending, handsOff }: GroupMemory, group: Group): boolean =>
  left !== undefined && pending === undefined && handsOff === undefined && !stands(group, left);
