import type { AutoScaling } from '../../shared/aws/auto-scaling.ts';
import type { Budget } from '../../shared/aws/budget.ts';
import type { PolicyMode } from '../../shared/aws/policy-mode.ts';
import { type Lease, MAX_DECISIONS_PER_RECORD, type PolicyStore } from '../../shared/aws/policy-store.ts';
import type { ReconciliationStore } from '../../shared/aws/reconciliation-store.ts';
import type { StateStore } from '../../shared/aws/state-store.ts';
import { canonicalJson } from '../../shared/canonical/canonical.ts';
import type { PolicySettings } from '../../shared/contract/policy.ts';
import type { Log } from '../../shared/lambda/logger.ts';
import { monthlySaving, withEffect } from '../../shared/policy/effect.ts';
import type { Mode } from '../../shared/policy/mode.ts';
import { mustLook, type Planned, plan } from '../../shared/policy/plan.ts';
import type { PriceTable } from '../../shared/policy/prices.ts';
import { groundsOf } from '../../shared/policy/reading.ts';
import type { Group } from '../../shared/policy/sizes.ts';
import { isoInstant } from '../../shared/time/instant.ts';
import { apply } from './apply.ts';
import { followStance } from './budget.ts';
import type { Effect } from './effect.ts';

export interface GovernDeps {
  readonly state: Pick<StateStore, 'forecast'>;
  readonly reconciliation: Pick<ReconciliationStore, 'status'>;
  readonly policy: Pick<PolicyStore, 'lease' | 'release' | 'state' | 'record' | 'intents'>;
  readonly groups: AutoScaling;
  readonly mode: Pick<PolicyMode, 'read'>;
  readonly settings: PolicySettings;
  readonly prices: PriceTable;
  readonly effect: Effect;
  readonly budget: Budget;
}

/** What the steps of one run share. */
export interface Run {
  readonly deps: GovernDeps;
  readonly lease: Lease;
  readonly mode: Mode;
  readonly nowMs: number;
  readonly log: Log;
}

/** The policy as it was left by a round: what to go on from. */
interface Round {
  readonly version: number;
  readonly planned: Planned;
  readonly groups: readonly Group[];
  readonly fence: string | undefined;
}

/** A round leaves groups for the next, or a forecast came meanwhile; after so many, whoever invoked us tries again later. */
const ROUNDS_MAX = 5;

/** Twice as long as a run may take, so that nothing of a run that broke off is still on its way when the next begins. */
const LEASE_MS = 60_000;

/** Adds what the plans do to p5; a decision is worth recording without, too. */
const expected = async ({ deps, nowMs, log }: Run, planned: Planned): Promise<Planned> => {
  const saving = monthlySaving(planned.decisions);
  if (saving === undefined) return planned;
  try {
    return withEffect(planned, await deps.effect(saving, nowMs));
  } catch (error) {
    log.warn('the effect on the runway was not worked out', { error });
    return planned;
  }
};

const decideOnce = async (run: Run): Promise<Round & { readonly before: string }> => {
  const { deps, mode, nowMs, log } = run;
  const { tenant } = deps.settings;
  const { version, state } = await deps.policy.state(tenant);
  const [forecast, reconciliation, intents] = await Promise.all([
    deps.state.forecast(tenant),
    deps.reconciliation.status(tenant),
    deps.policy.intents(tenant),
  ]);
  const grounds = groundsOf(mode, forecast?.document, nowMs, reconciliation);
  /** On hold nobody needs to look at them, but for what was begun or ordered. */
  const look = grounds.hold === undefined || mustLook(state, intents);
  const groups = look ? await deps.groups.describeManaged() : [];
  const planned = plan({
    ...{ state, grounds, groups, intents, mode },
    ...{ settings: deps.settings, prices: deps.prices },
    now: isoInstant(nowMs),
    decisionsMax: MAX_DECISIONS_PER_RECORD,
  });
  const { hold } = planned.state;
  if (hold.length > 0) log.warn('policy holds', { tenant, reasons: hold });
  return {
    version,
    planned: await expected(run, planned),
    groups,
    fence: forecast?.fence,
    before: canonicalJson(state),
  };
};

/** Records what the round decided; undefined where a rival was there first. */
const recordRound = async (
  { deps, lease, log }: Run,
  { version, planned, before }: Round & { readonly before: string },
): Promise<number | undefined> => {
  const { tenant } = deps.settings;
  const { state, decisions, outcomes } = planned;
  if (canonicalJson(state) === before && outcomes.length === 0) return version;
  if ((await deps.policy.record(tenant, version, planned, lease)) === 'rival') return undefined;
  for (const decision of decisions) log.info('policy decided', { tenant, ...decision });
  for (const outcome of outcomes) log.info('policy outcome', { tenant, ...outcome });
  return version + 1;
};

/** Decides until nothing is left to decide, and leaves the last round to go on from. */
const decideAll = async (run: Run): Promise<Round> => {
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const decided = await decideOnce(run);
    const version = await recordRound(run, decided);
    if (version !== undefined && decided.planned.decisions.length < MAX_DECISIONS_PER_RECORD)
      return { ...decided, version };
  }
  throw new Error(`the policy was not done after ${ROUNDS_MAX} rounds`);
};

/**
 * Compares the forecast with the groups, records what should change and, where the owner has armed it, changes what is due.
 * One run at a time: another that comes meanwhile leaves at once, and the one at work looks again before it ends.
 * @returns how many groups were changed.
 */
export const govern = async (deps: GovernDeps, nowMs: number, log: Log): Promise<number> => {
  const { tenant } = deps.settings;
  const lease = await deps.policy.lease(tenant, nowMs, LEASE_MS);
  if (lease === undefined) {
    log.info('another run of the policy is at work', { tenant });
    return 0;
  }
  const mode = await deps.mode.read((reason, error) =>
    log.warn('policy mode in doubt, taken as off', { reason, error }),
  );
  const run: Run = { deps, lease, mode, nowMs, log };
  const round = await decideAll(run).catch(async (error: unknown) => {
    /** Nothing was asked for yet: whoever tries again need not wait. */
    await deps.policy.release(tenant, lease);
    throw error;
  });
  const changes = mode === 'apply' ? await apply(run, round.version, round.planned.state, round.groups) : 0;
  if (mode === 'apply') await followStance(deps.budget, round.planned.state, log);
  const latest = await deps.state.forecast(tenant);
  if (latest?.fence !== round.fence) await decideAll(run);
  await deps.policy.release(tenant, lease);
  return changes;
};
