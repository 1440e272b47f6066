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
