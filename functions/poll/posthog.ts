import type { WebhookSecrets } from '../../shared/aws/webhook-secrets.ts';
import type { TenantSettings } from '../../shared/contract/tenant.ts';
import type { KeepDeps } from '../../shared/fetch/fetched.ts';
import type { Invocation } from '../../shared/lambda/invocation.ts';
import type { PosthogApi } from '../../shared/providers/posthog/api.ts';
import type { DaysAsked } from '../../shared/providers/usage.ts';
import { type CountedProject, sweepCounts } from './usage.ts';

export interface PosthogDeps extends KeepDeps {
  readonly secrets: WebhookSecrets;
  readonly posthog: PosthogApi;
}

const POSTHOG = 'posthog';
/** Changes with any change in what is made of an answer of PostHog's. */
const POSTHOG_NORMALISER = 'posthog/1';
/** Half of what PostHog allows a team at least, for others ask it too. */
const REQUESTS_PER_HOUR = 60;
/** It counts by itself, and answers with a row a day. */
const DAYS_AT_ONCE = 1_000;

/** A tenant without a project or its key has none. */
export const sweepPosthog = async (
  deps: PosthogDeps,
  settings: TenantSettings,
  context: Invocation,
): Promise<void> => {
  const { posthog, tenant } = settings;
  const apiKey = posthog && (await deps.secrets.apiKey(tenant, POSTHOG, context.nowMs));
  if (posthog === undefined || apiKey === undefined) return;
  const of: CountedProject = {
    settings,
    source: POSTHOG,
    normaliser: POSTHOG_NORMALISER,
    context,
    name: 'PostHog',
    project: `${posthog.host}:${posthog.project}`,
    requestsPerHour: REQUESTS_PER_HOUR,
    days: { first: DAYS_AT_ONCE, most: DAYS_AT_ONCE },
    hasTime: () => true,
  };
  const metrics = posthog.metrics.map((metric) => ({
    name: metric.name,
    counts: (days: DaysAsked) => deps.posthog.counts(posthog, apiKey, metric, days),
  }));
  await sweepCounts(deps, of, metrics);
};
