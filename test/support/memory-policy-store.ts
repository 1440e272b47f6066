import type { PolicyRecord, PolicyStore } from '../../shared/aws/policy-store.ts';
import type { Decision, Outcome } from '../../shared/policy/decision.ts';
import type { Intent } from '../../shared/policy/intent.ts';
import { FIRST_STATE, type PolicyState } from '../../shared/policy/state.ts';

/** One write of the policy: its new state, and the decisions that were new with it. */
export interface PolicyWrite extends PolicyRecord {
  readonly tenant: string;
  readonly version: number;
}

interface Rows {
  version: number;
  state: PolicyState;
  fence: number;
  untilMs: number | undefined;
  readonly decisions: Decision[];
  readonly outcomes: Outcome[];
  readonly intents: Intent[];
}

const orderOf = ({ planned_at, decision_id }: Pick<Decision, 'planned_at' | 'decision_id'>): string =>
  `${planned_at}#${decision_id}`;
const byOrder = (a: Pick<Decision, 'planned_at' | 'decision_id'>, b: typeof a): number =>
  orderOf(a) < orderOf(b) ? -1 : 1;

/** The policy's rows in memory: versions and fences keep rivals apart, a decision is recorded once. */
export const memoryPolicyStore = (
  around: <Result>(run: () => Result) => Promise<Result> = async (run) => run(),
  onWrite: (write: PolicyWrite) => void = () => undefined,
): PolicyStore => {
  const tenants = new Map<string, Rows>();
  const rowsOf = (tenant: string): Rows => {
    const known = tenants.get(tenant);
    if (known) return known;
    const first = { version: 0, state: FIRST_STATE, fence: 0, untilMs: undefined };
    const rows: Rows = { ...first, decisions: [], outcomes: [], intents: [] };
    tenants.set(tenant, rows);
    return rows;
  };
  return {
    lease: (tenant, nowMs, durationMs) =>
      around(() => {
        const rows = rowsOf(tenant);
        if (rows.untilMs !== undefined && rows.untilMs > nowMs) return undefined;
        rows.untilMs = nowMs + durationMs;
        rows.fence += 1;
        return { fence: rows.fence };
      }),
    release: (tenant, { fence }) =>
      around(() => {
        const rows = rowsOf(tenant);
        if (rows.fence === fence) rows.untilMs = undefined;
      }),
    state: (tenant) =>
      around(() => {
        const { version, state } = rowsOf(tenant);
        return structuredClone({ version, state });
      }),
    record: (tenant, version, { state, decisions, outcomes }, { fence }) =>
      around(() => {
        const rows = rowsOf(tenant);
        if (rows.version !== version || rows.fence !== fence) return 'rival';
        const known = new Set(rows.decisions.map((decision) => decision.decision_id));
        const fresh = decisions.filter((decision) => !known.has(decision.decision_id));
        rows.version = version + 1;
        rows.state = structuredClone(state);
        rows.decisions.push(...structuredClone(fresh));
        rows.outcomes.push(...structuredClone(outcomes));
        onWrite({ tenant, version: version + 1, state, decisions: fresh, outcomes });
        return 'recorded';
      }),
    decisions: (tenant, limit = 50) =>
      around(() => rowsOf(tenant).decisions.toSorted(byOrder).reverse().slice(0, limit)),
    decision: (tenant, id) =>
      around(() => rowsOf(tenant).decisions.find((decision) => decision.decision_id === id)),
    outcomes: (tenant, since) =>
      around(() =>
        rowsOf(tenant)
          .outcomes.filter((outcome) => outcome.planned_at >= since)
          .sort(byOrder),
      ),
    ask: (tenant, intent) =>
      around(() => {
        const { intents } = rowsOf(tenant);
        if (!intents.some(({ id, at }) => id === intent.id && at === intent.at)) intents.push(intent);
      }),
    intents: (tenant) =>
      around(() => rowsOf(tenant).intents.toSorted((a, b) => (a.at + a.id < b.at + b.id ? -1 : 1))),
  };
};
