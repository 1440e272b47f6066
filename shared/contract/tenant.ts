/** One bank login at Plaid. */
export interface PlaidItem {
  /** Plaid's `item_id`. */
  readonly item: string;
  /** Names of our own by Plaid's `account_id`; an account without one goes by `plaid:{account_id}`. */
  readonly accounts: Readonly<Record<string, string>>;
}

/** A company at Gusto. */
export interface GustoCompany {
  /** Gusto's `company_uuid`. */
  readonly company: string;
  /**
   * `impound`: Gusto debits pay and taxes together and remits the taxes itself. Otherwise the company remits them, monthly
   * or a few days after each payday.
   */
  readonly taxes: 'impound' | 'monthly' | 'semi_weekly';
}

/** Cloud credits as their provider's console shows them. */
export interface CreditGrant {
  readonly id: string;
  /** Decimal: what was left at the end of `asOf`. */
  readonly remaining: string;
  readonly currency: string;
  readonly asOf: string;
  /** Their last day. */
  readonly expiresOn: string;
}

/** A view in the tenant's own database that keeps to the columns of its kind. */
export interface ProductQuery {
  readonly name: string;
  readonly kind: 'subscriptions' | 'usage';
  /** `schema.view`, lower case. */
  readonly relation: string;
}

/** What a tenant's own PostgreSQL says of its product. */
export interface ProductTables {
  /** IANA zone of times that name none. */
  readonly zone: string;
  readonly queries: readonly ProductQuery[];
}

/** The account that pays the bill at AWS. */
export interface AwsAccount {
  readonly payer: string;
  /** Requests to Cost Explorer that a day may have, at a cent each. */
  readonly requestsPerDay: number;
  /** ARN of the SNS topic to which AWS Budgets tells its alerts. */
  readonly budgetsTopic?: string;
  readonly credits: readonly CreditGrant[];
}

/** A billing account of Google Cloud, and the table in BigQuery to which it exports its costs. */
export interface GcpBilling {
  readonly billingAccount: string;
  readonly project: string;
  readonly dataset: string;
  readonly table: string;
  /** Where the data set is, if neither in the US nor in the EU. */
  readonly location?: string;
  /**
   * Day of the next month on which a month's invoice is paid, where there is one invoice a month; without it, an account is
   * charged whenever so much is owed, and no day can be told.
   */
  readonly dueDay?: number;
  readonly credits: readonly CreditGrant[];
}

/** What is counted of a product, by day. */
export interface PosthogMetric {
  readonly name: string;
  /** Name of the event whose occurrences count; either this or `query`. */
  readonly event?: string;
  /** HogQL that gives rows of a day and a number, of the days from `{from}` until `{before}` in the zone `{zone}`. */
  readonly query?: string;
}

/** A project at PostHog. */
export interface PosthogProject {
  /** `us.posthog.com`, `eu.posthog.com` or an own one. */
  readonly host: string;
  readonly project: string;
  readonly metrics: readonly PosthogMetric[];
}

/** A project at Mixpanel. */
export interface MixpanelProject {
  /** Where its data are kept. */
  readonly region: 'us' | 'eu' | 'in';
  readonly project: string;
  /** IANA zone, of a project from before 2023: its export goes by that clock and its days. Any other's goes by UTC. */
  readonly timezone?: string;
  readonly metrics: readonly { readonly name: string; readonly event: string }[];
}

/** A place where the tenant has money, and whose word counts for it. What nobody names here is found by its facts. */
export interface AccountSettings {
  /** As its facts name it: `bank:checking`, `stripe_balance`, `manual`. */
  readonly account: string;
  /** A card is owed, not owned: what is spent with it is cash, and paying its bill moves money between own accounts. */
  readonly kind: 'bank' | 'card' | 'stripe' | 'manual';
  /** The source that counts from `from` on; before it, whoever else tells the account. */
  readonly authority: string;
  /** First day; where left out, the first that the authority tells. */
  readonly from?: string;
  /** Stripe's id of the account, where payouts go to it. */
  readonly stripeDestination?: string;
  /** Money that is ours and must not be spent: a deposit, a collateral, funds held for others. */
  readonly restricted?: boolean;
}

/** What the pipeline must know of one tenant; infra writes it into the functions' environment as JSON. */
export interface TenantSettings {
  readonly tenant: string;
  /** IANA zone in which an instant becomes an accounting day. */
  readonly accountingZone: string;
  /** ISO 4217 code in which cash and runway are stated. */
  readonly baseCurrency: string;
  /** Live tenants ignore test-mode events and the other way round. */
  readonly livemode: boolean;
  /** Buckets per accounting day, 1-64; may grow, never shrink. */
  readonly slices: number;
  /** Whether Stripe sends its events here: its deposits at a bank are then transfers, not income. */
  readonly stripe: boolean;
  /** Bank logins whose transactions are this tenant's; no other tenant has the same. */
  readonly plaid?: readonly PlaidItem[];
  /** Accounts whose authority is not what their facts suggest. */
  readonly accounts?: readonly AccountSettings[];
  /** Its site at Chargebee: the first part of the address. */
  readonly chargebee?: { readonly site: string };
  readonly gusto?: GustoCompany;
  readonly postgres?: ProductTables;
  readonly aws?: AwsAccount;
  readonly gcp?: GcpBilling;
  readonly posthog?: PosthogProject;
  readonly mixpanel?: MixpanelProject;
  /** Whose exchange rates value money in other currencies; without any it is listed and not counted. */
  readonly fx?: 'ecb';
}

/** The tenants that infra wrote into the environment. */
export const parseTenants = (json: string): readonly TenantSettings[] =>
  JSON.parse(json) as readonly TenantSettings[];
