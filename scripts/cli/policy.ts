import type { Command } from 'commander';
import type { DecisionsBody, ReadDecision } from '../../functions/read/decisions.ts';
import type { Scope } from '../../shared/contract/names.ts';
import { MODES, modeOf } from '../../shared/policy/mode.ts';
import { type Sizes, sizesText } from '../../shared/policy/sizes.ts';
import { type ApiOptions, callApi, withToken } from './api.ts';
import { wholeNumber } from './argument.ts';
import { Failure } from './failure.ts';
import { printTable } from './table.ts';

interface PolicyOptions extends ApiOptions {
  readonly json?: true;
}

const SCOPES: readonly Scope[] = ['runway:read', 'policy:write'];

const print = (options: PolicyOptions, answer: unknown, forPeople: () => void): void => {
  if (options.json) process.stdout.write(`${JSON.stringify(answer)}\n`);
  else forPeople();
};
const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const read = async (options: PolicyOptions): Promise<DecisionsBody> =>
  (await callApi(options, { method: 'GET', path: '/v1/policy/decisions' }, SCOPES)) as DecisionsBody;

/** Plans and recommendations in one list, newest first. */
const allOf = ({ decisions, recommendations }: DecisionsBody): readonly ReadDecision[] =>
  [...decisions, ...recommendations].sort((a, b) => (a.planned_at > b.planned_at ? -1 : 1));

const moneyOf = ({ expected }: Pick<ReadDecision, 'expected'>): string => {
  const { monthly, unknown } = expected.cost;
  return monthly ? `${monthly.amount} ${monthly.currency}` : `no price for ${unknown}`;
};

/** What came of a decision, in a few words. */
const cameOf = ({ status, outcomes }: ReadDecision): string => {
  const last = outcomes.at(-1);
  if (last === undefined) return status;
  return `${last.status} ${last.at.slice(0, 16).replace('T', ' ')}${outcomes.length > 1 ? ` (${outcomes.length})` : ''}`;
};

const showHead = ({ stance, stance_since: since, hold, confirmed }: DecisionsBody): void => {
  const held = hold.length > 0 ? 'HOLD, ' : '';
  say(`${held}${stance}${since === null ? '' : ` since ${since}`}${confirmed ? ', confirmed' : ''}`);
  for (const reason of hold) say(`  holds: ${reason}`);
};

const amountText = (monthly: { readonly amount: string; readonly currency: string } | null): string =>
  monthly ? `${monthly.amount} ${monthly.currency} a month` : 'no figure';

const showSavings = ({ savings }: DecisionsBody): void => {
  if (savings === null) return;
  const { since, until, predicted, realised } = savings;
  const measured =
    realised.status === 'measured'
      ? `the bills of ${realised.days} days say ${amountText(realised.monthly)}`
      : `not measured yet: ${realised.reason}`;
  say(
    `Saving since ${since}${until === null ? '' : ` until ${until}`}: expected ${amountText(predicted)}; ${measured}`,
  );
};

const show = async (options: PolicyOptions & { readonly limit: number }): Promise<void> => {
  const body = await read(options);
  print(options, body, () => {
    showHead(body);
    showSavings(body);
    const latest = allOf(body).slice(0, options.limit);
    if (latest.length === 0) return say('Nothing was decided yet.');
    printTable(
      ['when', 'group', 'from', 'to', 'a month', 'came of it', 'why'],
      latest.map((decision) => [
        decision.planned_at.slice(0, 16).replace('T', ' '),
        decision.group,
        sizesText(decision.from),
        sizesText(decision.to),
        moneyOf(decision),
        cameOf(decision),
        decision.reason.slice(0, decision.reason.indexOf(':') + 1 || undefined),
      ]),
    );
  });
};

/** Plans and recommendations that stand, and what each waits for. */
const plan = async (options: PolicyOptions): Promise<void> => {
  const body = await read(options);
  const standing = body.groups.flatMap((group) => (group.plan ? [{ ...group, decision: group.plan }] : []));
  print(options, standing, () => {
    showHead(body);
    if (standing.length === 0) return say('No change is planned.');
    printTable(
      ['group', 'from', 'to', 'a month', 'not before', 'waits for', 'id'],
      standing.map(({ group, waiting, decision }) => [
        group,
        sizesText(decision.from),
        sizesText(decision.to),
        moneyOf(decision),
        decision.status === 'recommended' ? 'approval' : decision.not_before.slice(0, 16).replace('T', ' '),
        decision.status === 'recommended' ? 'a person' : (waiting ?? ''),
        decision.decision_id.slice(0, 12),
      ]),
    );
  });
};

/** For whoever makes an approved change: no role of Capstack's may touch production. */
const commandFor = (group: string, { min, max, desired }: Sizes): string =>
  `aws autoscaling update-auto-scaling-group --auto-scaling-group-name ${group} --min-size ${min} --max-size ${max} --desired-capacity ${desired}`;

const approve = async (
  prefix: string,
  options: PolicyOptions & { readonly digest?: string },
): Promise<void> => {
  const found = allOf(await read(options)).filter(({ decision_id: id }) => id.startsWith(prefix));
  const [decision] = found;
  if (decision === undefined)
    throw new Failure(`no decision begins with ${prefix}: capstack policy show lists them`);
  if (found.length > 1) throw new Failure(`${prefix} begins ${found.length} decisions: write more of the id`);
  const path = `/v1/policy/decisions/${decision.decision_id}/approval`;
  const digest = options.digest ?? decision.digest;
  const answer = await callApi(options, { method: 'POST', path, body: { digest } }, SCOPES);
  print(options, answer, () => {
    say(`Approved: ${decision.group} from ${sizesText(decision.from)} to ${sizesText(decision.to)}.`);
    say('Make the change with your own credentials:');
    say(`  ${commandFor(decision.group, decision.to)}`);
  });
};

const setMode = async (asked: string, options: PolicyOptions): Promise<void> => {
  const mode = modeOf(asked);
  if (mode === undefined) throw new Failure(`the mode is one of ${MODES.join(', ')}, not ${asked}`);
  const answer = await callApi(options, { method: 'PUT', path: '/v1/policy/mode', body: { mode } }, SCOPES);
  print(options, answer, () => say(`The mode is ${mode} from the next run on.`));
};

const restore = async (groups: readonly string[], options: PolicyOptions): Promise<void> => {
  const body = groups.length > 0 ? { groups } : {};
  const answer = await callApi(options, { method: 'POST', path: '/v1/policy/restore', body }, SCOPES);
  print(options, answer, () => {
    say(`Ordered: ${groups.length > 0 ? groups.join(', ') : 'every group'} gets its sizes back.`);
    say(
      'The next run does it in mode apply, within the hour, and leaves the groups alone until the runway is long again.',
    );
  });
};

export const addPolicy = (program: Command): void => {
  const policy = program
    .command('policy')
    .description('what a short runway does to the cloud: its plans, who approves them, how far it may go');
  const verb = (name: string, description: string): Command =>
    withToken(policy.command(name)).description(description).option('--json', 'the answer as JSON');
  verb('show', 'the stance, and what was decided and done')
    .option('--limit <n>', 'so many decisions, newest first', wholeNumber(1, 1_000), 20)
    .action(show);
  verb('plan', 'what stands to be done, and what it waits for').action(plan);
  verb('approve', 'takes a recommendation for production upon you; the change is yours to make')
    .argument('<id>', 'the id that policy plan shows')
    .option('--digest <sha256>', 'of the content you read; by default that of now')
    .action(approve);
  verb('mode', 'how far the policy may go: off, plan (the default) or apply')
    .argument('<mode>', MODES.join(', '))
    .action(setMode);
  verb('restore', 'gives groups their sizes back, whatever the runway says')
    .argument('[groups...]', 'names; all by default')
    .action(restore);
};
