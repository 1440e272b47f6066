import { SSMClient } from '@aws-sdk/client-ssm';
import { InvalidArgumentError } from 'commander';
import { localAccount } from './api.ts';

/** Part of a parameter's name, and of a webhook's address. */
export const namePart =
  (what: string): ((text: string) => string) =>
  (text) => {
    if (/^[a-z0-9][a-z0-9_-]{0,62}$/.test(text)) return text;
    throw new InvalidArgumentError(`write ${what} in a-z, 0-9, - and _`);
  };

/** The parameter store of the local pipeline, or of the account that the operator's credentials open. */
export const parameterStore = async ({
  api,
  stage,
}: {
  readonly api: string;
  readonly stage?: string;
}): Promise<{ client: SSMClient; stage: string }> => {
  if (stage !== undefined) return { client: new SSMClient(), stage };
  const { endpoint, region, operator, stage: local } = await localAccount(api);
  const credentials = { accessKeyId: operator.id, secretAccessKey: operator.secret };
  return { client: new SSMClient({ endpoint, region, credentials }), stage: local };
};
