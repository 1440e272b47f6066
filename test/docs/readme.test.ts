/** What README.md shows is run as it stands there, in a folder like a clone, beside the pipeline that it starts. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, describe, test } from 'node:test';
import { signedHeaders } from '../../shared/providers/generic/signature.ts';
import { localClient, until } from '../support/local-client.ts';

const root = resolve(import.meta.dirname, '../..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: object };

const fenced = (language: string): string[] =>
  [...readme.matchAll(/^```(\w*)\n(.*?)^```$/gms)].flatMap(([, each, block = '']) =>
    each === language ? [block.trim()] : [],
  );

/** One command with the assignments before it in its block. */
interface Command {
  readonly line: string;
  readonly setting: readonly string[];
}

const isSetting = (line: string): boolean => /^(export )?[A-Za-z_]\w*=/.test(line);

const commands: readonly Command[] = fenced('sh').flatMap((block) => {
  const lines = block
    .replaceAll('\\\n', ' ')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'));
  return lines.flatMap((line, index) =>
    isSetting(line)
      ? []
      : [{ line: line.replace(/\s+# .*$/, ''), setting: lines.slice(0, index).filter(isSetting) }],
  );
});

const START = 'npm start -- --empty';

/** Commands that a test cannot run as they are: why, and what is run in their place. */
const INSTEAD: Readonly<Record<string, { readonly why: string; readonly run: string }>> = {
  'npm start': {
    why: 'it goes on until Ctrl-C; another test takes it, with --once, to the end of the demo company',
    run: 'npm start -- --help',
  },
  'npm start -- --try stripe': {
    why: 'it goes on until Ctrl-C',
    run: 'npm start -- --try stripe --once',
  },
  'npm run deploy': {
    why: 'it needs an AWS account; up to the first call of it, it is the estimate',
    run: 'npm run deploy -- --estimate',
  },
};

/** What a command must say at least; one that is not here must say anything at all. */
const SAYS: Readonly<Record<string, RegExp>> = {
  'npx capstack forecast --ledger': /p50/i,
  'npx capstack forecast --scenario': /p50/i,
  'npx capstack backtest': /in p5-p95/,
  'npx capstack import january.csv': /accepted|imported|stored|new/i,
  'npx capstack webhooks test': /ignored(.|\n)*accepted|accepted(.|\n)*ignored/,
  'npx capstack doctor': /node/i,
  'npm start -- --try': /^stripe: (.|\n)* => accepted; cash 0\.00 -> 49\.00 USD$/m,
  'npm start': /--once/,
  'npm run synth': /template\.json/,
  'npm run deploy': /^.*Total.*\d+\.\d\d/m,
};
/** They print nothing where they succeed. */
const SILENT = /^cp /;

const DAY_MS = 86_400_000;
const dayAt = (index: number): string =>
  new Date(Date.UTC(2025, 0, 1) + index * DAY_MS).toISOString().slice(0, 10);
/** Files that README tells the reader to have. */
const FILES: Readonly<Record<string, string>> = {
  'ledger.csv': `date,amount,category\n${Array.from(
    { length: 420 },
    (_, index) =>
      `${dayAt(index)},${index % 14 === 0 ? -40_000 : -1_000 - ((index * 37) % 100)},${index % 14 === 0 ? 'payroll' : 'cloud'}`,
  ).join('\n')}\n`,
  'scenario.json': JSON.stringify({
    as_of: '2026-01-01',
    currency: 'USD',
    balance: '2400000.00',
    residual: { kind: 'normal', daily_mean: '-14200', daily_std: '2800' },
  }),
  'january.csv': 'date,amount,description\n2026-01-02,-12000.00,rent\n2026-01-15,-98000.00,payroll\n',
};

/** Everything of the repository is in it by name, so that what a command writes stays out of the repository. */
const clone = mkdtempSync(join(tmpdir(), 'capstack-readme-'));
for (const name of readdirSync(root)) symlinkSync(join(root, name), join(clone, name));
for (const [name, content] of Object.entries(FILES)) writeFileSync(join(clone, name), content);

let pipeline: ChildProcess;
let url: string;

before(async () => {
  pipeline = spawn('bash', ['-c', START], {
    cwd: clone,
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  url = await new Promise<string>((ready, failed) => {
    pipeline.stdout?.on('data', (chunk) => {
      said += chunk;
      const [, address] = /^ready (http:\/\/127\.0\.0\.1:\d+)$/m.exec(said) ?? [];
      if (address !== undefined) ready(address);
    });
    pipeline.once('exit', (code) => failed(new Error(`${START} ended with ${code}:\n${said}`)));
  });
});

const isRunning = (): boolean => pipeline.exitCode === null && pipeline.signalCode === null;

/** Ctrl-C goes to everything in the foreground. */
const interrupt = (): void => {
  if (pipeline.pid !== undefined && isRunning()) process.kill(-pipeline.pid, 'SIGINT');
};

after(async () => {
  if (isRunning()) {
    const ended = once(pipeline, 'exit');
    interrupt();
    await ended;
  }
  rmSync(clone, { recursive: true, force: true });
});

const NO_SERVER = /^npx capstack (forecast|backtest|doctor)|--help/;

/** The command for a pipeline at another port than README's, where that one was taken. */
const addressed = (line: string): string => {
  if (url.endsWith(':8080')) return line;
  return line
    .replaceAll('http://127.0.0.1:8080', url)
    .replaceAll(/npx capstack [^)"|]+/g, (call) =>
      NO_SERVER.test(call) ? call : `${call.trimEnd()} --api ${url}`,
    );
};

interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const run = async ({ line, setting }: Command): Promise<Ran> => {
  const child = spawn('bash', ['-c', [...setting, addressed(line)].join('\n')], {
    cwd: clone,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  return { code, stdout, stderr };
};

const commandLike = (pattern: RegExp): Command =>
  commands.find(({ line }) => pattern.test(line)) ?? assert.fail(`README shows no command like ${pattern}`);

const missing = (...programs: string[]): string | undefined =>
  programs.find(
    (program) => !(process.env['PATH'] ?? '').split(':').some((folder) => existsSync(join(folder, program))),
  );

const EVENT = /^curl .*\/v1\/webhooks\//;
const RUNWAY = /^curl .*\/v1\/runway/;

test('README starts the pipeline, and it listens where README says or says where', () => {
  assert.ok(commands.some(({ line }) => line === START));
  assert.match(readme, /It ends with `ready http:\/\/127\.0\.0\.1:8080`/);
});

test('the event is accepted, then a duplicate, and the runway has moved once', async (context) => {
  const absent = missing('curl', 'openssl');
  if (absent !== undefined) return context.skip(`${absent} is not installed`);
  const cash = async (): Promise<number> =>
    Number(JSON.parse((await run(commandLike(RUNWAY))).stdout).cash.amount);
  const send = async () => JSON.parse((await run(commandLike(EVENT))).stdout);
  const before = await cash();
  assert.equal((await send()).status, 'accepted');
  assert.equal((await send()).status, 'duplicate');
  await until(cash, (now) => now !== before);
  assert.equal(await cash(), before + 20);
});

const others = commands.filter(({ line }) => line !== START && !EVENT.test(line) && !RUNWAY.test(line));

const assertRuns = async (command: Command): Promise<void> => {
  const { run: instead, why } = INSTEAD[command.line] ?? { run: command.line, why: '' };
  const { code, stdout, stderr } = await run({ ...command, line: instead });
  assert.equal(code, 0, `${instead} ${why}\n${stdout}${stderr}`);
  const [, says] = Object.entries(SAYS).find(([start]) => command.line.startsWith(start)) ?? [];
  const expected = command.line.endsWith('--help') ? /^Usage: capstack /m : (says ?? /./);
  if (!SILENT.test(command.line)) assert.match(stdout, expected);
};

const isOfCommandLine = ({ line }: Command): boolean => line.startsWith('npx ');

describe('the command line does what README says', { concurrency: 3 }, () => {
  for (const command of others.filter(isOfCommandLine)) test(command.line, () => assertRuns(command));
});

/** In their order: one uses what the one before it made. */
describe('what else README shows, does what it says', () => {
  for (const command of others.filter((each) => !isOfCommandLine(each)))
    test(command.line, () => assertRuns(command));

  test('no command is left out for a reason that is gone', () => {
    for (const line of Object.keys(INSTEAD))
      assert.ok(
        commands.some((command) => command.line === line),
        line,
      );
  });
});

test('every script, flag and file that README names is there', async () => {
  for (const [, script = ''] of readme.matchAll(/\bnpm run ([\w-]+)/g))
    assert.ok(script in scripts, `npm run ${script}`);
  for (const [, script = ''] of readme.matchAll(/\bnpm (start|test)\b/g))
    assert.ok(script in scripts, `npm ${script}`);
  for (const [, path = ''] of readme.matchAll(/\]\((?!https?:)([^)#]+)/g))
    assert.ok(existsSync(join(root, path)), path);
  const { stdout } = await run({ line: 'npm start -- --help', setting: [] });
  const [flags = ''] = /^Flags, after.*?(?=\n\n)/ms.exec(readme) ?? [];
  const named = [...flags.matchAll(/`(--\w+)/g)].map(([, flag = '']) => flag);
  assert.ok(named.length >= 3);
  for (const flag of named) assert.ok(stdout.includes(`  ${flag}`), `${flag} is no flag of npm start`);
  const shown = [...stdout.matchAll(/^ {2}(--\w+)/gm)]
    .map(([, flag = '']) => flag)
    .filter((flag) => flag !== '--help');
  assert.deepEqual(
    shown.filter((flag) => !named.includes(flag)),
    [],
    'flags that README leaves out',
  );
});

test('the bodies that README shows are accepted', async () => {
  const shown = fenced('json');
  assert.ok(shown.length >= 1);
  for (const [index, body] of shown.entries()) {
    const source = 'payrollId' in JSON.parse(body) ? 'payroll' : 'generic';
    const response = await fetch(`${url}/v1/webhooks/demo/${source}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...signedHeaders('local-secret', `readme-${index}`, Buffer.from(body), Date.now()),
      },
      body,
    });
    const answer = (await response.json()) as { status: string };
    assert.deepEqual([response.status, answer.status], [200, 'accepted'], JSON.stringify(answer));
  }
});

test('every door that README lists is there, and asks for one of the scopes it says', async () => {
  const client = localClient(url);
  const all = [...readme.matchAll(/^\| (`(?:GET|POST|PUT|DELETE) [^|]+) \| ([^|]+) \|/gm)];
  const isPage = ([, doors = '']: readonly string[]): boolean => doors.includes('`GET /`');
  assert.ok(all.some(isPage));
  const page = await fetch(`${url}/`);
  assert.equal(page.status, 200, 'on this machine the page needs no token');
  assert.match(page.headers.get('content-type') ?? '', /^text\/html/);
  const rows = all.filter((row) => !isPage(row));
  assert.ok(rows.length >= 8);
  for (const [, doors = '', access = ''] of rows)
    for (const [, method = '', path = ''] of doors.matchAll(/`(\w+) ([^`]+)`/g)) {
      const at = path.replaceAll(/\{\w+\}/g, 'x');
      const bare = await client.request(method, at, method === 'GET' ? {} : { body: {} });
      if (access === 'public') assert.equal(bare.status, 200, path);
      else if (access === 'signature') assert.equal(bare.status, 404, `${path} knows no source x`);
      else {
        assert.equal(bare.status, 401, `${method} ${path}`);
        for (const [, scope = ''] of access.matchAll(/`([\w:]+)`/g)) {
          const token = await client.token({ scopes: [scope] });
          const { status } = await client.request(method, at, {
            token,
            ...(method === 'GET' ? {} : { body: {} }),
          });
          assert.ok(
            [200, 202, 400].includes(status) || (status === 404 && at.endsWith('/x')),
            `${method} ${path} with ${scope}: ${status}`,
          );
        }
      }
    }
});

test('Ctrl-C stops everything it started', async () => {
  const ended = once(pipeline, 'exit');
  interrupt();
  await ended;
  await assert.rejects(fetch(`${url}/v1/health`));
});
