/** Hourly: what billing, clouds, product analytics and the central bank say that no webhook tells, appended to the ledger. */
import { setTimeout } from 'node:timers/promises';
import { archive } from '../../shared/aws/archive.ts';
import { documentClient, objectClient, parameterClient } from '../../shared/aws/clients.ts';
import { ledgerStore } from '../../shared/aws/ledger-store.ts';
import { stateStore } from '../../shared/aws/state-store.ts';
import { webhookSecrets } from '../../shared/aws/webhook-secrets.ts';
import { parseTenants } from '../../shared/contract/tenant.ts';
import { type EventHandler, eventHandler } from '../../shared/lambda/event.ts';
import { chargebeeApi } from '../../shared/providers/chargebee/api.ts';
import { ecbApi } from '../../shared/providers/ecb/api.ts';
import { googleApi } from '../../shared/providers/gcp/api.ts';
import { mixpanelApi } from '../../shared/providers/mixpanel/api.ts';
import { patient } from '../../shared/providers/patience.ts';
import { posthogApi } from '../../shared/providers/posthog/api.ts';
import { environment } from './environment.ts';
import { type PollDeps, poll } from './poll.ts';

const env = environment();
const patiently = patient(fetch, setTimeout);
const tables = documentClient();
const deps: PollDeps = {
  tenants: parseTenants(env.TENANTS),
  ledger: ledgerStore(tables, env.LEDGER_TABLE),
  state: stateStore(tables, env.STATE_TABLE),
  archive: archive(objectClient(), env.ARCHIVE_BUCKET),
  secrets: webhookSecrets(parameterClient(), env.SECRET_PREFIX),
  chargebee: chargebeeApi(env.CHARGEBEE_API_URL, patiently),
  ecb: ecbApi(env.FX_API_URL, patiently),
  google: googleApi(env.GOOGLE_APIS_URL, patiently),
  // Impatient: whoever asked too often is left alone until the next hour.
  posthog: posthogApi(env.POSTHOG_URL, fetch),
  mixpanel: mixpanelApi(env.MIXPANEL_URL, fetch, setTimeout),
};

export const handler: EventHandler = eventHandler('poll', (_event, context) => poll(deps, context));
