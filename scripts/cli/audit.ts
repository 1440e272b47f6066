import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import type { Command } from 'commander';
import { headerLine } from '../../shared/audit/lines.ts';
import { verifyExport } from '../../shared/audit/verify.ts';
import type { CivilDate } from '../../shared/time/civil-date.ts';
import { type ApiOptions, callApi, withToken } from './api.ts';
import { dateArgument } from './argument.ts';
import { Failure, reasonOf } from './failure.ts';
import { readInput } from './input.ts';
import { printTable } from './table.ts';

interface ExportOptions extends ApiOptions {
  readonly out: string;
  readonly payloads: boolean;
  readonly json?: true;
}

interface ExportPage {
  readonly tenant: string;
  readonly head: { readonly seq: number; readonly chain: string };
  readonly lines: readonly string[];
  readonly next: string | null;
}

interface Sealed {
  readonly seals: number;
  readonly more: boolean;
}

/** What came since last night is sealed first, so that the file holds everything. */
const sealAll = async (options: ApiOptions): Promise<void> => {
  for (;;) {
    const call = { method: 'POST', path: '/v1/audit/seals', body: {} } as const;
    const sealed = (await callApi(options, call, ['admin'])) as Sealed;
    if (!sealed.more) return;
    process.stderr.write(`sealing: ${sealed.seals} more units\n`);
  }
};

const pages = async function* (options: ExportOptions): AsyncGenerator<ExportPage> {
  let query = `?payloads=${options.payloads}`;
  for (;;) {
    const call = { method: 'GET', path: `/v1/audit/export${query}` } as const;
    const page = (await callApi(options, call, ['admin'])) as ExportPage;
    yield page;
    if (page.next === null) return;
    query = `?payloads=${options.payloads}&cursor=${page.next}&until=${page.head.seq}`;
  }
};

const exportAudit = async (options: ExportOptions): Promise<void> => {
  await sealAll(options);
  const file = createWriteStream(options.out);
  const failed = once(file, 'error').then(([error]) => {
    throw new Failure(`cannot write ${options.out}: ${reasonOf(error)}`);
  });
  failed.catch(() => undefined);
  let lines = 0;
  let head: ExportPage['head'] | undefined;
  const write = async (line: string): Promise<void> => {
    lines += 1;
    if (!file.write(`${line}\n`)) await Promise.race([once(file, 'drain'), failed]);
  };
  for await (const page of pages(options)) {
    if (head === undefined) await write(headerLine(page.tenant, options.payloads, page.head));
    head = page.head;
    for (const line of page.lines) await write(line);
  }
  file.end();
  await Promise.race([once(file, 'close'), failed]);
  const answer = { file: options.out, lines, seals: head?.seq ?? 0, head: head?.chain ?? null };
  process.stdout.write(
    options.json
      ? `${JSON.stringify(answer)}\n`
      : `${options.out}: ${lines} lines, sealed by ${answer.seals} seals.\nThe chain ends in ${answer.head}: note it where nobody can change it.\n`,
  );
};

const verify = (path: string, options: { readonly head?: string; readonly json?: true }): void => {
  const verified = verifyExport(readInput(path));
  const { problems, head } = verified;
  const otherHead = options.head !== undefined && options.head !== head;
  if (options.json) process.stdout.write(`${JSON.stringify({ ...verified, head_matches: !otherHead })}\n`);
  else {
    process.stdout.write(
      `${verified.records} records, ${verified.payloads} payloads, ${verified.seals} seals of ${verified.tenant ?? 'nobody'}; the chain ends in ${head ?? 'nothing'}\n`,
    );
    const [first] = problems;
    if (first !== undefined)
      process.stdout.write(
        `NOT as it was sealed: ${first.line === undefined ? '' : `line ${first.line}: `}${first.name} is ${first.what}: ${first.detail}${problems.length > 1 ? ` (and ${problems.length - 1} more)` : ''}\n`,
      );
    else if (otherHead) process.stdout.write(`NOT the chain that ended in ${options.head}\n`);
    else process.stdout.write('Everything is as it was sealed: nothing altered, missing or added.\n');
  }
  if (problems.length > 0 || otherHead) process.exitCode = 1;
};

interface TraceOptions extends ApiOptions {
  readonly date?: CivilDate;
  readonly category?: string;
  readonly delivery?: string;
  readonly json?: true;
}

interface Traced {
  readonly facts?: readonly Readonly<Record<string, string>>[];
  readonly payloads?: readonly {
    body: string | null;
    body_hash: string;
    intact: boolean;
    received_at: string;
  }[];
}

const trace = async (options: TraceOptions): Promise<void> => {
  const { date, category, delivery } = options;
  if ((date === undefined) === (delivery === undefined))
    throw new Failure('give --date (and --category), or --delivery');
  const query = new URLSearchParams({
    ...(date !== undefined && { date }),
    ...(category !== undefined && { category }),
    ...(delivery !== undefined && { delivery }),
  });
  const call = { method: 'GET', path: `/v1/audit/trace?${query}` } as const;
  const answer = (await callApi(options, call, ['admin'])) as Traced;
  if (options.json) process.stdout.write(`${JSON.stringify(answer)}\n`);
  else if (answer.payloads !== undefined)
    for (const { body, body_hash, intact, received_at } of answer.payloads)
      process.stdout.write(
        `received ${received_at}, ${body_hash}${intact ? '' : ', NOT the bytes that came'}\n${body ?? '(not there)'}\n`,
      );
  else
    printTable(
      ['fact', 'amount', 'account', 'source', 'delivery'],
      (answer.facts ?? []).map((fact) => [
        `${fact['fact']}`,
        `${fact['amount']} ${fact['currency']}`,
        `${fact['account']}`,
        `${fact['source']}`,
        `${fact['delivery']}`,
      ]),
    );
};

export const addAudit = (program: Command): void => {
  const audit = program.command('audit').description('what shows that history was not rewritten');
  withToken(audit.command('export'))
    .description('everything in the ledger, sealed, in one file')
    .requiredOption('--out <file>', 'the file to write')
    .option('--no-payloads', 'leave out the raw payloads, which hold what customers and banks sent')
    .option('--json', 'what was written as JSON')
    .addHelpText('after', '\nNeeds a token with scope admin. Give the file to whoever wants to verify it.')
    .action(exportAudit);
  audit
    .command('verify')
    .description('checks an export by itself, offline: names what was altered, is missing or was added')
    .argument('<file>', 'an export, - for standard input')
    .option('--head <hash>', 'where the chain has to end, as an earlier export said or the locked copies say')
    .option('--json', 'everything that is wrong as JSON')
    .action(verify);
  withToken(audit.command('trace'))
    .description('from a day (and category) to its facts, and from a fact to what was sent to us')
    .option('--date <date>', 'the day of the figure', dateArgument)
    .option('--category <name>', 'one category of it, such as revenue')
    .option('--delivery <key>', 'the delivery that a fact names: shows the raw payload')
    .option('--json', 'the answer as JSON')
    .action(trace);
};
