import { dueChanges } from '../../shared/policy/due.ts';
import { type Planned, plan } from '../../shared/policy/plan.ts';
import { LIST_PRICES, type PriceTable } from '../../shared/policy/prices.ts';
import { groundsOf } from '../../shared/policy/reading.ts';
import { changed } from '../../shared/policy/settle.ts';
import { type Group, type Sizes, sizesOf } from '../../shared/policy/sizes.ts';
import { FIRST_STATE, type PolicyState } from '../../shared/policy/state.ts';
import { runwayDocument, SETTINGS } from './policy.ts';

const START_MS = Date.parse('2026-06-01T00:00:00Z');

/** A change that the policy made. */
export interface Made {
  readonly hour: number;
  readonly group: string;
  readonly from: Sizes;
  readonly to: Sizes;
}

export interface ArmedPolicy {
  /** One run, so many hours after the beginning. */
  readonly run: (hour: number, p5: number | null) => Planned;
  readonly made: readonly Made[];
  readonly cloud: () => readonly Group[];
}

/** The policy armed, with a cloud that does at once what it is asked: nothing but the pure parts. */
export const armedPolicy = (groups: readonly Group[], prices: PriceTable = LIST_PRICES): ArmedPolicy => {
  let state: PolicyState = FIRST_STATE;
  let cloud = [...groups];
  const made: Made[] = [];
  const run = (hour: number, p5: number | null): Planned => {
    const now = new Date(START_MS + hour * 3_600_000).toISOString();
    const planned = plan({
      ...{ state, groups: cloud, intents: [], mode: 'apply', settings: SETTINGS, prices, now },
      grounds: groundsOf('apply', runwayDocument(p5, now), Date.parse(now)),
      decisionsMax: 40,
    });
    state = planned.state;
    for (const { group, decision, step } of dueChanges(state, cloud, SETTINGS, now).due) {
      const after: Group = { ...group, ...step };
      cloud = cloud.map((each) => (each.name === group.name ? after : each));
      made.push({ hour, group: group.name, from: sizesOf(group), to: sizesOf(step) });
      const memory = { ...state.groups[group.name], pending: { before: group, to: step, at: now } };
      const settled = changed(memory, decision, after, now).memory;
      const { [group.name]: _, ...others } = state.groups;
      state = { ...state, groups: settled ? { ...others, [group.name]: settled } : others };
    }
    return planned;
  };
  return { run, made, cloud: () => cloud };
};
