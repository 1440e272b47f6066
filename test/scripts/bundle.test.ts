import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { bundle, functionNames } from '../../scripts/bundle.ts';

const root = resolve(import.meta.dirname, '../..');

/** A repository with two functions and a folder that is none. */
const functionsDir = mkdtempSync(join(tmpdir(), 'capstack-functions-'));
for (const name of ['alpha', 'beta', 'notes']) mkdirSync(join(functionsDir, name));
writeFileSync(
  join(functionsDir, 'alpha', 'handler.ts'),
  `const { sep } = require('node:path');\nexport const handler = async (n: number): Promise<string> => sep + n;\n`,
);
writeFileSync(
  join(functionsDir, 'beta', 'handler.ts'),
  `import { SQSClient } from '${root}/node_modules/@aws-sdk/client-sqs/dist-es/index.js';
export const handler = async (): Promise<string> => new SQSClient({ region: 'x' }).constructor.name;\n`,
);
const outDir = mkdtempSync(join(tmpdir(), 'capstack-dist-'));

test('each folder with a handler becomes one module that runs by itself, and nothing but that module', async () => {
  const bundles = await bundle({ functionsDir, outDir });
  assert.deepEqual(
    bundles.map(({ name, path }) => [name, path]),
    ['alpha', 'beta'].map((name) => [name, join(outDir, name, 'index.mjs')]),
  );
  assert.deepEqual(
    readdirSync(join(outDir, 'beta')),
    ['index.mjs'],
    'what lies beside it would be uploaded too',
  );
  assert.ok(existsSync(join(outDir, '.maps', 'beta.mjs.map')));
  const alpha: { handler: (n: number) => Promise<string> } = await import(join(outDir, 'alpha', 'index.mjs'));
  assert.equal(await alpha.handler(1), '/1', 'a CommonJS require works in the bundle');
  assert.doesNotMatch(readFileSync(join(outDir, 'beta', 'index.mjs'), 'utf8'), /from\s*["']@aws-sdk/);
});

test('a bundle over the budget names its function and what weighs most, and nothing is written', async () => {
  const target = mkdtempSync(join(tmpdir(), 'capstack-dist-'));
  await assert.rejects(bundle({ functionsDir, outDir: target, budgetBytes: 50 * 1024 }), (error: Error) => {
    assert.match(
      error.message,
      /^bundle of beta is \d+ KB, more than 50 KB; largest parts:\n {2}\d+ KB @smithy\/core\n/,
    );
    assert.doesNotMatch(error.message, /alpha/);
    return true;
  });
  assert.deepEqual(readdirSync(target), []);
});

test('every function of this repository stays within the budget', async () => {
  const target = mkdtempSync(join(tmpdir(), 'capstack-dist-'));
  const bundles = await bundle({ outDir: target });
  assert.deepEqual(
    bundles.map(({ name }) => name),
    functionNames(join(root, 'functions')),
  );
});
