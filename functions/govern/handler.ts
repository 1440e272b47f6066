/** A changed forecast or an hour in; a plan for the tagged Auto Scaling groups out, and where it is armed, what is due of it. */
import { autoScaling } from '../../shared/aws/auto-scaling.ts';
import { budget } from '../../shared/aws/budget.ts';
import { autoScalingClient, documentClient, parameterClient } from '../../shared/aws/clients.ts';
import { policyMode } from '../../shared/aws/policy-mode.ts';
import { policyStore } from '../../shared/aws/policy-store.ts';
import { reconciliationStore } from '../../shared/aws/reconciliation-store.ts';
import { stateStore } from '../../shared/aws/state-store.ts';
import { METRICS } from '../../shared/contract/names.ts';
import type { BudgetSettings, PolicySettings } from '../../shared/contract/policy.ts';
import { parseTenants } from '../../shared/contract/tenant.ts';
import { type EventHandler, eventHandler } from '../../shared/lambda/event.ts';
import { LIST_PRICES } from '../../shared/policy/prices.ts';
import { effectOn, governedTenant } from './effect.ts';
import { environment } from './environment.ts';
import { govern } from './govern.ts';

const { STATE_TABLE, POLICY_MODE_PARAMETER, POLICY, BUDGET, TENANTS } = environment();
const client = documentClient();
const settings = JSON.parse(POLICY) as PolicySettings;
const tenant = governedTenant(parseTenants(TENANTS), settings.tenant);
const state = stateStore(client, STATE_TABLE);
const deps = {
  state,
  effect: effectOn({ state, daysRead: new Map() }, tenant),
  policy: policyStore(client, STATE_TABLE),
  reconciliation: reconciliationStore(client, STATE_TABLE),
  groups: autoScaling(autoScalingClient(), settings.spotShift),
  mode: policyMode(parameterClient(), POLICY_MODE_PARAMETER),
  settings,
  budget: budget(JSON.parse(BUDGET) as BudgetSettings),
  prices: LIST_PRICES,
};

/** The event only says that it is time: what counts is read anew, so a late or repeated one does no harm. */
export const handler: EventHandler = eventHandler('govern', async (_event, run) => {
  const changes = await govern(deps, run.nowMs, run.log);
  if (changes > 0) run.metrics({ [METRICS.optimizationApplied]: changes });
});
