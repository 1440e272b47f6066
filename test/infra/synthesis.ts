/** The CDK app, synthesised in this process against placeholder bundles. */
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { App, type Stack, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { parseConfiguration } from '../../infra/configuration.ts';
import { deployment } from '../../infra/deployment.ts';

const root = resolve(import.meta.dirname, '../..');

/** Of a stage without databases of tenants. */
export const FUNCTIONS = [
  'ingest',
  'drain',
  'forecast',
  'poll',
  'pull',
  'announce',
  'govern',
  'reconcile',
  'read',
  'command',
  'import',
  'scenario',
  'explain',
  'claim',
  'settle',
  'audit',
] as const;

export interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
  readonly DependsOn?: readonly string[];
}

export interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs: Readonly<Record<string, { readonly Value: unknown }>>;
}

export interface Synthesised {
  readonly stateful: Template;
  readonly pipeline: Template;
  readonly stacks: { readonly stateful: Stack; readonly pipeline: Stack };
  readonly outDir: string;
}

export interface SynthesisChoices {
  readonly configuration: string;
  readonly context?: Readonly<Record<string, string>>;
  /** Runs the built-in template rules and cdk-nag too, which cost a second. */
  readonly validate?: boolean;
}

export const TENANTS =
  'tenants:\n  - { name: acme, accounting_zone: America/New_York, base_currency: USD, livemode: true }\n';

export const cdkContext = (): Record<string, unknown> =>
  JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8')).context;

const placeholderBundles = (): string => {
  const distDir = mkdtempSync(join(tmpdir(), 'capstack-dist-'));
  for (const name of [...FUNCTIONS, 'product', 'alert']) {
    mkdirSync(join(distDir, name));
    writeFileSync(join(distDir, name, 'index.mjs'), `export const handler = async () => '${name}';\n`);
  }
  return distDir;
};

export const synthesised = (choices: SynthesisChoices): Synthesised => {
  const outDir = mkdtempSync(join(tmpdir(), 'capstack-cdk-'));
  process.env['CDK_VALIDATION'] = choices.validate ? 'true' : 'false';
  const app = new App({
    outdir: outDir,
    context: { ...cdkContext(), distDir: placeholderBundles(), ...choices.context },
    analyticsReporting: false,
  });
  if (choices.validate) Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  const stacks = deployment(app, parseConfiguration(choices.configuration, 'test.yml'), '/nowhere');
  const assembly = app.synth();
  const template = (stack: Stack): Template => assembly.getStackArtifact(stack.artifactId).template;
  return { stateful: template(stacks.stateful), pipeline: template(stacks.pipeline), stacks, outDir };
};

export const ofType = (template: Template, type: string): [string, Resource][] =>
  Object.entries(template.Resources).filter(([, resource]) => resource.Type === type);

/** The value at a path of property names and list positions. */
export const at = (value: unknown, ...path: (string | number)[]): unknown =>
  path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null
        ? (inner as Readonly<Record<string | number, unknown>>)[key]
        : undefined,
    value,
  );

/** Everything a value refers to, as text to search in. */
export const written = (value: unknown): string => JSON.stringify(value) ?? '';
