import { canonicalJson, sha256Of } from '../canonical/canonical.ts';
import type { PolicySettings } from '../contract/policy.ts';
import { isoInstant } from '../time/instant.ts';
import { costEffect } from './cost.ts';
import type { Decision } from './decision.ts';
import type { RestoreIntent } from './intent.ts';
import type { Mode } from './mode.ts';
import type { PriceTable } from './prices.ts';
import type { ForecastReading } from './reading.ts';
import { type Group, type Sizes, sizesOf, sizesText } from './sizes.ts';
import { DWELL_MS, errorBandDays, type Stance } from './stance.ts';
import type { GroupMemory } from './state.ts';

/** What all decisions of one run have in common. */
export interface Deciding {
  readonly stance: Stance;
  /** Absent while the policy holds: then only orders of the owner are decided on. */
  readonly reading?: ForecastReading | undefined;
  readonly mode: Mode;
  readonly settings: PolicySettings;
  readonly prices: PriceTable;
  readonly now: string;
}

export interface Choice {
  readonly group: Group;
  readonly memory: GroupMemory;
  readonly status: Decision['status'];
  readonly to: Sizes;
  readonly baseline: Sizes;
  /** Of what asks for no change. */
  readonly why?: string;
  readonly order?: RestoreIntent;
}

/** A recommendation that nobody took up in a day is made anew. */
const APPROVAL_MS: number = 24 * 3_600_000;

const p5Text = ({ reading }: Deciding): string => {
  if (reading === undefined) return 'no forecast was asked';
  if (reading.p5Days === null) return 'p5 lies beyond the horizon';
  return `p5 is ${reading.p5Days} days ± ${errorBandDays(reading).toFixed(1)}`;
};

const RULES: Record<Stance, (settings: PolicySettings) => string> = {
  NORMAL: ({ enterDays, restoreDays }) => `saving begins below ${enterDays} and ends above ${restoreDays}`,
  CONSERVE: ({ enterDays, restoreDays }) => `begins below ${enterDays} and ends above ${restoreDays}`,
  CRITICAL: ({ criticalDays, enterDays }) => `begins below ${criticalDays} and ends above ${enterDays}`,
};

const reasonOf = (deciding: Deciding, { group, memory, status, to, why, order }: Choice): string => {
  const { stance, settings } = deciding;
  const change = `from ${sizesText(group)} to ${sizesText(to)} (min/max/desired)`;
  if (order) return `${order.by} asked for it: ${group.name} returns to its baseline, ${change}`;
  const ground = `${p5Text(deciding)}; the stance is ${stance} (${RULES[stance](settings)})`;
  if (status === 'released') return `${ground}: ${group.name} is left alone, ${why}`;
  if (status === 'withdrawn')
    return `${ground}: the plan ${sizesText(memory.standing?.to ?? to)} for ${group.name} is withdrawn, ${why}`;
  if (status === 'recommended')
    return `${ground}: ${group.environment} group ${group.name} could shrink, ${change}; only a person may do it`;
  const verb = stance === 'NORMAL' ? 'returns to its baseline' : 'shrinks';
  return `${ground}: ${group.environment} group ${group.name} ${verb}, ${change}`;
};

const delayMs = ({ stance }: Deciding, { status, order }: Choice): number =>
  status === 'planned' && !order ? DWELL_MS[stance] : 0;

/** The decision of this run about one group. */
export const decisionOn = (deciding: Deciding, choice: Choice): Decision => {
  const { stance, reading, mode, prices, now } = deciding;
  const { group, memory, status, to, baseline, order } = choice;
  const { standing } = memory;
  /** The predecessor keeps a plan that is made, withdrawn and made again for the same inputs from looking like one. */
  const identity = {
    inputs: reading?.evidence.inputs_hash ?? null,
    stance,
    group: group.name,
    status,
    target: sizesOf(to),
    after: standing?.decision_id ?? memory.latestDecisionId ?? null,
    ...(order && { order: order.id }),
  };
  const later = (ms: number): string => isoInstant(Date.parse(now) + ms);
  const types = group.instanceTypes?.length ? group.instanceTypes : (memory.instanceTypes ?? []);
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
    not_before: later(delayMs(deciding, choice)),
    expires_at: status === 'recommended' ? later(APPROVAL_MS) : null,
    ordered_by: order?.by ?? null,
    mode,
    supersedes: standing?.decision_id ?? null,
    expected: { cost: costEffect(group, to, types, prices), p5_days: null },
    forecast: reading?.evidence ?? null,
  };
};

/** Ends a plan that nothing calls for any more, by a decision of its own. */
export const withdrawal = (deciding: Deciding, group: Group, memory: GroupMemory, why: string): Decision =>
  decisionOn(deciding, {
    group,
    memory,
    status: 'withdrawn',
    to: group,
    baseline: memory.standing?.baseline ?? memory.baseline ?? group,
    why,
  });

/** What names a decision's content: an approval is of this, not of whatever the id may come to mean. */
export const digestOf = (decision: Decision): string => sha256Of(canonicalJson(decision));
