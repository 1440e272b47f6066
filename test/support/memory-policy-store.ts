import type { PolicyStore } from '../../shared/aws/policy-store.ts';
import type { Decision } from '../../shared/policy/decision.ts';
import { FIRST_STATE, type PolicyState } from '../../shared/policy/state.ts';

/** One write of the policy: its new state, and the decisions that were new with it. */
export interface PolicyWrite {
  readonly tenant: string;
  readonly version: number;
  readonly state: PolicyState;
  readonly decisions: readonly Decision[];
}

/** The policy's rows in memory: versions keep rivals apart, a decision is recorded once. */
export const memoryPolicyStore = (
  around: <Result>(run: () => Result) => Promise<Result> = async (run) => run(),
  onWrite: (write: PolicyWrite) => void = () => undefined,
): PolicyStore => {
  const states = new Map<string, { readonly version: number; readonly state: PolicyState }>();
  const recorded = new Map<string, Decision[]>();
  const decisionsOf = (tenant: string): readonly Decision[] => recorded.get(tenant) ?? [];
  return {
    state: (tenant) =>
      around(() => structuredClone(states.get(tenant) ?? { version: 0, state: FIRST_STATE })),
    record: (tenant, version, state, decisions) =>
      around(() => {
        if ((states.get(tenant)?.version ?? 0) !== version) return 'rival';
        const known = new Set(decisionsOf(tenant).map((decision) => decision.decision_id));
        const fresh = decisions.filter((decision) => !known.has(decision.decision_id));
        states.set(tenant, structuredClone({ version: version + 1, state }));
        recorded.set(tenant, [...decisionsOf(tenant), ...structuredClone(fresh)]);
        onWrite({ tenant, version: version + 1, state, decisions: fresh });
        return 'recorded';
      }),
    decisions: (tenant, limit = 50) =>
      around(() =>
        decisionsOf(tenant)
          .toSorted((a, b) =>
            `${a.planned_at}#${a.decision_id}` < `${b.planned_at}#${b.decision_id}` ? 1 : -1,
          )
          .slice(0, limit),
      ),
  };
};
