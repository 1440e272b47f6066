import { type Command, InvalidArgumentError, Option } from 'commander';
import { putSecret, rotateSecret, type Stored } from '../../shared/aws/secret-slots.ts';
import { CHANNELS } from '../../shared/contract/alert.ts';
import { secretPrefix, WEBHOOK_SOURCES } from '../../shared/contract/names.ts';
import { withApi } from './api.ts';
import { Failure, reasonOf } from './failure.ts';
import { addAwaitSecret } from './offered-secret.ts';
import { namePart, parameterStore } from './parameter-store.ts';
import { LOCAL_SECRETS } from './sample-deliveries.ts';
import { readSecret } from './secret-input.ts';

interface SecretOptions {
  readonly api: string;
  readonly tenant: string;
  readonly source: string;
  readonly stage?: string;
  readonly slot: 'current' | 'previous';
  readonly credential?: string;
  readonly json?: true;
}

const SENTENCES: Readonly<Record<Stored, (name: string) => string>> = {
  stored: (name) => `${name} is stored; running functions take it within a minute or so.`,
  rotated: (name) =>
    `${name} is stored, running functions take it within a minute or so; the one before stays good until the next rotation.`,
  unchanged: (name) => `${name} was so already.`,
};

/** May have parts: Plaid has a token for each item, under the item's own id. */
const credentialName = (text: string): string => {
  if (/^[A-Za-z0-9][A-Za-z0-9_-]{0,62}(\/[A-Za-z0-9][A-Za-z0-9_-]{0,62})*$/.test(text)) return text;
  throw new InvalidArgumentError('write a credential in letters, digits, - and _, its parts apart by /');
};

/** Whether a value is one of the documented test values, which no deployment may take. */
const isLocalSecret = (value: string, tenant: string): boolean =>
  Object.values(LOCAL_SECRETS).some((local) => value === local || value === `${local}_${tenant}`);

const put = async (options: SecretOptions): Promise<void> => {
  const { tenant, source, slot, credential } = options;
  const { client, stage } = await parameterStore(options);
  const parent = `${secretPrefix(stage)}/${tenant}/${source}`;
  const name = credential === undefined ? `${parent}/webhook/${slot}` : `${parent}/api/${credential}`;
  const value = await readSecret(`${name}: `);
  if (options.stage !== undefined && isLocalSecret(value, tenant))
    throw new Failure(`${value} is what a local pipeline signs with, and everybody knows it: take another`);
  const stored = await (credential === undefined && slot === 'current'
    ? rotateSecret(client, parent, value)
    : putSecret(client, name, value)
  ).catch((error: unknown) => {
    const region = 'set AWS_REGION, and AWS credentials that may put parameters there';
    throw new Failure(`${name} could not be stored: ${reasonOf(error)} (${region})`);
  });
  process.stdout.write(
    options.json ? `${JSON.stringify({ name, status: stored })}\n` : `${SENTENCES[stored](name)}\n`,
  );
};

export const addSecrets = (program: Command): void => {
  const secrets = program
    .command('secrets')
    .description('what webhooks are signed with, and what we call providers, PagerDuty and Slack with');
  withApi(secrets.command('put'))
    .description('stores a secret, typed at the prompt or piped in; never given on the command line')
    .requiredOption('--tenant <name>', 'tenant it is of', namePart('a tenant'))
    .addOption(
      new Option('--source <name>', 'provider or channel it is of')
        .choices([...WEBHOOK_SOURCES, 'gcp', 'mixpanel', 'postgres', 'posthog', ...CHANNELS])
        .makeOptionMandatory(),
    )
    .option(
      '--stage <name>',
      "a deployment's stage, with your AWS credentials (default: the local pipeline)",
      namePart('a stage'),
    )
    .addOption(
      new Option('--slot <name>', 'current moves what was current to previous')
        .choices(['current', 'previous'])
        .default('current'),
    )
    .option(
      '--credential <name>',
      'not a signing secret but a credential of the provider’s API, such as key or access_token/ITEM',
      credentialName,
    )
    .option('--json', 'what was stored (not the secret) as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  capstack secrets put --stage prod --tenant acme --source stripe\n  pass stripe/key | capstack secrets put --stage prod --tenant acme --source stripe --credential key',
    )
    .action(put);
  addAwaitSecret(secrets);
};
