import type { Command } from 'commander';
import type { PairedBody } from '../../shared/explain/body.ts';
import { civilDate } from '../../shared/time/civil-date.ts';
import { type ApiOptions, callApi, withToken } from './api.ts';
import { currencyArgument } from './argument.ts';
import { Failure } from './failure.ts';
import { readJson } from './input.ts';
import { ITEM_FLAGS, itemFromFlags, TAKEN_FOR } from './plan-flags.ts';
import { printTable } from './table.ts';

interface WhatIfOptions extends ApiOptions {
  readonly add: readonly string[];
  readonly remove: readonly string[];
  readonly event: readonly string[];
  readonly currency: string;
  readonly json?: true;
}

type Answer = PairedBody & { readonly notes: readonly string[] };

const repeated = (value: string, before: readonly string[]): readonly string[] => [...before, value];

/** One plan item, or a list of them. */
const itemsIn = (file: string): readonly unknown[] => {
  const content = readJson(file);
  return Array.isArray(content) ? content : [content];
};

const TYPES = ['income', 'expense', 'adjustment'];

/** `expense:12000.00`, `income:500:2026-11-20:services`: today where no day is named. */
const eventOf = (text: string, index: number, currency: string): Readonly<Record<string, unknown>> => {
  const [type = '', amount = '', date, category, ...more] = text.split(':');
  if (!TYPES.includes(type) || amount === '' || more.length > 0)
    throw new Failure(
      `--event "${text}": write TYPE:AMOUNT[:DATE[:CATEGORY]], TYPE one of ${TYPES.join(', ')}`,
    );
  if (date !== undefined && civilDate(date) === undefined)
    throw new Failure(`--event "${text}": ${date} is no day, write YYYY-MM-DD`);
  return {
    id: `what-if-${index + 1}`,
    type,
    amount,
    currency,
    ...(date === undefined ? { occurred_at: new Date().toISOString() } : { date }),
    ...(category !== undefined && { category }),
  };
};

const daysText = (days: number | null, horizonDays: number): string =>
  days === null ? `beyond ${horizonDays}` : String(days);

const row = (
  name: 'p5' | 'p50' | 'p95',
  { baseline, changed, difference, horizon_days }: Answer,
): string[] => {
  const change = difference[`${name}_days`];
  const error = difference.standard_error_days[name];
  return [
    name,
    daysText(baseline[`${name}_days`], horizon_days),
    daysText(changed[`${name}_days`], horizon_days),
    change === null ? '' : `${change > 0 ? '+' : ''}${change}`,
    error === null ? '' : error.toFixed(1),
  ];
};

const print = (answer: Answer): void => {
  const { baseline, changed, difference, horizon_days: horizon, notes } = answer;
  if (baseline.status === 'insufficient_data' || changed.status === 'insufficient_data') {
    process.stdout.write('There is not enough history for a forecast, with or without the change.\n');
    return;
  }
  printTable(
    ['days of runway', 'as it is', 'what if', 'change', '+-'],
    (['p5', 'p50', 'p95'] as const).map((name) => row(name, answer)),
    1,
  );
  const points = Math.round((difference.survival_at_horizon ?? 0) * 10_000) / 100;
  const reasons = changed.reasons.filter((reason) => !baseline.reasons.includes(reason));
  for (const line of [
    `The chance of still having cash after ${horizon} days changes by ${points > 0 ? '+' : ''}${points} percentage points. Nothing was stored.`,
    ...[...notes, ...reasons].map((note) => `Note: ${note}.`),
  ])
    process.stdout.write(`${line}\n`);
};

const whatIf = async (options: WhatIfOptions & Readonly<Record<string, unknown>>): Promise<void> => {
  const flags = itemFromFlags(options);
  const add = [...options.add.flatMap(itemsIn), ...(Object.keys(flags).length > 0 ? [flags] : [])];
  const events = options.event.map((text, index) => eventOf(text, index, options.currency));
  if (add.length + events.length + options.remove.length === 0)
    throw new Failure('nothing is changed: give --add, the flags of an item, --remove or --event');
  const answer = await callApi(options, {
    method: 'POST',
    path: '/v1/runway/whatif',
    body: { add, remove: options.remove, events },
  });
  if (options.json) process.stdout.write(`${JSON.stringify(answer)}\n`);
  else print(answer as Answer);
};

export const addWhatIf = (program: Command): void => {
  const command = withToken(program.command('whatif'))
    .description('the live forecast with something changed, beside the one without; stores nothing')
    .option('--add <file>', 'plan items as JSON, - for standard input; may be repeated', repeated, [])
    .option('--remove <id>', 'plan item to leave out, as plan list shows it; may be repeated', repeated, [])
    .option(
      '--event <event>',
      'TYPE:AMOUNT[:DATE[:CATEGORY]] of money that moved; may be repeated',
      repeated,
      [],
    )
    .option('--currency <code>', 'of the events', currencyArgument, currencyArgument('USD'))
    .option('--json', 'the answer as JSON');
  for (const flag of ITEM_FLAGS) command.option(flag.flags, flag.says);
  command
    .addHelpText(
      'after',
      '\nExample:\n  capstack whatif --kind recurring --every monthly --day 10 --amount -12000 --label "a hire"\n  capstack whatif --remove series-a-second-close --event expense:40000' +
        TAKEN_FOR,
    )
    .action(whatIf);
};
