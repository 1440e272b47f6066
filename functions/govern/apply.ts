import type { Answer } from '../../shared/aws/auto-scaling.ts';
import type { Outcome } from '../../shared/policy/decision.ts';
import { type Due, dueChanges } from '../../shared/policy/due.ts';
import { changed, notMade, refused, type Settled } from '../../shared/policy/settle.ts';
import { type Group, sizesOf } from '../../shared/policy/sizes.ts';
import type { GroupMemory, PolicyState } from '../../shared/policy/state.ts';
import { isoInstant } from '../../shared/time/instant.ts';
import type { Run } from './govern.ts';

/** The policy's state with what it takes to write over it. */
interface Written {
  readonly version: number;
  readonly state: PolicyState;
}

const withGroup = (state: PolicyState, name: string, memory: GroupMemory | undefined): PolicyState => {
  const { [name]: _, ...others } = state.groups;
  return { ...state, groups: memory ? { ...others, [name]: memory } : others };
};

/** @throws Error where another run has taken over: then nothing more is ours to do. */
const write = async (
  { deps, lease }: Run,
  { version }: Written,
  state: PolicyState,
  outcomes: readonly Outcome[] = [],
): Promise<Written> => {
  const { tenant } = deps.settings;
  const outcome = await deps.policy.record(tenant, version, { state, decisions: [], outcomes }, lease);
  if (outcome === 'rival') throw new Error('another run of the policy has taken over');
  return { version: version + 1, state };
};

/** Asks for the change, the mirrored baseline first: whoever finds the group smaller finds what it was. */
const ask = async ({ deps }: Run, { group, decision, step }: Due): Promise<Answer> => {
  const mirrors = decision.stance !== 'NORMAL' && !decision.ordered_by && group.baseline === undefined;
  if (mirrors) {
    const mirrored = await deps.groups.mirror(group.name, decision.baseline);
    if (mirrored.outcome !== 'accepted') return mirrored;
  }
  const answer = await deps.groups.resize(group, step);
  /** A refused first change leaves no trace; a passing one is asked for again soon. */
  if (answer.outcome === 'refused' && mirrors) await deps.groups.unmirror(group.name);
  return answer;
};

const settle = async (
  { deps, log }: Run,
  memory: GroupMemory,
  due: Due,
  answer: Answer,
  now: string,
): Promise<Settled> => {
  const { group, decision } = due;
  if (answer.outcome === 'later') return notMade(memory, `Auto Scaling says later: ${answer.reason}`);
  if (answer.outcome === 'refused') {
    log.error('policy change refused', { group: group.name, reason: answer.reason });
    return refused(memory, decision, answer.reason, now);
  }
  const observed = await deps.groups.describe(group.name);
  return observed
    ? changed(memory, decision, observed, now)
    : notMade(memory, 'the group was out of sight after the change');
};

/**
 * One change: the intention is recorded, the change asked for, the group looked at again, and what came of it recorded.
 * After a break at any point the next run reads from the record and the group where to go on.
 */
const change = async (run: Run, written: Written, due: Due): Promise<Written> => {
  const { name } = due.group;
  const now = isoInstant(run.nowMs);
  const memory: GroupMemory = {
    ...written.state.groups[name],
    pending: { before: sizesOf(due.group), to: due.step, at: now },
  };
  const begun = await write(run, written, withGroup(written.state, name, memory));
  const answer = await ask(run, due);
  const { memory: after, outcome } = await settle(run, memory, due, answer, now);
  const done = await write(run, begun, withGroup(begun.state, name, after), outcome ? [outcome] : []);
  if (outcome) run.log.info('policy outcome', { group: name, ...outcome });
  return done;
};

/** Why plans wait is part of what readers are told. */
const noted = (state: PolicyState, waiting: ReadonlyMap<string, string>): PolicyState => {
  let next = state;
  for (const [name, memory] of Object.entries(state.groups)) {
    const why = waiting.get(name);
    if (memory.waiting === why || (why === undefined && memory.retryAt !== undefined)) continue;
    const { waiting: _, ...kept } = memory;
    next = withGroup(next, name, why === undefined ? kept : { ...kept, waiting: why });
  }
  return next;
};

/** A baseline that nobody needs any more is no longer mirrored; later it would be taken for what a group once was. */
const untag = async ({ deps, log }: Run, names: readonly string[]): Promise<void> => {
  for (const name of names) {
    const answer = await deps.groups.unmirror(name);
    if (answer.outcome !== 'accepted') log.warn('baseline tag left', { name, reason: answer.reason });
  }
};

/** Makes the changes that are due, one after the other. @returns how many groups were changed. */
export const apply = async (
  run: Run,
  version: number,
  state: PolicyState,
  groups: readonly Group[],
): Promise<number> => {
  const { deps, nowMs } = run;
  const now = isoInstant(nowMs);
  const { due, waiting, untag: unneeded } = dueChanges(state, groups, deps.settings, now);
  const next = noted(state, waiting);
  let written: Written = { version, state };
  if (next !== state) written = await write(run, written, next);
  let changes = 0;
  for (const each of due) {
    const before = written.state.groups[each.group.name];
    written = await change(run, written, each);
    if (written.state.groups[each.group.name]?.changes !== before?.changes) changes += 1;
  }
  const done = due.filter(({ group }) => group.baseline && !written.state.groups[group.name]?.standing);
  await untag(run, [...new Set([...unneeded, ...done.map(({ group }) => group.name)])]);
  return changes;
};
