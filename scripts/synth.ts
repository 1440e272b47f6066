/** `npm run synth`: bundles the functions and writes the CloudFormation templates. Needs neither network nor account. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { bundle } from './bundle.ts';

const root = resolve(import.meta.dirname, '..');

export interface SynthesisOptions {
  /** Receives the templates. Default `cdk.out`. */
  readonly outDir?: string;
  /** The bundles. Default `dist`. */
  readonly distDir?: string;
  /** CDK context, e.g. `{stage: 'local', stripeApiUrl: 'http://127.0.0.1:9000'}`. */
  readonly context?: Readonly<Record<string, string>>;
  /** Default `capstack.config.yml` of the repository. */
  readonly configFile?: string;
  /** False leaves out the validation of the templates against the resource schemas, which takes a second or two. */
  readonly validate?: boolean;
}

export interface Synthesis {
  /** Names of the stacks, in the order in which they are deployed. */
  readonly stacks: readonly string[];
  readonly outDir: string;
}

interface ValidationReport {
  readonly pluginReports?: readonly {
    readonly violations?: readonly {
      readonly ruleName: string;
      readonly description: string;
      readonly violatingConstructs?: readonly { readonly constructPath?: string }[];
    }[];
  }[];
}

/** Findings of the last synthesis; some of them do not fail it by themselves. */
export const violations = (outDir: string): string[] => {
  const path = join(outDir, 'validation-report.json');
  if (!existsSync(path)) return [];
  const report: ValidationReport = JSON.parse(readFileSync(path, 'utf8'));
  return (report.pluginReports ?? []).flatMap((plugin) =>
    (plugin.violations ?? []).map((violation) => {
      const where = violation.violatingConstructs?.map(({ constructPath }) => constructPath).join(', ');
      return `${violation.ruleName} at ${where}: ${violation.description}`;
    }),
  );
};

const stackNames = (outDir: string): string[] => {
  const manifest: { artifacts: Record<string, { type: string; dependencies?: string[] }> } = JSON.parse(
    readFileSync(join(outDir, 'manifest.json'), 'utf8'),
  );
  const stacks = Object.keys(manifest.artifacts).filter(
    (name) => manifest.artifacts[name]?.type === 'aws:cloudformation:stack',
  );
  const dependsOn = (name: string, other: string): boolean =>
    manifest.artifacts[name]?.dependencies?.includes(other) ?? false;
  return stacks.sort((a, b) => Number(dependsOn(a, b)) - Number(dependsOn(b, a)));
};

/** Runs the CDK app in a process of its own. @throws Error with what the app said. */
export const synthesise = async (options: SynthesisOptions = {}): Promise<Synthesis> => {
  const outDir = resolve(options.outDir ?? join(root, 'cdk.out'));
  const validate = options.validate ?? true;
  const context = { ...options.context, ...(options.distDir && { distDir: resolve(options.distDir) }) };
  const app = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', 'infra/app.ts'], {
    cwd: root,
    env: {
      ...process.env,
      CDK_OUTDIR: outDir,
      CDK_CONTEXT_JSON: JSON.stringify(context),
      ...(options.configFile && { CAPSTACK_CONFIG: resolve(options.configFile) }),
      ...(!validate && { CDK_VALIDATION: 'false' }),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said: Buffer[] = [];
  app.stdout.on('data', (chunk: Buffer) => said.push(chunk));
  app.stderr.on('data', (chunk: Buffer) => said.push(chunk));
  const { promise: exit, resolve: exited, reject } = Promise.withResolvers<number | null>();
  app.on('error', reject);
  app.on('close', exited);
  if ((await exit) !== 0) throw new Error(Buffer.concat(said).toString('utf8').trim());
  const found = validate ? violations(outDir) : [];
  if (found.length > 0) throw new Error(found.join('\n'));
  return { stacks: stackNames(outDir), outDir };
};

/** `{stage: 'dev'}` of `--context stage=dev` or `-c stage=dev` among other arguments. */
export const contextArguments = (args: readonly string[]): Record<string, string> => {
  const { values } = parseArgs({
    args: [...args],
    options: { context: { type: 'string', short: 'c', multiple: true } },
    strict: false,
  });
  return Object.fromEntries(
    (values.context ?? []).map((pair) => {
      const [key = '', ...value] = String(pair).split('=');
      return [key, value.join('=')];
    }),
  );
};

if (import.meta.main) {
  const startedMs = performance.now();
  const elapsedSeconds = (): string => ((performance.now() - startedMs) / 1000).toFixed(1);
  try {
    const bundles = await bundle();
    process.stdout.write(`${bundles.length} functions bundled, ${elapsedSeconds()} s\n`);
    const { stacks, outDir } = await synthesise({ context: contextArguments(process.argv.slice(2)) });
    for (const stack of stacks) process.stdout.write(`${join(outDir, `${stack}.template.json`)}\n`);
    process.stdout.write(`${stacks.length} stacks synthesised, ${elapsedSeconds()} s\n`);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    process.exitCode = 1;
  }
}
