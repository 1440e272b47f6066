import { canonicalJson, sha256Of } from '../canonical/canonical.ts';
import type { PolicySettings } from '../contract/policy.ts';
import { isoInstant } from '../time/instant.ts';
import type { Decision } from './decision.ts';
import type { Mode } from './mode.ts';
import type { ForecastReading } from './reading.ts';
import { type Group, type Sizes, sizesOf, sizesText } from './sizes.ts';
import { errorBandDays, type Stance } from './stance.ts';

/** What all decisions of one run have in common. */
export interface Deciding {
  readonly stance: Stance;
  readonly reading: ForecastReading;
  readonly mode: Mode;
  readonly settings: PolicySettings;
  readonly now: string;
}

export interface Choice {
  readonly group: Group;
  readonly status: Decision['status'];
  readonly to: Sizes;
  readonly baseline: Sizes;
  /** The plan this ends. */
  readonly standing?: Decision | undefined;
  /** The predecessor where no plan stands. */
  readonly latestDecisionId?: string | undefined;
  /** Of a withdrawal. */
  readonly why?: string;
}

const HOUR_MS = 3_600_000;
/** Time to object to a smaller cloud, and for the runway to prove itself before a larger one. */
const SAVING_DELAY_MS: number = HOUR_MS;
const RESTORING_DELAY_MS: number = 24 * HOUR_MS;

const p5Text = ({ reading }: Deciding): string => {
  if (reading.p5Days === null) return 'p5 lies beyond the horizon';
  return `p5 is ${reading.p5Days} days ± ${errorBandDays(reading).toFixed(1)}`;
};

const RULES: Record<Stance, (settings: PolicySettings) => string> = {
  NORMAL: ({ enterDays, restoreDays }) => `saving begins below ${enterDays} and ends above ${restoreDays}`,
  CONSERVE: ({ enterDays, restoreDays }) => `begins below ${enterDays} and ends above ${restoreDays}`,
  CRITICAL: ({ criticalDays, enterDays }) => `begins below ${criticalDays} and ends above ${enterDays}`,
};

const reasonOf = (deciding: Deciding, { group, status, to, standing, why }: Choice): string => {
  const { stance, settings } = deciding;
  const ground = `${p5Text(deciding)}; the stance is ${stance} (${RULES[stance](settings)})`;
  if (status === 'withdrawn' && standing)
    return `${ground}: the plan ${sizesText(standing.to)} for ${group.name} is withdrawn, ${why}`;
  const verb = stance === 'NORMAL' ? 'returns to its baseline' : 'shrinks';
  return `${ground}: ${group.environment} group ${group.name} ${verb}, from ${sizesText(group)} to ${sizesText(to)} (min/max/desired)`;
};

const delayMs = ({ stance }: Deciding, { status }: Choice): number => {
  if (status === 'withdrawn') return 0;
  return stance === 'NORMAL' ? RESTORING_DELAY_MS : SAVING_DELAY_MS;
};

/** The decision of this run about one group. */
export const decisionOn = (deciding: Deciding, choice: Choice): Decision => {
  const { stance, reading, mode, now } = deciding;
  const { group, status, to, baseline, standing } = choice;
  /** The predecessor keeps a plan that is made, withdrawn and made again for the same inputs from looking like one. */
  const identity = {
    inputs: reading.evidence.inputs_hash,
    stance,
    group: group.name,
    status,
    target: sizesOf(to),
    after: standing?.decision_id ?? choice.latestDecisionId ?? null,
  };
  return {
    decision_id: sha256Of(canonicalJson(identity)).slice('sha256:'.length),
    status,
    group: group.name,
    environment: group.environment,
    stance,
    from: sizesOf(group),
    to: sizesOf(to),
    baseline: sizesOf(baseline),
    reason: reasonOf(deciding, choice),
    planned_at: now,
    not_before: isoInstant(Date.parse(now) + delayMs(deciding, choice)),
    mode,
    supersedes: standing?.decision_id ?? null,
    forecast: reading.evidence,
  };
};
