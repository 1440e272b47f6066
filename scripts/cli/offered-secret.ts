import {
  GetParameterCommand,
  ParameterNotFound,
  PutParameterCommand,
  type SSMClient,
} from '@aws-sdk/client-ssm';
import { type Command, Option } from 'commander';
import { rotateSecret } from '../../shared/aws/secret-slots.ts';
import { OFFER_SLOTS } from '../../shared/contract/credentials.ts';
import { secretPrefix } from '../../shared/contract/names.ts';
import { withApi } from './api.ts';
import { wholeNumber } from './argument.ts';
import { Failure } from './failure.ts';
import { namePart, parameterStore } from './parameter-store.ts';

interface AwaitOptions {
  readonly api: string;
  readonly tenant: string;
  readonly source: string;
  readonly stage?: string;
  readonly minutes: number;
  readonly json?: true;
}

const POLL_MS = 1_000;

const offered = async (
  client: SSMClient,
  name: string,
): Promise<{ readonly value?: string | undefined; readonly version: number }> => {
  try {
    const { Parameter } = await client.send(new GetParameterCommand({ Name: name, WithDecryption: true }));
    return { value: Parameter?.Value, version: Parameter?.Version ?? 0 };
  } catch (error) {
    if (error instanceof ParameterNotFound) return { version: 0 };
    throw error;
  }
};

/** What was offered after `before`, or undefined where nothing was in time. */
const nextOffer = async (
  client: SSMClient,
  name: string,
  before: number,
  untilMs: number,
): Promise<string | undefined> => {
  while (Date.now() < untilMs) {
    const { value, version } = await offered(client, name);
    if (version > before && value !== undefined) return value;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  return undefined;
};

const awaitSecret = async (options: AwaitOptions): Promise<void> => {
  const { tenant, source, minutes } = options;
  const { client, stage } = await parameterStore(options);
  const parent = `${secretPrefix(stage)}/${tenant}/${source}`;
  const slot = `${parent}/webhook/${OFFER_SLOTS.offered}`;
  const openUntil = (ms: number): Promise<unknown> =>
    client.send(
      new PutParameterCommand({
        Name: `${parent}/webhook/${OFFER_SLOTS.awaitedUntil}`,
        Value: new Date(ms).toISOString(),
        Type: 'String',
        Overwrite: true,
      }),
    );
  const before = await offered(client, slot);
  const untilMs = Date.now() + minutes * 60_000;
  await openUntil(untilMs);
  if (!options.json)
    process.stdout.write(
      `Waiting ${minutes} min for ${source} to offer its verification token.\nNow create the webhook subscription there, with the address .../v1/webhooks/${tenant}/${source}\n`,
    );
  const token = await nextOffer(client, slot, before.version, untilMs).finally(() => openUntil(0));
  if (token === undefined)
    throw new Failure(
      `nothing was offered within ${minutes} min: check the address of the subscription, then have the token sent again`,
    );
  const status = await rotateSecret(client, parent, token);
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ tenant, source, status, verification_token: token })}\n`
      : `The token is stored as the signing secret. Prove at ${source} that it was you who got it:\n  PUT /v1/webhook_subscriptions/{uuid}/verify  {"verification_token":"${token}"}\nIf it is refused there, a stranger offered it: run this again.\n`,
  );
};

export const addAwaitSecret = (secrets: Command): void => {
  withApi(secrets.command('await'))
    .description('takes the signing secret that a provider offers when a webhook subscription is made')
    .addOption(new Option('--source <name>', 'provider it is of').choices(['gusto']).default('gusto'))
    .requiredOption('--tenant <name>', 'tenant it is of', namePart('a tenant'))
    .option(
      '--stage <name>',
      "a deployment's stage, with your AWS credentials (default: the local pipeline)",
      namePart('a stage'),
    )
    .option('--minutes <number>', 'how long to wait', wholeNumber(1, 60), 15)
    .option('--json', 'the token as JSON')
    .action(awaitSecret);
};
