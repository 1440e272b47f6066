import type { Command } from 'commander';
import { parsePlanItem, renewalOf } from '../../shared/scenario/items.ts';
import { type ApiOptions, callApi, withToken } from './api.ts';
import { Failure } from './failure.ts';
import { readJson } from './input.ts';
import { ITEM_FLAGS, itemFromFlags, TAKEN_FOR } from './plan-flags.ts';
import { printTable } from './table.ts';

type Item = Readonly<Record<string, unknown>>;

interface PlanOptions extends ApiOptions {
  readonly json?: true;
}

const isItem = (value: unknown): value is Item =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

const print = (options: PlanOptions, answer: unknown, forPeople: () => void): void => {
  if (options.json) process.stdout.write(`${JSON.stringify(answer)}\n`);
  else forPeople();
};

const text = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';

/** When the item moves money, in a few words. */
const timing = (item: Item): string => {
  if (typeof item['every'] === 'string') {
    const { every, weekday, anchor, days, day, month } = item;
    const detail = [
      weekday !== undefined && `weekday ${text(weekday)}`,
      anchor !== undefined && `from ${text(anchor)}`,
      month !== undefined && `month ${text(month)}`,
      Array.isArray(days) && `days ${days.join(' and ')}`,
      day !== undefined && `day ${text(day)}`,
    ].filter((part) => part !== false);
    return [every, ...detail].join(', ');
  }
  return item['expires_on'] === undefined ? text(item['date']) : `until ${text(item['expires_on'])}`;
};

const chance = (item: Item): string => {
  const parsed = parsePlanItem(item);
  const renewal = parsed.ok && parsed.value.kind === 'recurring' ? renewalOf(parsed.value) : 1;
  const probability = item['probability'] ?? (renewal < 1 ? renewal : undefined);
  return typeof probability === 'number' ? `${Math.round(probability * 1000) / 10} %` : '';
};

const listPlan = async (options: PlanOptions): Promise<void> => {
  const answer = await callApi(options, { method: 'GET', path: '/v1/plan' });
  const items = isItem(answer) && Array.isArray(answer['items']) ? answer['items'].filter(isItem) : undefined;
  if (items === undefined) throw new Failure('GET /v1/plan was answered without items');
  print(options, answer, () => {
    if (items.length === 0) process.stdout.write('The plan is empty: capstack plan add --help\n');
    else
      printTable(
        ['id', 'kind', 'when', 'amount', 'chance', 'label'],
        items.map((item) => [
          text(item['id']),
          text(item['kind']),
          timing(item),
          text(item['amount'] ?? item['remaining']),
          chance(item),
          text(item['label']),
        ]),
      );
  });
};

const addItem = async (
  file: string | undefined,
  options: PlanOptions & Readonly<Record<string, unknown>>,
): Promise<void> => {
  const flags = itemFromFlags(options);
  const item = file === undefined ? flags : readJson(file);
  if (!isItem(item)) throw new Failure(`${file} holds no plan item: it needs one JSON object`);
  if (file !== undefined && Object.keys(flags).length > 0)
    throw new Failure('give the item as a file or by flags, not both');
  if (typeof item['kind'] !== 'string')
    throw new Failure('the item has no kind: scheduled, recurring, tranche or credit');
  const answer = await callApi(options, { method: 'POST', path: '/v1/plan', body: item });
  print(options, answer, () => {
    const id = isItem(answer) ? text(answer['id'] ?? item['id']) : '';
    process.stdout.write(`${id === '' ? 'The item' : id} is in the plan.\n`);
  });
};

const removeItem = async (id: string, options: PlanOptions): Promise<void> => {
  const answer = await callApi(options, { method: 'DELETE', path: `/v1/plan/${encodeURIComponent(id)}` });
  print(options, answer, () => process.stdout.write(`${id} is no longer in the plan.\n`));
};

export const addPlan = (program: Command): void => {
  const plan = program.command('plan').description('what is known to be coming: payroll, tranches, credits');
  withToken(plan.command('list'))
    .description('the items of the plan')
    .option('--json', 'the answer as JSON')
    .action(listPlan);
  const add = withToken(plan.command('add'))
    .description('puts an item into the plan, or a new version of it under the same id')
    .argument('[file]', 'one item as JSON, - for standard input; or describe it by the flags below')
    .option('--json', 'the answer as JSON');
  for (const flag of ITEM_FLAGS) add.option(flag.flags, flag.says);
  add
    .addHelpText(
      'after',
      '\nExample:\n  capstack plan add --kind tranche --date 2027-04-01 --amount 1500000 --probability 0.8 --delay gamma:24,21\n  capstack plan add --kind recurring --every semi-monthly --days 15,-1 --amount -98000 --label payroll' +
        TAKEN_FOR,
    )
    .action(addItem);
  withToken(plan.command('remove'))
    .description('takes an item out of the plan; its history stays')
    .argument('<id>', 'the id that plan list shows')
    .option('--json', 'the answer as JSON')
    .action(removeItem);
};
