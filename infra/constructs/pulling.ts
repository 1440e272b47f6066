import { FilterRule } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { PollEnvironment } from '../../functions/poll/environment.ts';
import type { PullEnvironment } from '../../functions/pull/environment.ts';
import { DOORBELL_ATTRIBUTE, LEDGER_KINDS, secretPrefix } from '../../shared/contract/names.ts';
import type { StageSettings } from '../stages.ts';
import type { StatefulStack } from '../stateful-stack.ts';
import type { DeadLetters } from './dead-letters.ts';
import { PipelineFunction } from './pipeline-function.ts';
import { grantGustoTokens } from './provider-tokens.ts';
import { Schedule } from './schedule.ts';
import { grantSecrets } from './secrets.ts';
import { StreamConsumer } from './stream-consumer.ts';

/**
 * What has to be asked for: what webhooks only announce, by the ledger's stream and the clock; and what no webhook tells, by the
 * clock alone. The answers are appended to the ledger like any webhook.
 */
export class Pulling extends Construct {
  readonly pull: PipelineFunction<PullEnvironment>;

  constructor(
    scope: Construct,
    id: string,
    settings: StageSettings,
    stateful: StatefulStack,
    deadLetters: DeadLetters,
  ) {
    super(scope, id);
    const { ledger, archive, streamFailures } = stateful;
    this.pull = new PipelineFunction<PullEnvironment>(this, 'Pull', settings, {
      folder: 'pull',
      description: 'What webhooks only announce, fetched from the provider',
      memoryMb: 512,
      /** The first reading of a bank login is two years of transactions, and begins anew where it is cut off. */
      timeoutSeconds: 300,
      environment: {
        STAGE: settings.stage,
        LEDGER_TABLE: ledger.table.tableName,
        ARCHIVE_BUCKET: archive.bucket.bucketName,
        SECRET_PREFIX: secretPrefix(settings.stage),
        TENANTS: JSON.stringify(settings.tenants),
        STRIPE_API_URL: settings.stripeApiUrl,
        PLAID_API_URL: settings.plaidApiUrl,
        GUSTO_API_URL: settings.gustoApiUrl,
        SNS_URL: settings.snsUrl,
      },
    });
    ledger.grantAppend(this.pull);
    archive.grantWrite(this.pull);
    archive.grantRead(this.pull);
    grantSecrets(this.pull, settings.stage, 'api');
    grantGustoTokens(this.pull, settings.stage);
    if (settings.tenants.some(({ aws }) => aws !== undefined))
      this.allowCosts(settings.tenants.some(({ aws }) => aws?.credits.length === 0));
    /** What is gone from a provider's list is only found by what was told of it before. */
    if (settings.tenants.some(({ aws, gusto }) => aws !== undefined || gusto !== undefined))
      ledger.grantReadBuckets(this.pull);
    streamFailures.grantReceive(this.pull);
    new StreamConsumer(this, 'LedgerStream', {
      table: ledger.table,
      consumer: this.pull,
      filter: {
        eventName: FilterRule.isEqual('INSERT'),
        dynamodb: {
          NewImage: {
            kind: { S: FilterRule.isEqual(LEDGER_KINDS.delivery) },
            [DOORBELL_ATTRIBUTE]: { S: FilterRule.exists() },
          },
        },
      },
      batchSize: 25,
      batchWindowSeconds: 0,
      retryAttempts: 10,
      onFailure: streamFailures,
    });
    this.pull.keepFailedEvents(deadLetters.queue);
    new Schedule(this, 'Hourly', { target: this.pull, at: { minute: '7' }, deadLetters });
    const poll = this.poll(settings, stateful);
    poll.keepFailedEvents(deadLetters.queue);
    new Schedule(this, 'PollHourly', { target: poll, at: { minute: '11' }, deadLetters });
    /** Before books and sources are compared: what is merely missing is then there. */
    new Schedule(this, 'Nightly', {
      target: this.pull,
      at: { minute: '37', hour: '2' },
      input: { stripe_days: 36 },
      deadLetters,
    });
  }

  private poll(
    settings: StageSettings,
    { ledger, state, archive }: StatefulStack,
  ): PipelineFunction<PollEnvironment> {
    const poll = new PipelineFunction<PollEnvironment>(this, 'Poll', settings, {
      folder: 'poll',
      description: 'What billing, clouds, product analytics and the central bank say that no webhook tells',
      memoryMb: 512,
      timeoutSeconds: 300,
      environment: {
        STAGE: settings.stage,
        LEDGER_TABLE: ledger.table.tableName,
        STATE_TABLE: state.table.tableName,
        ARCHIVE_BUCKET: archive.bucket.bucketName,
        SECRET_PREFIX: secretPrefix(settings.stage),
        TENANTS: JSON.stringify(settings.tenants),
        CHARGEBEE_API_URL: settings.chargebeeApiUrl,
        GOOGLE_APIS_URL: settings.googleApisUrl,
        POSTHOG_URL: settings.posthogUrl,
        MIXPANEL_URL: settings.mixpanelUrl,
        FX_API_URL: settings.fxApiUrl,
      },
    });
    ledger.grantAppend(poll);
    if (settings.tenants.some(({ gcp, posthog, mixpanel }) => gcp ?? posthog ?? mixpanel))
      ledger.grantReadBuckets(poll);
    state.grantRead(poll);
    archive.grantWrite(poll);
    grantSecrets(poll, settings.stage, 'api');
    return poll;
  }

  /** Reads of what the account costs, is billed and has left of credits; none of them knows a narrower resource than the account. */
  private allowCosts(asksForCredits: boolean): void {
    const credits = asksForCredits ? ['billing:GetCredits'] : [];
    this.pull.allow(
      'ReadCosts',
      { actions: ['ce:GetCostAndUsage', 'invoicing:ListInvoiceSummaries', ...credits], resources: ['*'] },
      {
        pattern: '*',
        reason: 'Costs, invoices and credits are the account’s: no resource is taken for them.',
      },
    );
  }
}
