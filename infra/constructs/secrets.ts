import { Stack } from 'aws-cdk-lib';
import { secretPrefix } from '../../shared/contract/names.ts';
import type { PipelineFunction } from './pipeline-function.ts';

/**
 * Lets a function read the secrets `/capstack/{stage}/{tenant}/{source}/{kind}/...` of every tenant. The CLI writes them;
 * CloudFormation cannot make encrypted parameters. The AWS managed key lets whoever may read them decrypt them.
 */
export const grantSecrets = (reader: PipelineFunction, stage: string, kind: 'webhook' | 'api'): void => {
  const resource = `parameter${secretPrefix(stage)}/*/${kind}/*`;
  reader.allow(
    kind === 'webhook' ? 'ReadWebhookSecrets' : 'ReadApiKeys',
    { actions: ['ssm:GetParameters'], resources: [Stack.of(reader).formatArn({ service: 'ssm', resource })] },
    {
      pattern: `arn:<AWS::Partition>:ssm:<AWS::Region>:<AWS::AccountId>:${resource}`,
      reason: `Sources are added without a deployment; the pattern matches secrets of the kind ${kind} of this stage only.`,
    },
  );
};

/**
 * Lets a function ask Plaid for the keys that sign webhooks: with what identifies the tenant there, but without the tokens
 * that open its bank logins.
 */
export const grantPlaidClient = (reader: PipelineFunction, stage: string): void => {
  for (const [sid, name] of [
    ['ReadPlaidClientId', 'client_id'],
    ['ReadPlaidSecret', 'secret'],
  ] as const) {
    const resource = `parameter${secretPrefix(stage)}/*/plaid/api/${name}`;
    reader.allow(
      sid,
      {
        actions: ['ssm:GetParameters'],
        resources: [Stack.of(reader).formatArn({ service: 'ssm', resource })],
      },
      {
        pattern: `arn:<AWS::Partition>:ssm:<AWS::Region>:<AWS::AccountId>:${resource}`,
        reason: `Tenants connect a bank without a deployment; the pattern matches their ${name} at Plaid only.`,
      },
    );
  }
};

/** Lets a function into the tenants' own databases, and nowhere else. */
export const grantDatabaseAddress = (reader: PipelineFunction, stage: string): void => {
  const resource = `parameter${secretPrefix(stage)}/*/postgres/api/*`;
  reader.allow(
    'ReadDatabaseAddresses',
    { actions: ['ssm:GetParameters'], resources: [Stack.of(reader).formatArn({ service: 'ssm', resource })] },
    {
      pattern: `arn:<AWS::Partition>:ssm:<AWS::Region>:<AWS::AccountId>:${resource}`,
      reason:
        'Tenants connect a database without a deployment; the pattern matches what opens their databases only.',
    },
  );
};

/** Lets a function read one credential of the tenants', and nothing else they have. */
export const grantApiKey = (reader: PipelineFunction, stage: string, source: string, name: string): void => {
  const resource = `parameter${secretPrefix(stage)}/*/${source}/api/${name}`;
  reader.allow(
    `Read${source.charAt(0).toUpperCase()}${source.slice(1)}${name === 'key' ? 'Key' : 'Credential'}`,
    { actions: ['ssm:GetParameters'], resources: [Stack.of(reader).formatArn({ service: 'ssm', resource })] },
    {
      pattern: `arn:<AWS::Partition>:ssm:<AWS::Region>:<AWS::AccountId>:${resource}`,
      reason: `Tenants connect ${source} without a deployment; the pattern matches their ${name} there only.`,
    },
  );
};

/** Lets a function ask Stripe for its lists, and nobody else for anything. */
export const grantStripeKey = (reader: PipelineFunction, stage: string): void =>
  grantApiKey(reader, stage, 'stripe', 'key');
