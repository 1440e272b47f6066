import type { Decision } from './decision.ts';
import type { Sizes } from './sizes.ts';
import { FIRST_STANCE, type StanceSince } from './stance.ts';

/** A change that is on its way: recorded before it is asked for, so that whoever comes after a crash can look. */
export interface Pending {
  readonly before: Sizes;
  readonly to: Sizes;
  readonly at: string;
}

/** What the policy remembers of one group. */
export interface GroupMemory {
  /** Its sizes when the stance left NORMAL; gone once it has them again in NORMAL. */
  readonly baseline?: Sizes;
  /** The plan that stands, in the stance that made it. */
  readonly standing?: Decision;
  /** The latest decision about the group, whatever it was: the next one's predecessor. */
  readonly latestDecisionId?: string;
  readonly pending?: Pending;
  /** The sizes that our last change left; others mean another hand. */
  readonly left?: Sizes;
  /** Why the policy leaves the group alone until the runway is long again. */
  readonly handsOff?: 'changed by another hand' | 'given back by order';
  /** When we changed it, as far back as the flap budget looks. */
  readonly changes?: readonly string[];
  /** Not to be tried before, after it was refused. */
  readonly retryAt?: string;
  /** Why the standing plan is not applied yet. */
  readonly waiting?: string;
  /** Of the instances it last had: an empty group has none to price. */
  readonly instanceTypes?: readonly string[];
}

/** All that one run of the policy leaves to the next. */
export interface PolicyState extends StanceSince {
  /** Why nothing was decided in the last run; empty where it was free to. */
  readonly hold: readonly string[];
  readonly groups: Readonly<Record<string, GroupMemory>>;
  /** Ids of intents that were taken up already. */
  readonly intents?: readonly string[];
}

export const FIRST_STATE: PolicyState = { ...FIRST_STANCE, hold: [], groups: {} };
