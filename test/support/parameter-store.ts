import type { TestContext } from 'node:test';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { openDurable } from '../../scripts/local/durable.ts';
import { type ParameterType, ssmService } from '../../scripts/local/services/ssm.ts';
import { type ServiceEndpoint, serviceEndpoint } from './service-endpoint.ts';

export interface ParameterStore extends Omit<ServiceEndpoint, 'client'> {
  readonly client: SSMClient;
  readonly put: (name: string, value: string) => Promise<unknown>;
}

/** Parameters of one test behind the SDK's own client. */
export const parameterStore = async (
  context: TestContext,
  type: ParameterType,
  values: Readonly<Record<string, string>>,
): Promise<ParameterStore> => {
  const { service, seed } = ssmService(openDurable(undefined));
  for (const [name, value] of Object.entries(values)) seed({ name, value, type });
  const endpoint = await serviceEndpoint(service);
  const client = new SSMClient({ ...endpoint.client, maxAttempts: 1 });
  context.after(async () => {
    client.destroy();
    await endpoint.stop();
  });
  return {
    ...endpoint,
    client,
    put: (Name, Value) => client.send(new PutParameterCommand({ Name, Value, Overwrite: true })),
  };
};
