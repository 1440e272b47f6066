import type { Decision } from './decision.ts';
import type { Sizes } from './sizes.ts';
import { FIRST_STANCE, type StanceSince } from './stance.ts';

/** What the policy remembers of one group. */
export interface GroupMemory {
  /** Its sizes when the stance left NORMAL; gone once it has them again in NORMAL. */
  readonly baseline?: Sizes;
  /** The plan that stands, in the stance that made it. */
  readonly standing?: Decision;
  /** The latest decision about the group, whatever it was: the next one's predecessor. */
  readonly latestDecisionId?: string;
}

/** All that one run of the policy leaves to the next. */
export interface PolicyState extends StanceSince {
  /** Why nothing was decided in the last run; empty where it was free to. */
  readonly hold: readonly string[];
  readonly groups: Readonly<Record<string, GroupMemory>>;
}

export const FIRST_STATE: PolicyState = { ...FIRST_STANCE, hold: [], groups: {} };
