/** Bundles every function under `functions/` into one ES module each: what Lambda, and the local runtime, load. */
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { build, type Metafile } from 'esbuild';

const root = resolve(import.meta.dirname, '..');

/** A function's cold start is mostly the reading of its bundle, so the bundle has a limit. */
export const BUNDLE_BUDGET_BYTES: number = 600 * 1024;

/** Some CommonJS dependency may call `require`, which ES modules lack. */
const REQUIRE_BANNER =
  "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);";

/** Modules that a function never needs as they are published, and what stands in for them. */
const STAND_INS = { '@aws-sdk/credential-provider-node': 'shared/aws/lambda-credentials.ts' } as const;

export interface BundleOptions {
  /** Receives `<function>/index.mjs`, and `.maps/<function>.mjs.map` where no asset picks it up. Default `dist`. */
  readonly outDir?: string;
  /** Holds `<function>/handler.ts`. Default the repository's `functions`. */
  readonly functionsDir?: string;
  readonly budgetBytes?: number;
}

export interface Bundle {
  readonly name: string;
  readonly path: string;
  readonly sizeBytes: number;
}

/** Names of the functions that have a handler, sorted. */
export const functionNames = (functionsDir: string): string[] =>
  readdirSync(functionsDir)
    .filter((name) => existsSync(join(functionsDir, name, 'handler.ts')))
    .sort();

/** `@scope/name` of a file under node_modules, else its folder. */
const packageOf = (path: string): string =>
  /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? dirname(path);

/** The packages that weigh most in one output, so that whoever exceeds the budget sees what to remove. */
const largestPackages = (output: Metafile['outputs'][string], count: number): string => {
  const bytesByPackage = new Map<string, number>();
  for (const [path, { bytesInOutput }] of Object.entries(output.inputs)) {
    const name = packageOf(path);
    bytesByPackage.set(name, (bytesByPackage.get(name) ?? 0) + bytesInOutput);
  }
  return [...bytesByPackage]
    .sort(([, a], [, b]) => b - a)
    .slice(0, count)
    .map(([name, bytes]) => `  ${Math.ceil(bytes / 1024)} KB ${name}`)
    .join('\n');
};

const assertWithinBudget = (
  metafile: Metafile,
  bundles: readonly Bundle[],
  outDir: string,
  budgetBytes: number,
) => {
  const complaints = bundles
    .filter((bundle) => bundle.sizeBytes > budgetBytes)
    .map((bundle) => {
      const output = metafile.outputs[relative(root, join(outDir, bundle.name, 'index.mjs'))];
      const sizes = `${Math.ceil(bundle.sizeBytes / 1024)} KB, more than ${Math.floor(budgetBytes / 1024)} KB`;
      return `bundle of ${bundle.name} is ${sizes}; largest parts:\n${output ? largestPackages(output, 6) : ''}`;
    });
  if (complaints.length > 0) throw new Error(complaints.join('\n'));
};

/**
 * Bundles all functions; the AWS SDK is part of each bundle, because loading it from the Lambda runtime is three times
 * slower. @throws Error naming every function over the budget, with its largest parts; nothing is written then.
 */
export const bundle = async (options: BundleOptions = {}): Promise<Bundle[]> => {
  const outDir = resolve(options.outDir ?? join(root, 'dist'));
  const functionsDir = resolve(options.functionsDir ?? join(root, 'functions'));
  const result = await build({
    absWorkingDir: root,
    entryPoints: functionNames(functionsDir).map((name) => ({
      in: join(functionsDir, name, 'handler.ts'),
      out: `${name}/index`,
    })),
    outdir: outDir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    write: false,
    minify: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    /** An accelerator of pg that is only loaded where asked for. */
    external: ['pg-native'],
    mainFields: ['module', 'main'],
    alias: Object.fromEntries(Object.entries(STAND_INS).map(([name, path]) => [name, join(root, path)])),
    sourcemap: 'external',
    metafile: true,
    legalComments: 'none',
    banner: { js: REQUIRE_BANNER },
    logLevel: 'silent',
  });
  const modules = result.outputFiles.filter((file) => file.path.endsWith('.mjs'));
  const bundles = modules.map((file) => ({
    name: basename(dirname(file.path)),
    path: file.path,
    sizeBytes: file.contents.length,
  }));
  assertWithinBudget(result.metafile, bundles, outDir, options.budgetBytes ?? BUNDLE_BUDGET_BYTES);

  await mkdir(join(outDir, '.maps'), { recursive: true });
  for (const file of result.outputFiles) {
    const name = basename(dirname(file.path));
    const isMap = file.path.endsWith('.map');
    if (!isMap) await mkdir(dirname(file.path), { recursive: true });
    await writeFile(isMap ? join(outDir, '.maps', `${name}.mjs.map`) : file.path, file.contents);
  }
  return bundles;
};

if (import.meta.main) {
  try {
    for (const { name, sizeBytes } of await bundle())
      process.stdout.write(`${name.padEnd(12)} ${Math.ceil(sizeBytes / 1024)} KB\n`);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    process.exitCode = 1;
  }
}
