import type { Command } from 'commander';
import * as v from 'valibot';
import { parse } from 'yaml';
import { parsedWith, sentenceOf } from '../../shared/scenario/problems.ts';
import { addDays, type CivilDate, civilDate } from '../../shared/time/civil-date.ts';
import { type ApiOptions, callApi, withToken } from './api.ts';
import { Failure, reasonOf } from './failure.ts';
import { readInput } from './input.ts';
import { printTable } from './table.ts';

interface SeedOptions extends ApiOptions {
  readonly json?: true;
}

const day: v.GenericSchema<unknown, CivilDate> = v.pipe(
  v.string('must be a calendar date such as 2026-01-31'),
  v.check((text) => civilDate(text) !== undefined, 'must be a real calendar date such as 2026-01-31'),
  v.transform((text) => text as CivilDate),
);

const NO_ID = 'must have an id in text: it keeps a second run from adding the item again';

interface Start {
  readonly opening_balances: readonly {
    readonly account: string;
    readonly currency: string;
    readonly amount: string;
    readonly as_of: CivilDate;
  }[];
  readonly plan: readonly { readonly id: string }[];
}

const startSchema: v.GenericSchema<unknown, Start> = v.strictObject({
  opening_balances: v.optional(
    v.array(
      v.strictObject({
        account: v.string('must be text'),
        currency: v.string('must be an ISO 4217 code'),
        amount: v.string('must be a decimal in quotes, such as "250000.00"'),
        /** The account held this at the end of that day. */
        as_of: day,
      }),
    ),
    [],
  ),
  plan: v.optional(v.array(v.looseObject({ id: v.string(NO_ID) }, NO_ID)), []),
});

const readStart = (file: string): Start => {
  const text = new TextDecoder().decode(readInput(file));
  let content: unknown;
  try {
    content = parse(text);
  } catch (error) {
    throw new Failure(`${file} is no YAML: ${reasonOf(error).split('\n', 1)[0]}`);
  }
  const read = parsedWith(startSchema, content);
  if (read.ok) return read.value;
  throw new Failure(`${file}: ${read.problems.map(sentenceOf).join('; ')}`);
};

interface Seeded {
  readonly what: string;
  readonly status: string;
}

const seedBalance = async (
  options: SeedOptions,
  balance: Start['opening_balances'][number],
): Promise<Seeded> => {
  const { account, currency, amount, as_of: asOf } = balance;
  const firstDay = addDays(asOf, 1);
  const body = {
    account,
    currency,
    coverage: { from: firstDay, to: firstDay, partial_days: [firstDay] },
    opening_balance: amount,
  };
  const answer = (await callApi(options, { method: 'POST', path: '/v1/imports', body }, [
    'import:write',
  ])) as {
    readonly opening_balance?: { readonly status?: string };
  };
  return { what: `opening balance of ${account}`, status: answer.opening_balance?.status ?? 'unknown' };
};

const seedItem = async (options: SeedOptions, item: Start['plan'][number]): Promise<Seeded> => {
  const answer = (await callApi(options, { method: 'POST', path: '/v1/plan', body: item })) as {
    readonly status?: string;
  };
  return { what: `plan item ${item.id}`, status: answer.status ?? 'unknown' };
};

const seed = async (file: string, options: SeedOptions): Promise<void> => {
  const start = readStart(file);
  const seeded: Seeded[] = [];
  for (const balance of start.opening_balances) seeded.push(await seedBalance(options, balance));
  for (const item of start.plan) seeded.push(await seedItem(options, item));
  if (options.json) process.stdout.write(`${JSON.stringify({ seeded })}\n`);
  else if (seeded.length === 0) process.stdout.write(`${file} names nothing to seed\n`);
  else
    printTable(
      ['what', 'status'],
      seeded.map(({ what, status }) => [what, status]),
    );
};

export const addSeed = (program: Command): void => {
  withToken(program.command('seed'))
    .description(
      'where a company begins: opening balances and plan from one file; seeding twice changes nothing',
    )
    .argument('<file>', 'YAML, - for standard input')
    .option('--json', 'what was seeded as JSON')
    .addHelpText(
      'after',
      `\nExample file:\n  opening_balances:\n    - { account: checking, currency: USD, amount: "250000.00", as_of: 2026-01-01 }\n  plan:\n    - { id: series-a-2, kind: tranche, date: 2027-04-01, amount: "1500000", probability: 0.8 }`,
    )
    .action(seed);
};
