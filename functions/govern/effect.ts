import { type LiveReading, liveView } from '../../shared/aws/live-view.ts';
import type { TenantSettings } from '../../shared/contract/tenant.ts';
import type { Expected } from '../../shared/policy/decision.ts';
import { p5Effect } from '../../shared/policy/effect.ts';
import { runwayInputOf } from '../../shared/runway/live-input.ts';

/** What a monthly saving does to the live forecast of the tenant. */
export type Effect = (saving: string, nowMs: number) => Promise<Expected['p5_days']>;

export const effectOn =
  (reading: LiveReading, tenant: TenantSettings): Effect =>
  async (saving, nowMs) =>
    p5Effect(runwayInputOf(tenant, await liveView(reading, tenant, nowMs), nowMs), saving);

/** @throws Error where the policy is set to follow a tenant that nobody configured. */
export const governedTenant = (tenants: readonly TenantSettings[], name: string): TenantSettings => {
  const tenant = tenants.find((each) => each.tenant === name);
  if (tenant === undefined) throw new Error(`the policy follows ${name}, which is no tenant`);
  return tenant;
};
