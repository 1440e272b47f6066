/** The AWS services beside DynamoDB that the template uses, filled with what it declares. */
import { join } from 'node:path';
import { parseTenants, type TenantSettings } from '../../shared/contract/tenant.ts';
import type { Assembly, LocalResource } from './assembly.ts';
import { type Durable, openDurable } from './durable.ts';
import type { ProviderStub } from './local-paths.ts';
import { localServiceAccount } from './providers/google.ts';
import { LOCAL_REFRESH_TOKEN } from './providers/gusto-tokens.ts';
import { localRoutingKey } from './providers/pagerduty.ts';
import { localAccessToken } from './providers/plaid.ts';
import type { RunDirectory } from './run-directory.ts';
import type { LocalService } from './service.ts';
import { autoScalingService } from './services/auto-scaling.ts';
import { localBilling } from './services/billing.ts';
import { budgetsService, type NewBudget } from './services/budgets.ts';
import { localCostExplorer } from './services/cost-explorer.ts';
import { DEMO_GROUPS } from './services/demo-groups.ts';
import { type AcceptedEvent, type EventBridge, eventBridgeService } from './services/event-bridge.ts';
import { localInvoicing } from './services/invoicing.ts';
import { s3Service } from './services/s3.ts';
import { type QueueSettings, sqsService } from './services/sqs.ts';
import { type Ssm, ssmService } from './services/ssm.ts';

export interface LocalServicesOptions {
  readonly assembly: Assembly;
  readonly stage: string;
  readonly directory: RunDirectory;
  /** Told the ARN of a queue that has a new message. */
  readonly changed: (arn: string) => void;
  /** Told of each event once it is stored. */
  readonly accepted: (event: AcceptedEvent) => void;
}

export interface LocalServices {
  readonly services: readonly LocalService[];
  readonly events: EventBridge;
  /** Where services are told what they are to show, by the name in `/_local/stub/{name}/`. */
  readonly controls: Readonly<Record<string, ProviderStub>>;
  readonly close: () => void;
}

/**
 * What providers would sign with in a local run. They are published in the documentation, and no deployment knows them.
 * The tenant `demo` has these; another tenant has its own, `whsec_local_acme`, for one's signature must not open another's
 * door.
 */
const WEBHOOK_SECRETS: Readonly<Record<string, string>> = {
  stripe: 'whsec_local',
  payroll: 'local-secret',
  gusto: 'local-secret',
  generic: 'local-secret',
  chargebee: 'local:local',
};

const text = ({ properties }: LocalResource, name: string): string | undefined => {
  const value = properties[name];
  return value === undefined ? undefined : String(value);
};

const queueSettings = (queue: LocalResource): QueueSettings => {
  const visibility = text(queue, 'VisibilityTimeout');
  const redrive = queue.properties['RedrivePolicy'] as
    | { deadLetterTargetArn: string; maxReceiveCount: number }
    | undefined;
  return {
    name: queue.name,
    ...(visibility !== undefined && { visibilityTimeoutSeconds: Number(visibility) }),
    ...(redrive && {
      deadLetters: {
        queue: redrive.deadLetterTargetArn.split(':').at(-1) ?? '',
        maxReceiveCount: Number(redrive.maxReceiveCount),
      },
    }),
  };
};

/** What the functions are told under a name, each by itself. */
const toldAs = (assembly: Assembly, name: string): readonly string[] =>
  assembly.ofType('AWS::Lambda::Function').flatMap(({ properties }) => {
    const environment = properties['Environment'] as { Variables?: Record<string, unknown> } | undefined;
    const value = environment?.Variables?.[name];
    return typeof value === 'string' ? [value] : [];
  });

/** Tenants as the functions are told of them. */
const tenantsOf = (assembly: Assembly): readonly TenantSettings[] => {
  const told = toldAs(assembly, 'TENANTS').flatMap(parseTenants);
  return [...new Map(told.map((settings) => [settings.tenant, settings])).values()];
};

const seedParameters = (ssm: Ssm, assembly: Assembly, stage: string): void => {
  for (const parameter of assembly.ofType('AWS::SSM::Parameter')) {
    const allowedPattern = text(parameter, 'AllowedPattern');
    ssm.seed({
      name: parameter.name,
      value: text(parameter, 'Value') ?? '',
      type: 'String',
      ...(allowedPattern !== undefined && { allowedPattern }),
    });
  }
  for (const { tenant, stripe, plaid = [], chargebee, gusto, gcp, posthog, mixpanel } of tenantsOf(
    assembly,
  )) {
    const seed = (name: string, value: string): void =>
      ssm.seed({ name: `/capstack/${stage}/${tenant}/${name}`, value, type: 'SecureString' });
    if (stripe) seed('stripe/api/key', 'sk_test_local');
    for (const [source, value] of Object.entries(WEBHOOK_SECRETS))
      seed(`${source}/webhook/current`, tenant === 'demo' ? value : `${value}_${tenant}`);
    if (chargebee) seed('chargebee/api/key', 'test_local');
    if (gcp) seed('gcp/api/key', localServiceAccount());
    if (posthog) seed('posthog/api/key', 'phx_local');
    if (mixpanel) {
      seed('mixpanel/api/username', 'local');
      seed('mixpanel/api/secret', 'local-secret');
    }
    if (gusto) {
      seed('gusto/api/client_id', 'client-local');
      seed('gusto/api/client_secret', 'local-secret');
      seed('gusto/api/refresh_token', LOCAL_REFRESH_TOKEN);
    }
    for (const slackUrl of toldAs(assembly, 'SLACK_URL')) {
      seed('pagerduty/api/routing_key', localRoutingKey(tenant));
      seed('slack/api/url', `${slackUrl}/services/local/${tenant}`);
    }
    if (plaid.length === 0) continue;
    seed('plaid/api/client_id', 'client-local');
    seed('plaid/api/secret', 'local-secret');
    for (const { item } of plaid) seed(`plaid/api/access_token/${item}`, localAccessToken(item));
  }
};

const budgetOf = (property: unknown): NewBudget => {
  const { BudgetName, BudgetLimit } = property as { BudgetName: string; BudgetLimit: { Amount: number } };
  return { name: BudgetName, amount: String(BudgetLimit.Amount) };
};

export const openLocalServices = ({
  assembly,
  stage,
  directory,
  changed,
  accepted,
}: LocalServicesOptions): LocalServices => {
  const durable: Durable = openDurable(directory.keep ? join(directory.path, 'services.sqlite') : undefined);
  const ssm = ssmService(durable);
  seedParameters(ssm, assembly, stage);
  const queues = assembly.ofType('AWS::SQS::Queue').map(queueSettings);
  const buckets = assembly.ofType('AWS::S3::Bucket').map(({ name }) => name);
  const scaling = autoScalingService(durable);
  for (const group of DEMO_GROUPS) scaling.seed(group);
  const budgets = budgetsService(durable);
  for (const { properties } of assembly.ofType('AWS::Budgets::Budget'))
    budgets.seed(budgetOf(properties['Budget']));
  const costs = localCostExplorer();
  const invoices = localInvoicing();
  const credits = localBilling();
  const buses = assembly.ofType('AWS::Events::EventBus').map(({ name }) => name);
  const events = eventBridgeService({ durable, buses, accepted });
  return {
    services: [
      ssm.service,
      sqsService({ durable, queues, sent: changed }),
      events.service,
      s3Service(durable, buckets).service,
      scaling.service,
      budgets.service,
      costs.service,
      invoices.service,
      credits.service,
    ],
    events,
    controls: { 'cost-explorer': costs.control, invoicing: invoices.control, billing: credits.control },
    close: durable.close,
  };
};
