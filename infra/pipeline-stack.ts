import { CfnOutput, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Alarms } from './constructs/alarms.ts';
import { Alerting } from './constructs/alerting.ts';
import { Announcing } from './constructs/announcing.ts';
import { CostBudget } from './constructs/cost-budget.ts';
import { DeadLetters } from './constructs/dead-letters.ts';
import { Forecasting } from './constructs/forecasting.ts';
import { Governing } from './constructs/governing.ts';
import { HttpApi } from './constructs/http-api.ts';
import { Ingestion } from './constructs/ingestion.ts';
import { OwnerFunctions } from './constructs/owner-functions.ts';
import { ProductDatabase } from './constructs/product-database.ts';
import { Pulling } from './constructs/pulling.ts';
import { Reconciliation } from './constructs/reconciliation.ts';
import { Settling } from './constructs/settling.ts';
import { alertRoute, routes } from './routes.ts';
import type { StageSettings } from './stages.ts';
import type { StatefulStack } from './stateful-stack.ts';

/** What works on the data, in the order in which an event passes through it. Can be deleted and deployed again. */
export class PipelineStack extends Stack {
  constructor(scope: Construct, id: string, settings: StageSettings, stateful: StatefulStack) {
    super(scope, id, {
      description: `Capstack ${settings.stage}: from webhook to runway to capacity`,
      terminationProtection: settings.keepData,
    });
    const deadLetters = new DeadLetters(this, 'DeadLetters');
    const ingestion = new Ingestion(this, 'Ingestion', settings, stateful, deadLetters);
    const pulling = new Pulling(this, 'Pulling', settings, stateful, deadLetters);
    if (settings.tenants.some(({ postgres }) => postgres !== undefined))
      new ProductDatabase(this, 'ProductDatabase', settings, stateful, deadLetters);
    const forecasting = new Forecasting(this, 'Forecasting', settings, stateful, deadLetters);
    const announcing = new Announcing(this, 'Announcing', settings, stateful, deadLetters);
    const governing = new Governing(this, 'Governing', settings, stateful, announcing, deadLetters);
    const reconciliation = new Reconciliation(this, 'Reconciliation', settings, stateful, deadLetters);
    const settling = new Settling(this, 'Settling', settings, stateful, deadLetters);
    const owner = new OwnerFunctions(this, 'Owner', settings, stateful, governing);
    const api = new HttpApi(
      this,
      'Http',
      settings,
      stateful.tokens,
      routes(settings, ingestion, owner, settling, reconciliation),
    );
    const alarms = new Alarms(this, 'Alarms', settings, {
      api,
      buffer: ingestion.buffer,
      deadLetters: deadLetters.queue,
      streamFailures: stateful.streamFailures,
      forecast: forecasting.forecast,
      consumers: { Forecast: forecasting.forecast, Pull: pulling.pull, Announce: announcing.announce },
    });
    if (settings.alerts.channels.length > 0)
      api.add(
        alertRoute(
          new Alerting(this, 'Alerting', settings, stateful, { announcing, api, alarms, deadLetters }),
        ),
      );
    new CostBudget(this, 'Budget', settings, alarms.topic);

    new CfnOutput(this, 'ApiUrl', { value: api.url });
    new CfnOutput(this, 'WebhookUrl', { value: `${api.url}/v1/webhooks/{tenant}/{source}` });
    new CfnOutput(this, 'TokenIssuer', { value: stateful.tokens.issuer });
    new CfnOutput(this, 'TokenAudience', { value: stateful.tokens.audience });
    new CfnOutput(this, 'PolicyMode', { value: governing.mode.parameterName });
    new CfnOutput(this, 'EventBus', { value: announcing.bus.eventBusName });
    new CfnOutput(this, 'DeadLetterQueue', { value: deadLetters.queue.queueUrl });
    new CfnOutput(this, 'AlarmTopic', { value: alarms.topic.topicArn });
  }
}
