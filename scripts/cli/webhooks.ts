import { randomUUID } from 'node:crypto';
import { type Command, Option } from 'commander';
import { isLoopback, post, urlOf, withApi } from './api.ts';
import { BUDGETS, budgetSamples, untested } from './budget-samples.ts';
import { Failure } from './failure.ts';
import {
  LOCAL_SECRETS,
  SAMPLE_SOURCES,
  type Sample,
  type SampleSource,
  samplesOf,
  unknownSource,
} from './sample-deliveries.ts';
import { printTable } from './table.ts';

interface WebhookOptions {
  readonly api: string;
  readonly tenant: string;
  readonly source: SampleSource | typeof BUDGETS | 'all';
  readonly secret?: string;
  readonly topic?: string;
  readonly json?: true;
}

interface Tried {
  readonly source: string;
  readonly delivery: string;
  readonly expected: string;
  readonly answered: string;
  readonly ok: boolean;
}

/** `200 accepted`: the status, and of an answer that took it what became of it. */
const said = async (response: Response): Promise<string> => {
  const text = await response.text();
  if (!response.ok) return String(response.status);
  try {
    return `${response.status} ${(JSON.parse(text) as { status?: unknown }).status ?? ''}`.trim();
  } catch {
    return `${response.status} (no JSON)`;
  }
};

const tryOne = async (api: string, tenant: string, sample: Sample): Promise<Tried> => {
  const path = `/v1/webhooks/${encodeURIComponent(tenant)}/${sample.source}`;
  const answered = await said(await post(api, path, sample.headers, sample.body));
  const { source, what: delivery, expected } = sample;
  return { source, delivery, expected, answered, ok: answered === expected };
};

const secretsOf = (
  { api, tenant, secret }: WebhookOptions,
  source: SampleSource | 'all',
): readonly [SampleSource, string][] => {
  const sources = source === 'all' ? SAMPLE_SOURCES : [source];
  if (secret === undefined && !isLoopback(urlOf(api, '/')))
    throw new Failure(
      `${api} has secrets of its own: give --source and its --secret, or set CAPSTACK_WEBHOOK_SECRET`,
    );
  if (secret === undefined && tenant !== 'demo')
    return sources.map((each) => [each, `${LOCAL_SECRETS[each]}_${tenant}`]);
  if (secret !== undefined && source === 'all')
    throw new Failure('--secret is of one source: name it with --source');
  return sources.map((each) => [each, secret ?? LOCAL_SECRETS[each]]);
};

const testWebhooks = async (options: WebhookOptions): Promise<void> => {
  const { api, tenant, source, topic } = options;
  const id = `capstack-test-${randomUUID()}`;
  const budgets = { api, isLocal: isLoopback(urlOf(api, '/')), ...(topic !== undefined && { topic }) };
  const samples = [
    ...(source === BUDGETS
      ? await budgetSamples(budgets, Date.now())
      : secretsOf(options, source).flatMap(([of, secret]) => samplesOf(of, secret, id, Date.now()))),
    unknownSource(),
  ];
  const tried: Tried[] = [];
  for (const sample of samples) tried.push(await tryOne(api, tenant, sample));
  const failed = tried.filter(({ ok }) => !ok).length;
  if (options.json) process.stdout.write(`${JSON.stringify({ ok: failed === 0, deliveries: tried })}\n`);
  else
    printTable(
      ['source', 'delivery', 'should be', 'was', ''],
      tried.map((each) => [
        each.source,
        each.delivery,
        each.expected,
        each.answered,
        each.ok ? 'ok' : 'WRONG',
      ]),
    );
  if (failed > 0)
    throw new Failure(
      source === BUDGETS
        ? `${failed} of ${tried.length} deliveries were answered otherwise: check the tenant, its aws.budgets_topic (--topic) and this machine's clock`
        : `${failed} of ${tried.length} deliveries were answered otherwise: check the tenant, the secret (capstack secrets put) and this machine's clock`,
    );
  if (options.json) return;
  process.stdout.write('The door is as it should be. No money was moved.\n');
  if (source === BUDGETS) process.stdout.write(untested(budgets));
};

export const addWebhooks = (program: Command): void => {
  const webhooks = program.command('webhooks').description('the doors through which providers deliver');
  withApi(webhooks.command('test'))
    .description('signed sample deliveries through the front door; none of them moves money')
    .addOption(
      new Option('--source <name>', 'whose deliveries')
        .choices([...SAMPLE_SOURCES, BUDGETS, 'all'])
        .default('all'),
    )
    .option('--tenant <name>', 'tenant in the address', 'demo')
    .option(
      '--secret <value>',
      'signing secret of the source; a local pipeline has documented ones (or set CAPSTACK_WEBHOOK_SECRET)',
      process.env['CAPSTACK_WEBHOOK_SECRET'],
    )
    .option('--topic <arn>', 'of aws-budgets: the topic that the configuration names')
    .option('--json', 'what was tried as JSON')
    .addHelpText(
      'after',
      '\nThe samples stay in the ledger: an adjustment by 0 and a cancelled payroll. Stripe,\nChargebee and Gusto get an event of a type that is ignored, for a charge would stay in the books. Plaid signs with keys\nof its own: npm start -- --try plaid shows it. So does SNS for aws-budgets, which is not among all: the local stand-in\nsigns; against a deployment only what has to be refused can be sent.',
    )
    .action(testWebhooks);
};
