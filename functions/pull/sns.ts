import type { TenantSettings } from '../../shared/contract/tenant.ts';
import type { Invocation } from '../../shared/lambda/invocation.ts';
import type { SnsApi } from '../../shared/providers/aws-budgets/api.ts';
import type { Confirmation } from '../../shared/providers/aws-costs/doorbell.ts';

export interface SnsDeps {
  readonly sns: SnsApi;
}

/** Confirms a subscription to the tenant's own topic. A token that SNS no longer takes is no use later either. */
export const confirmSubscription = async (
  { sns }: SnsDeps,
  { tenant, aws }: TenantSettings,
  confirmation: Confirmation,
  { log }: Invocation,
): Promise<void> => {
  const { topic } = confirmation;
  // The topic may have been taken out of the configuration since it asked.
  if (topic !== aws?.budgetsTopic) return;
  if (await sns.confirm(confirmation)) log.info('a topic may send its alerts here', { tenant, topic });
  else log.error('SNS refused to confirm a subscription: subscribe again', { tenant, topic });
};
