import type { PolicyStore } from '../../shared/aws/policy-store.ts';
import type { StateStore } from '../../shared/aws/state-store.ts';
import { digestOf } from '../../shared/policy/decide.ts';
import type { Decision, Outcome } from '../../shared/policy/decision.ts';
import { type Savings, savingsOf } from '../../shared/policy/realised.ts';
import type { PolicyState } from '../../shared/policy/state.ts';
import { PROTECTED_ENVIRONMENT } from '../../shared/policy/target.ts';
import type { CivilDate } from '../../shared/time/civil-date.ts';

/** A decision with what names its content and what came of it. */
export interface ReadDecision extends Decision {
  /** What an approval quotes. */
  readonly digest: string;
  /** Oldest first. */
  readonly outcomes: readonly Omit<Outcome, 'decision_id' | 'planned_at'>[];
}

/** A group that the policy has something to say about now. */
export interface ReadGroup {
  readonly group: string;
  readonly baseline: Decision['baseline'] | null;
  /** The plan or recommendation that stands. */
  readonly plan: (Decision & Pick<ReadDecision, 'digest'>) | null;
  /** Why it is not applied yet. */
  readonly waiting: string | null;
  /** Why the policy leaves the group alone. */
  readonly hands_off: string | null;
  /** Instants that the flap budget counts. */
  readonly changes: readonly string[];
}

export interface DecisionsBody {
  readonly stance: PolicyState['stance'];
  readonly stance_since: string | null;
  /** Whether a later forecast has called for the stance too; nothing is changed before. */
  readonly confirmed: boolean;
  /** Why the last run decided nothing; empty where it was free to. */
  readonly hold: readonly string[];
  readonly groups: readonly ReadGroup[];
  /** The latest time of saving: what it was to save, and what the bills say of it; null where nothing was changed yet. */
  readonly savings: Savings | null;
  /** What the policy means to do by itself and did, newest first. */
  readonly decisions: readonly ReadDecision[];
  /** What it would have a person do in production, newest first. */
  readonly recommendations: readonly ReadDecision[];
}

const groupsOf = ({ groups }: PolicyState): readonly ReadGroup[] =>
  Object.entries(groups)
    .filter(([, { baseline, standing }]) => baseline !== undefined || standing !== undefined)
    .map(([group, { baseline, standing, waiting, handsOff, changes }]) => ({
      group,
      baseline: baseline ?? null,
      plan: standing ? { ...standing, digest: digestOf(standing) } : null,
      waiting: waiting ?? null,
      hands_off: handsOff ?? null,
      changes: changes ?? [],
    }));

export interface DecisionsDeps {
  readonly policy: Pick<PolicyStore, 'state' | 'decisions' | 'outcomes'>;
  readonly state: Pick<StateStore, 'statements'>;
}

/** The months from the one before an instant to the one of a day. */
const monthsSince = (at: string, today: CivilDate): readonly string[] => {
  const [year = 0, month = 0] = at.split('-').map(Number);
  const months: string[] = [];
  for (let next = month - 2; ; next += 1) {
    const name = new Date(Date.UTC(year, next, 1)).toISOString().slice(0, 7);
    if (name > today.slice(0, 7)) return months;
    months.push(name);
  }
};

const readSavings = async (
  { state }: DecisionsDeps,
  tenant: string,
  decisions: readonly Decision[],
  outcomes: readonly Outcome[],
  today: CivilDate,
): Promise<Savings | null> => {
  const first = outcomes.find(({ status }) => status === 'applied');
  if (first === undefined) return null;
  const costs = await state.statements(tenant, 'cost', monthsSince(first.at, today));
  const told = costs.flatMap(({ statements }) => statements);
  return savingsOf(decisions, outcomes, told, today) ?? null;
};

/** The policy's stance, what holds it back, what it decided and what came of that. */
export const readDecisions = async (
  deps: DecisionsDeps,
  tenant: string,
  today: CivilDate,
): Promise<DecisionsBody> => {
  const { policy } = deps;
  const [{ state }, decisions] = await Promise.all([policy.state(tenant), policy.decisions(tenant)]);
  const oldest = decisions.at(-1);
  const outcomes = oldest ? await policy.outcomes(tenant, oldest.planned_at) : [];
  const all = decisions.map((decision) => ({
    ...decision,
    digest: digestOf(decision),
    outcomes: outcomes
      .filter((outcome) => outcome.decision_id === decision.decision_id)
      .map(({ decision_id: _, planned_at: __, ...outcome }) => outcome),
  }));
  const isAdvice = ({ environment }: Decision): boolean => environment === PROTECTED_ENVIRONMENT;
  return {
    stance: state.stance,
    stance_since: state.since,
    confirmed: state.confirmed === true,
    hold: state.hold,
    groups: groupsOf(state),
    savings: await readSavings(deps, tenant, decisions, outcomes, today),
    decisions: all.filter((decision) => !isAdvice(decision)),
    recommendations: all.filter(isAdvice),
  };
};
