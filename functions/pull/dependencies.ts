import { setTimeout } from 'node:timers/promises';
import { archive } from '../../shared/aws/archive.ts';
import { billingCredits } from '../../shared/aws/billing-credits.ts';
import { documentClient, objectClient, parameterClient } from '../../shared/aws/clients.ts';
import { costExplorer, costExplorerClient } from '../../shared/aws/cost-explorer.ts';
import { invoicing, invoicingClient } from '../../shared/aws/invoicing.ts';
import { ledgerStore } from '../../shared/aws/ledger-store.ts';
import { oauthTokenStore } from '../../shared/aws/oauth-tokens.ts';
import { webhookSecrets } from '../../shared/aws/webhook-secrets.ts';
import { parseTenants } from '../../shared/contract/tenant.ts';
import { snsApi } from '../../shared/providers/aws-budgets/api.ts';
import { gustoApi } from '../../shared/providers/gusto/api.ts';
import { patient } from '../../shared/providers/patience.ts';
import { plaidApi } from '../../shared/providers/plaid/api.ts';
import { stripeApi } from '../../shared/providers/stripe/api.ts';
import type { PullEnvironment } from './environment.ts';
import type { PullDeps } from './pull.ts';

/** Stores and providers' APIs as the environment says where they are. */
export const dependencies = (env: PullEnvironment): PullDeps => {
  const parameters = parameterClient();
  const patiently = patient(fetch, setTimeout);
  return {
    tenants: parseTenants(env.TENANTS),
    ledger: ledgerStore(documentClient(), env.LEDGER_TABLE),
    archive: archive(objectClient(), env.ARCHIVE_BUCKET),
    secrets: webhookSecrets(parameters, env.SECRET_PREFIX),
    tokens: oauthTokenStore(parameters, env.SECRET_PREFIX),
    stripe: stripeApi(env.STRIPE_API_URL, fetch),
    plaid: plaidApi(env.PLAID_API_URL, fetch),
    gusto: gustoApi(env.GUSTO_API_URL, patiently),
    costExplorer: costExplorer(costExplorerClient()),
    invoicing: invoicing(invoicingClient()),
    awsCredits: billingCredits(),
    sns: snsApi(env.SNS_URL, patiently),
  };
};
