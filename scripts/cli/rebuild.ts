import type { Command } from 'commander';
import { addDays, type CivilDate } from '../../shared/time/civil-date.ts';
import { progressOf } from '../demo/progress.ts';
import { type ApiOptions, callApi, withToken } from './api.ts';
import { dateArgument } from './argument.ts';
import { Failure } from './failure.ts';
import { printTable } from './table.ts';

interface RebuildOptions extends ApiOptions {
  readonly from: CivilDate;
  readonly to: CivilDate;
  readonly check?: true;
  readonly json?: true;
}

interface Difference {
  readonly bucket: string;
  readonly deviation: string;
  readonly stored_rows: number;
  readonly ledger_rows: number;
  readonly accounts: readonly { account: string; currency: string; stored: string; ledger: string }[];
  readonly healed: boolean;
}

interface Part {
  readonly buckets: number;
  readonly rows: number;
  readonly differences: readonly Difference[];
}

/** Days a request: few enough to be folded long before a gateway gives up. */
const DAYS_PER_REQUEST = 180;

const partsOf = (from: CivilDate, to: CivilDate): readonly { from: CivilDate; to: CivilDate }[] => {
  const parts: { from: CivilDate; to: CivilDate }[] = [];
  for (let first = from; first <= to; first = addDays(first, DAYS_PER_REQUEST)) {
    const last = addDays(first, DAYS_PER_REQUEST - 1);
    parts.push({ from: first, to: last < to ? last : to });
  }
  return parts;
};

const MEANS: Readonly<Record<string, string>> = {
  missing: 'not there',
  behind: 'lacks rows',
  ahead: 'has rows that do not exist',
  altered: 'says something else',
};

const print = (parts: readonly Part[], differences: readonly Difference[], healing: boolean): void => {
  const sum = (member: 'buckets' | 'rows'): number => parts.reduce((total, part) => total + part[member], 0);
  if (differences.length > 0)
    printTable(
      ['bucket', 'state', 'rows stored', 'rows in the ledger', 'money', healing ? 'healed' : 'would heal'],
      differences.map((each) => [
        each.bucket,
        MEANS[each.deviation] ?? each.deviation,
        `${each.stored_rows}`,
        `${each.ledger_rows}`,
        each.accounts
          .map(({ account, currency, stored, ledger }) => `${account}: ${stored} for ${ledger} ${currency}`)
          .join('\n'),
        healing ? (each.healed ? 'yes' : 'no: try again') : 'yes',
      ]),
    );
  process.stdout.write(
    `${sum('rows')} ledger rows read; ${differences.length === 0 ? 'State says what the ledger says' : `${differences.length} differences`}.\n`,
  );
};

const rebuild = async (options: RebuildOptions): Promise<void> => {
  const { from, to, check, json } = options;
  if (to < from) throw new Failure(`--to ${to} is before --from ${from}`);
  const ranges = partsOf(from, to);
  const progress = progressOf('ranges', ranges.length, process.stderr);
  const parts: Part[] = [];
  for (const range of ranges) {
    const body = { ...range, heal: check !== true };
    parts.push((await callApi(options, { method: 'POST', path: '/v1/rebuild', body }, ['admin'])) as Part);
    progress.advance();
  }
  progress.end();
  /** The plan and the review list are looked at with every part; what the first healed is well in the second. */
  const differences = [
    ...new Map(
      parts.flatMap((part) => part.differences).map((each) => [each.bucket, each] as const),
    ).values(),
  ];
  if (json) {
    const total = (member: 'buckets' | 'rows'): number => parts.reduce((sum, part) => sum + part[member], 0);
    const answer = { from, to, buckets: total('buckets'), rows: total('rows'), differences };
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  } else print(parts, differences, check !== true);
  if (differences.some(({ healed }) => !healed)) process.exitCode = 1;
};

export const addRebuild = (program: Command): void => {
  withToken(program.command('rebuild'))
    .description('recomputes what is derived from the ledger, reports differences and heals them')
    .requiredOption('--from <date>', 'first day', dateArgument)
    .requiredOption('--to <date>', 'last day', dateArgument)
    .option('--check', 'report only')
    .option('--json', 'the differences as JSON')
    .addHelpText(
      'after',
      '\nIt reads every bucket of these days from the ledger and folds anew what State tells otherwise: missing after an\noutage, altered, or made up. Exit code 1 where differences remain. Needs a token with scope admin.',
    )
    .action(rebuild);
};
