import { Stack } from 'aws-cdk-lib';
import { OAUTH_TOKENS, OFFER_SLOTS } from '../../shared/contract/credentials.ts';
import { secretPrefix } from '../../shared/contract/names.ts';
import type { PipelineFunction } from './pipeline-function.ts';

const grantWrite = (
  writer: PipelineFunction,
  stage: string,
  sid: string,
  name: string,
  reason: string,
): void => {
  const resource = `parameter${secretPrefix(stage)}/*/${name}`;
  writer.allow(
    sid,
    { actions: ['ssm:PutParameter'], resources: [Stack.of(writer).formatArn({ service: 'ssm', resource })] },
    { pattern: `arn:<AWS::Partition>:ssm:<AWS::Region>:<AWS::AccountId>:${resource}`, reason },
  );
};

/** Lets a function keep the signing secret that Gusto offers. It can put it nowhere where it would be trusted. */
export const grantOfferedSecrets = (writer: PipelineFunction, stage: string): void =>
  grantWrite(
    writer,
    stage,
    'KeepOfferedSecret',
    `gusto/webhook/${OFFER_SLOTS.offered}`,
    'Tenants connect Gusto without a deployment; the pattern matches the slot for an offered secret only.',
  );

/** Lets a function store the tokens that it got from Gusto in exchange for the last ones. */
export const grantGustoTokens = (writer: PipelineFunction, stage: string): void =>
  grantWrite(
    writer,
    stage,
    'KeepGustoTokens',
    `gusto/api/${OAUTH_TOKENS}`,
    'Tenants connect Gusto without a deployment; the pattern matches the tokens that replace each other only.',
  );
