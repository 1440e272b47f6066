import type { AutoScaling } from '../../shared/aws/auto-scaling.ts';
import type { PolicyMode } from '../../shared/aws/policy-mode.ts';
import { MAX_DECISIONS_PER_RECORD, type PolicyStore } from '../../shared/aws/policy-store.ts';
import type { StateStore } from '../../shared/aws/state-store.ts';
import { canonicalJson } from '../../shared/canonical/canonical.ts';
import type { PolicySettings } from '../../shared/contract/policy.ts';
import type { Log } from '../../shared/lambda/logger.ts';
import { plan } from '../../shared/policy/plan.ts';
import { groundsOf } from '../../shared/policy/reading.ts';
import { isoInstant } from '../../shared/time/instant.ts';

export interface GovernDeps {
  readonly state: Pick<StateStore, 'forecast'>;
  readonly policy: Pick<PolicyStore, 'state' | 'record'>;
  readonly groups: AutoScaling;
  readonly mode: Pick<PolicyMode, 'read'>;
  readonly settings: PolicySettings;
}

/** A round is lost to a rival, or leaves groups for the next; after so many, whoever invoked us tries again later. */
const ROUNDS_MAX = 5;

/** Compares the forecast with the groups and records what should change. Resizes nothing, whatever the mode. */
export const govern = async (deps: GovernDeps, nowMs: number, log: Log): Promise<void> => {
  const { tenant } = deps.settings;
  const mode = await deps.mode.read((reason, error) =>
    log.warn('policy mode in doubt, taken as off', { reason, error }),
  );
  if (mode === 'apply')
    log.warn('policy mode is apply, which this version cannot do: it plans only', { tenant });

  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const { version, state } = await deps.policy.state(tenant);
    const forecast = await deps.state.forecast(tenant);
    const grounds = groundsOf(mode, forecast?.document, nowMs);
    const planned = plan({
      state,
      grounds,
      /** On hold nobody needs to look at them. */
      groups: grounds.hold ? [] : await deps.groups.describeManaged(),
      mode,
      settings: deps.settings,
      now: isoInstant(nowMs),
      decisionsMax: MAX_DECISIONS_PER_RECORD,
    });
    const { hold } = planned.state;
    if (hold.length > 0) log.warn('policy holds', { tenant, reasons: hold });
    if (canonicalJson(planned.state) === canonicalJson(state)) return;
    const outcome = await deps.policy.record(tenant, version, planned.state, planned.decisions);
    if (outcome === 'rival') continue;
    for (const decision of planned.decisions) log.info('policy decided', { tenant, ...decision });
    if (planned.decisions.length < MAX_DECISIONS_PER_RECORD) return;
  }
  throw new Error(`the policy was not done after ${ROUNDS_MAX} rounds`);
};
