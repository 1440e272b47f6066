import {
  GetParameterCommand,
  ParameterNotFound,
  PutParameterCommand,
  type SSMClient,
} from '@aws-sdk/client-ssm';

/** `rotated`: the secret that was current is now the previous one, and both are good. */
export type Stored = 'stored' | 'rotated' | 'unchanged';

const read = async (client: SSMClient, name: string): Promise<string | undefined> => {
  try {
    const { Parameter } = await client.send(new GetParameterCommand({ Name: name, WithDecryption: true }));
    return Parameter?.Value;
  } catch (error) {
    if (error instanceof ParameterNotFound) return undefined;
    throw error;
  }
};

const write = async (client: SSMClient, name: string, value: string): Promise<void> => {
  await client.send(
    new PutParameterCommand({ Name: name, Value: value, Type: 'SecureString', Overwrite: true }),
  );
};

/** Stores a secret under its full name, encrypted. */
export const putSecret = async (client: SSMClient, name: string, value: string): Promise<Stored> => {
  if ((await read(client, name)) === value) return 'unchanged';
  await write(client, name, value);
  return 'stored';
};

/**
 * Stores the secret that signs webhooks from now on. The one before becomes the previous one first, so that wherever this is
 * cut short, deliveries signed with either are taken while the provider changes over.
 * @param parent `/capstack/{stage}/{tenant}/{source}`.
 */
export const rotateSecret = async (client: SSMClient, parent: string, value: string): Promise<Stored> => {
  const current = `${parent}/webhook/current`;
  const before = await read(client, current);
  if (before === value) return 'unchanged';
  if (before !== undefined) await write(client, `${parent}/webhook/previous`, before);
  await write(client, current, value);
  return before === undefined ? 'stored' : 'rotated';
};
