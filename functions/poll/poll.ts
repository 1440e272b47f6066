import { attemptAll } from '../../shared/concurrency/attempt-all.ts';
import type { TenantSettings } from '../../shared/contract/tenant.ts';
import type { Invocation } from '../../shared/lambda/invocation.ts';
import { type ChargebeeDeps, sweepChargebee } from './chargebee.ts';
import { type EcbDeps, sweepRates } from './ecb.ts';
import { type GcpDeps, sweepGcpCosts } from './gcp.ts';
import { type MixpanelDeps, sweepMixpanel } from './mixpanel.ts';
import { type PosthogDeps, sweepPosthog } from './posthog.ts';

export interface PollDeps extends ChargebeeDeps, EcbDeps, GcpDeps, MixpanelDeps, PosthogDeps {
  readonly tenants: readonly TenantSettings[];
}

/**
 * Asks the providers that ring for nothing, or that tell all when they ring, for what is new.
 * @throws AggregateError of what failed; one provider's failure keeps nobody else's word out.
 */
export const poll = (deps: PollDeps, context: Invocation): Promise<void> =>
  attemptAll([
    ...deps.tenants.flatMap((settings) => [
      () => sweepChargebee(deps, settings, context),
      () => sweepGcpCosts(deps, settings, context),
      () => sweepPosthog(deps, settings, context),
      () => sweepRates(deps, settings, context),
    ]),
    // Last, for it takes what time is left.
    ...deps.tenants.map((settings) => () => sweepMixpanel(deps, settings, context)),
  ]);
