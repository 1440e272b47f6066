/**
 * `npm run deploy [-- cdk options]`: says what the deployment will cost a month, then deploys it. `--estimate` stops there.
 * Everything after `--` goes to `cdk deploy --all` too, such as `--context stage=staging --profile finance`.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import Table from 'cli-table3';
import { bundle } from './bundle.ts';
import { ASSUMPTIONS, deploymentOf, monthlyCost, total } from './running-cost.ts';
import { contextArguments, synthesise } from './synth.ts';

const root = resolve(import.meta.dirname, '..');

/** Events a month: a young company, a busy one, and one far beyond. */
const VOLUMES = [1_000, 100_000, 10_000_000] as const;

const costTable = (outDir: string, stacks: readonly string[]): string => {
  const deployment = deploymentOf(
    stacks.map((stack) => JSON.parse(readFileSync(join(outDir, `${stack}.template.json`), 'utf8'))),
  );
  const columns = VOLUMES.map((events) => monthlyCost(deployment, events));
  const table = new Table({
    head: ['US$ a month at', ...VOLUMES.map((events) => `${events.toLocaleString('en')} events`)],
    colAligns: ['left', 'right', 'right', 'right'],
    style: { head: [], border: [] },
  });
  for (const [index, { service }] of (columns[0] ?? []).entries())
    table.push([service, ...columns.map((lines) => (lines[index]?.usd ?? 0).toFixed(2))]);
  table.push(['Total', ...columns.map((lines) => total(lines).toFixed(2))]);
  return `${table.toString()}\n${ASSUMPTIONS.map((line) => `- ${line}\n`).join('')}`;
};

/** The CLI looks up notices, versions and a telemetry host unless told not to. */
const QUIET = {
  CDK_DISABLE_CLI_TELEMETRY: 'true',
  CDK_DISABLE_VERSION_CHECK: 'true',
};

const deploy = async (args: readonly string[]): Promise<number> => {
  await bundle();
  const { stacks, outDir } = await synthesise({ context: contextArguments(args) });
  if (stacks.some((stack) => stack.startsWith('capstack-local-')))
    throw new Error('stage local runs on this machine (npm start); deploy another: --context stage=dev');
  process.stdout.write(costTable(outDir, stacks));
  if (args.includes('--estimate')) return 0;
  const cdk = join(root, 'node_modules', 'aws-cdk', 'bin', 'cdk');
  /** The very templates of the estimate. */
  const command = [
    cdk,
    'deploy',
    '--all',
    '--app',
    outDir,
    '--no-notices',
    '--no-version-reporting',
    ...args,
  ];
  const { status } = spawnSync(process.execPath, command, {
    cwd: root,
    env: { ...process.env, ...QUIET },
    stdio: 'inherit',
  });
  return status ?? 1;
};

try {
  process.exitCode = await deploy(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
