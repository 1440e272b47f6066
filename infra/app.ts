/** The CDK app: `node infra/app.ts` writes the templates to CDK_OUTDIR, or to `cdk.out`. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { App } from 'aws-cdk-lib';
import { readConfiguration } from './configuration.ts';
import { deployment } from './deployment.ts';

const root = resolve(import.meta.dirname, '..');
const app = new App({
  /** The CDK CLI hands over this file's context by itself; a plain `node` would not. */
  context: JSON.parse(readFileSync(resolve(root, 'cdk.json'), 'utf8')).context,
  outdir: process.env['CDK_OUTDIR'] ?? resolve(root, 'cdk.out'),
  /** The CLI sets both too: the local runtime finds a function's files by them. */
  postCliContext: { 'aws:cdk:enable-path-metadata': true, 'aws:cdk:enable-asset-metadata': true },
  analyticsReporting: false,
});

try {
  const path = process.env['CAPSTACK_CONFIG'] ?? resolve(root, 'capstack.config.yml');
  deployment(app, readConfiguration(path), resolve(root, 'dist'));
  app.synth();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exit(1);
}
