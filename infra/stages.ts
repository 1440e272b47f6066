import type { AlertSettings } from '../shared/contract/alert.ts';
import type { BudgetSettings, PolicySettings } from '../shared/contract/policy.ts';
import type { AccountSettings, TenantSettings } from '../shared/contract/tenant.ts';
import type { OwnAccount } from './accounts.ts';
import { alertSettings } from './alert-settings.ts';
import { awsAccount, gcpBilling } from './clouds.ts';
import type { Configuration } from './configuration.ts';
import { mixpanelProject, posthogProject } from './product-analytics.ts';

/** The stage that `npm start` synthesises; it is never deployed. */
export const LOCAL_STAGE = 'local';

/** What differs between a deployed stage and one that runs on a developer's machine. */
interface Surroundings {
  /** Whether data and the stacks that hold it are protected against deletion. */
  readonly keepData: boolean;
  /** `rediss` is TLS and a password made per connection; a local server has neither. */
  readonly cacheScheme: 'redis' | 'rediss';
  /** Whether tokens with scope `admin` count against the rate limit too. */
  readonly adminRateLimited: boolean;
  /** Whether the runway page of the first tenant needs no token. */
  readonly openPage: boolean;
  /** Stands in for what the configuration says. */
  readonly tokens?: TokenSettings;
}

export interface TokenSettings {
  readonly issuer: string;
  readonly audience: string;
}

const DEPLOYED: Surroundings = {
  keepData: true,
  cacheScheme: 'rediss',
  adminRateLimited: true,
  openPage: false,
};

/** Same template shape as a deployment. */
const LOCAL: Surroundings = {
  keepData: false,
  cacheScheme: 'redis',
  adminRateLimited: false,
  openPage: true,
  tokens: { issuer: 'https://local.capstack.invalid', audience: 'capstack' },
};

/** Everything that may differ between two stages, in one object. */
export interface StageSettings extends Omit<Surroundings, 'tokens'> {
  readonly stage: string;
  readonly cache: 'serverless' | 'none';
  readonly batchWindowSeconds: number;
  readonly logRetentionDays: number;
  readonly alarmEmail: string | undefined;
  /** Absent: the deployment makes a user pool of its own. */
  readonly tokens: TokenSettings | undefined;
  readonly tenants: readonly TenantSettings[];
  readonly policy: PolicySettings;
  /** Of the account's month. */
  readonly budget: Omit<BudgetSettings, 'accountId'>;
  readonly alerts: AlertSettings;
  readonly reconciliation: {
    readonly frequency: 'daily' | 'hourly';
    readonly variance: number;
    /** Decimal amount. */
    readonly floor: string;
    readonly autoPause: boolean;
  };
  readonly rateLimitPerMinute: number;
  readonly stripeApiUrl: string;
  readonly plaidApiUrl: string;
  /** With `{site}` where the site's name goes. */
  readonly chargebeeApiUrl: string;
  readonly gustoApiUrl: string;
  readonly fxApiUrl: string;
  /** With `{region}` where the region goes. */
  readonly snsUrl: string;
  /** With `{service}` where the service's name goes. */
  readonly googleApisUrl: string;
  /** With `{host}` where the host's name goes. */
  readonly posthogUrl: string;
  /** With `{host}` where the host's name goes. */
  readonly mixpanelUrl: string;
  readonly pagerDutyUrl: string;
  /** What the address of every incoming webhook begins with. */
  readonly slackUrl: string;
  /** Folder of the bundles, `<function>/index.mjs`. */
  readonly distDir: string;
}

export interface StageChoices {
  readonly stage: string;
  readonly distDir: string;
  readonly pagerDutyUrl: string;
  readonly slackUrl: string;
  readonly stripeApiUrl: string;
  readonly plaidApiUrl: string;
  readonly chargebeeApiUrl: string;
  readonly gustoApiUrl: string;
  readonly fxApiUrl: string;
  readonly snsUrl: string;
  readonly googleApisUrl: string;
  readonly posthogUrl: string;
  readonly mixpanelUrl: string;
}

const accountSettings = ({
  name,
  kind,
  authority,
  from,
  stripe_destination,
  restricted,
}: OwnAccount): AccountSettings => ({
  account: name,
  kind,
  authority,
  ...(from !== undefined && { from }),
  ...(stripe_destination !== undefined && { stripeDestination: stripe_destination }),
  ...(restricted && { restricted }),
});

export const stageSettings = (configuration: Configuration, choices: StageChoices): StageSettings => {
  const surroundings = choices.stage === LOCAL_STAGE ? LOCAL : DEPLOYED;
  const { policy, alerts, reconciliation, fx } = configuration;
  return {
    ...surroundings,
    ...choices,
    cache: configuration.stage.cache,
    batchWindowSeconds: configuration.stage.batch_window_seconds,
    logRetentionDays: configuration.stage.log_retention_days,
    alarmEmail: configuration.stage.alarm_email,
    tokens: surroundings.tokens ?? configuration.auth,
    tenants: configuration.tenants.map((tenant) => ({
      tenant: tenant.name,
      accountingZone: tenant.accounting_zone,
      baseCurrency: tenant.base_currency,
      livemode: tenant.livemode,
      stripe: tenant.stripe,
      slices: tenant.slices,
      ...(tenant.plaid && {
        plaid: tenant.plaid.map(({ item_id: item, accounts }) => ({ item, accounts })),
      }),
      ...(tenant.accounts && { accounts: tenant.accounts.map(accountSettings) }),
      ...(tenant.chargebee && { chargebee: tenant.chargebee }),
      ...(tenant.postgres && { postgres: tenant.postgres }),
      ...(tenant.gusto && { gusto: tenant.gusto }),
      ...(tenant.aws && { aws: awsAccount(tenant.aws) }),
      ...(tenant.gcp && { gcp: gcpBilling(tenant.gcp) }),
      ...(tenant.posthog && { posthog: posthogProject(tenant.posthog) }),
      ...(tenant.mixpanel && { mixpanel: mixpanelProject(tenant.mixpanel) }),
      ...(fx.provider === 'ecb' && { fx: fx.provider }),
    })),
    policy: {
      tenant: policy.tenant,
      enterDays: policy.enter_days,
      criticalDays: policy.critical_days,
      restoreDays: policy.restore_days,
      protectedMin: policy.protected_minimum,
      changesPerWeekMax: policy.flap_budget,
      spotShift: policy.spot_shift,
    },
    budget: { name: `capstack-${choices.stage}`, monthlyUsd: policy.monthly_budget_usd },
    alerts: alertSettings(alerts, policy.tenant),
    reconciliation: {
      frequency: reconciliation.frequency,
      variance: reconciliation.variance,
      floor: reconciliation.floor.toFixed(2),
      autoPause: reconciliation.auto_pause,
    },
    rateLimitPerMinute: configuration.security.rate_limit_per_minute,
  };
};
