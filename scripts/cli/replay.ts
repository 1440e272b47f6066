import type { Command } from 'commander';
import type { CivilDate } from '../../shared/time/civil-date.ts';
import { type ApiOptions, callApi, withToken } from './api.ts';
import { dateArgument } from './argument.ts';
import { printTable } from './table.ts';

interface ReplayOptions extends ApiOptions {
  readonly asOf: CivilDate;
  readonly known?: string;
  readonly json?: true;
}

interface Replayed {
  readonly as_of: string;
  readonly known: string;
  readonly ledger_rows: number;
  readonly balances: Readonly<Record<string, string>>;
  readonly runway: {
    readonly status: string;
    readonly p5_days: number | null;
    readonly p50_days: number | null;
    readonly p95_days: number | null;
  };
}

const replay = async (options: ReplayOptions): Promise<void> => {
  const query = new URLSearchParams({
    as_of: options.asOf,
    ...(options.known !== undefined && { known: options.known }),
  });
  const answer = (await callApi(options, { method: 'GET', path: `/v1/replay?${query}` }, [
    'admin',
  ])) as Replayed;
  if (options.json) {
    process.stdout.write(`${JSON.stringify(answer)}\n`);
    return;
  }
  const { runway, balances } = answer;
  printTable(
    ['figure', `of ${answer.as_of}, as known ${answer.known}`],
    [
      ...Object.entries(balances).map(([currency, amount]) => [`cash ${currency}`, amount]),
      ['status', runway.status],
      ...(['p5_days', 'p50_days', 'p95_days'] as const).map((name) => [name, `${runway[name] ?? '-'}`]),
      ['ledger rows', `${answer.ledger_rows}`],
    ],
    1,
  );
};

export const addReplay = (program: Command): void => {
  withToken(program.command('replay'))
    .description('the figures of a day as they were known at some time, made anew from the ledger')
    .requiredOption('--as-of <date>', 'the day of the figures', dateArgument)
    .option('--known <time>', 'what was known by the end of this day, or by this instant (default: now)')
    .option('--json', 'the answer as JSON')
    .addHelpText('after', '\nExample: capstack replay --as-of 2026-09-30 --known 2026-10-02')
    .action(replay);
};
