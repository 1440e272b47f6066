import type { Command } from 'commander';
import { type ApiOptions, callApi, withToken } from './api.ts';
import { printTable } from './table.ts';

interface ReconcileOptions extends ApiOptions {
  readonly last?: true;
  readonly json?: true;
}

interface Report {
  readonly source: string;
  readonly date: string;
  readonly status: string;
  readonly because?: string;
  readonly variance_ratio: number;
  readonly reasons: readonly string[];
  readonly attention: readonly string[];
}

interface Answer {
  readonly checked_at: string | null;
  readonly paused: boolean;
  readonly paused_since: string | null;
  readonly reasons: readonly string[];
  readonly attention: readonly string[];
  readonly results: readonly Report[];
}

const print = ({ checked_at, paused, paused_since, reasons, attention, results }: Answer): void => {
  if (checked_at === null) {
    process.stdout.write('Nothing was compared yet.\n');
    return;
  }
  printTable(
    ['source', 'day', 'books and source', 'unexplained'],
    results.map((report) => [
      report.source,
      report.date,
      report.status === 'not_compared' ? `not compared: ${report.because ?? ''}` : report.status,
      report.status === 'not_compared' ? '' : `${(report.variance_ratio * 100).toFixed(2)} %`,
    ]),
    3,
  );
  for (const reason of reasons) process.stdout.write(`- ${reason}\n`);
  for (const sentence of attention) process.stdout.write(`- to look at: ${sentence}\n`);
  process.stdout.write(
    paused
      ? `Paused since ${paused_since}: readers see no figures, and the policy holds.\n`
      : 'Not paused.\n',
  );
};

const reconcile = async (options: ReconcileOptions): Promise<void> => {
  const call = { method: options.last ? 'GET' : 'POST', path: '/v1/reconciliation' } as const;
  const answer = (await callApi(options, call, ['admin'])) as Answer;
  if (options.json) process.stdout.write(`${JSON.stringify(answer)}\n`);
  else print(answer);
  if (answer.reasons.length > 0) process.exitCode = 1;
};

export const addReconcile = (program: Command): void => {
  withToken(program.command('reconcile'))
    .description('compares the ledger with its sources now, item by item and by total')
    .option('--last', 'what the last run found; compares nothing')
    .option('--json', 'the answer as JSON')
    .addHelpText(
      'after',
      '\nBeyond what is tolerated (reconciliation.variance and .floor) figures are held back from readers and the policy\nholds, until a later run finds books and sources agree. Exit code 1 then. Comparing needs a token with scope admin.',
    )
    .action(reconcile);
};
