import type { WebhookSecrets } from '../../shared/aws/webhook-secrets.ts';
import type { TenantSettings } from '../../shared/contract/tenant.ts';
import type { KeepDeps } from '../../shared/fetch/fetched.ts';
import type { Invocation } from '../../shared/lambda/invocation.ts';
import type { MixpanelApi } from '../../shared/providers/mixpanel/api.ts';
import type { DaysAsked } from '../../shared/providers/usage.ts';
import { type CountedProject, sweepCounts } from './usage.ts';

export interface MixpanelDeps extends KeepDeps {
  readonly secrets: WebhookSecrets;
  readonly mixpanel: MixpanelApi;
}

const MIXPANEL = 'mixpanel';
/** Changes with any change in what is made of an answer of Mixpanel's. */
const MIXPANEL_NORMALISER = 'mixpanel/1';
/** Half of what Mixpanel allows a project, for others ask it too. */
const REQUESTS_PER_HOUR = 30;
/** Each event travels: as many days as are read again every time, then more where they are few. */
const DAYS_AT_ONCE = { first: 3, most: 31 } as const;
const REQUEST_MS_MAX = 120_000;
/** What is left of a run after the last answer, to tell what was in it. */
const RESERVE_MS = 30_000;
const REQUEST_MS_MIN = 30_000;

/** A tenant without a project or its service account has none. */
export const sweepMixpanel = async (
  deps: MixpanelDeps,
  settings: TenantSettings,
  context: Invocation,
): Promise<void> => {
  const { mixpanel, tenant } = settings;
  if (mixpanel === undefined) return;
  const credential = (name: string) => deps.secrets.apiKey(tenant, MIXPANEL, context.nowMs, name);
  const [username, secret] = await Promise.all([credential('username'), credential('secret')]);
  if (username === undefined && secret === undefined) return;
  if (username === undefined || secret === undefined) {
    context.log.error('Mixpanel’s service account is stored by half: store its username and its secret', {
      tenant,
    });
    return;
  }
  const leftMs = (): number => context.remainingMs() - RESERVE_MS;
  const of: CountedProject = {
    settings,
    source: MIXPANEL,
    normaliser: MIXPANEL_NORMALISER,
    context,
    name: 'Mixpanel',
    project: `${mixpanel.region}:${mixpanel.project}`,
    requestsPerHour: REQUESTS_PER_HOUR,
    days: DAYS_AT_ONCE,
    hasTime: () => leftMs() >= REQUEST_MS_MIN,
  };
  const metrics = mixpanel.metrics.map(({ name, event }) => ({
    name,
    counts: (days: DaysAsked) =>
      deps.mixpanel.counts(mixpanel, { username, secret }, event, days, Math.min(leftMs(), REQUEST_MS_MAX)),
  }));
  await sweepCounts(deps, of, metrics);
};
