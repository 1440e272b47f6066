import { type App, Tags } from 'aws-cdk-lib';
import { type Configuration, STAGE_NAME, STAGE_NAME_RULE } from './configuration.ts';
import { PipelineStack } from './pipeline-stack.ts';
import { stageSettings } from './stages.ts';
import { StatefulStack } from './stateful-stack.ts';

/** Context keys: `stage`, `distDir` (the bundles), `stripeApiUrl`, `plaidApiUrl`, `chargebeeApiUrl`, `gustoApiUrl`,
 * `pagerDutyUrl`, `slackUrl`, `fxApiUrl`, `snsUrl`, `googleApisUrl`, `posthogUrl`, `mixpanelUrl`. */
const contextOf = (app: App, key: string): string | undefined => {
  const value: unknown = app.node.tryGetContext(key);
  return value === undefined || value === '' ? undefined : String(value);
};

/** The stacks of one stage. The stage is `--context stage=`, else CAPSTACK_STAGE, else what the configuration says. */
export const deployment = (
  app: App,
  configuration: Configuration,
  defaultDistDir: string,
): { readonly stateful: StatefulStack; readonly pipeline: PipelineStack } => {
  const stage = contextOf(app, 'stage') ?? process.env['CAPSTACK_STAGE'] ?? configuration.stage.name;
  if (!STAGE_NAME.test(stage)) throw new Error(`stage ${stage}: ${STAGE_NAME_RULE}`);
  const settings = stageSettings(configuration, {
    stage,
    distDir: contextOf(app, 'distDir') ?? defaultDistDir,
    stripeApiUrl: contextOf(app, 'stripeApiUrl') ?? 'https://api.stripe.com',
    plaidApiUrl: contextOf(app, 'plaidApiUrl') ?? 'https://production.plaid.com',
    chargebeeApiUrl: contextOf(app, 'chargebeeApiUrl') ?? 'https://{site}.chargebee.com',
    gustoApiUrl: contextOf(app, 'gustoApiUrl') ?? 'https://api.gusto.com',
    fxApiUrl: contextOf(app, 'fxApiUrl') ?? 'https://www.ecb.europa.eu/stats/eurofxref',
    snsUrl: contextOf(app, 'snsUrl') ?? 'https://sns.{region}.amazonaws.com',
    posthogUrl: contextOf(app, 'posthogUrl') ?? 'https://{host}',
    mixpanelUrl: contextOf(app, 'mixpanelUrl') ?? 'https://{host}',
    pagerDutyUrl: contextOf(app, 'pagerDutyUrl') ?? 'https://events.pagerduty.com',
    slackUrl: contextOf(app, 'slackUrl') ?? 'https://hooks.slack.com',
    googleApisUrl: contextOf(app, 'googleApisUrl') ?? 'https://{service}.googleapis.com',
  });
  const stateful = new StatefulStack(app, `capstack-${stage}-stateful`, settings);
  const pipeline = new PipelineStack(app, `capstack-${stage}-pipeline`, settings, stateful);
  Tags.of(app).add('app', 'capstack');
  Tags.of(app).add('capstack-stage', stage);
  return { stateful, pipeline };
};
