import { tellPagerDuty } from '../../shared/alert/pagerduty.ts';
import { tellSlack } from '../../shared/alert/slack.ts';
import { alertStore } from '../../shared/aws/alert-store.ts';
import { documentClient, parameterClient, queueClient } from '../../shared/aws/clients.ts';
import { deadLetters } from '../../shared/aws/dead-letters.ts';
import { reconciliationStore } from '../../shared/aws/reconciliation-store.ts';
import { type StateStore, stateStore } from '../../shared/aws/state-store.ts';
import { webhookSecrets } from '../../shared/aws/webhook-secrets.ts';
import type { AlertSettings } from '../../shared/contract/alert.ts';
import { parseTenants } from '../../shared/contract/tenant.ts';
import type { Ask } from '../../shared/providers/patience.ts';
import type { AlertDeps } from './alert.ts';
import type { AlertEnvironment } from './environment.ts';

export const dependencies = (
  env: AlertEnvironment,
  ask: Ask,
  newId: () => string,
): AlertDeps & { readonly state: StateStore } => {
  const client = documentClient();
  return {
    state: stateStore(client, env.STATE_TABLE),
    reconciliation: reconciliationStore(client, env.STATE_TABLE),
    alerts: alertStore(client, env.STATE_TABLE),
    secrets: webhookSecrets(parameterClient(), env.SECRET_PREFIX),
    deadLetters: deadLetters(queueClient(), env.DEAD_LETTER_QUEUE_URL),
    channels: {
      pagerduty: (notice, key) => tellPagerDuty(ask, env.PAGERDUTY_URL, notice, key),
      slack: (notice, url) => tellSlack(ask, env.SLACK_URL, notice, url),
    },
    settings: JSON.parse(env.ALERTS) as AlertSettings,
    tenants: parseTenants(env.TENANTS),
    stage: env.STAGE,
    pageUrl: `${env.API_URL}/`,
    newId,
  };
};
