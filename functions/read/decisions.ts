import type { PolicyStore } from '../../shared/aws/policy-store.ts';
import type { Decision } from '../../shared/policy/decision.ts';
import type { PolicyState } from '../../shared/policy/state.ts';

export interface DecisionsBody {
  readonly stance: PolicyState['stance'];
  readonly stance_since: string | null;
  /** Why the last run decided nothing; empty where it was free to. */
  readonly hold: readonly string[];
  /** Newest first. */
  readonly decisions: readonly Decision[];
}

/** The policy's stance, what holds it back, and what it decided. */
export const readDecisions = async (
  policy: Pick<PolicyStore, 'state' | 'decisions'>,
  tenant: string,
): Promise<DecisionsBody> => {
  const [{ state }, decisions] = await Promise.all([policy.state(tenant), policy.decisions(tenant)]);
  return { stance: state.stance, stance_since: state.since, hold: state.hold, decisions };
};
