/** House rules that a machine can hold. Each message says what to do instead. */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { test } from 'node:test';

const root = resolve(import.meta.dirname, '..');
const files = (...patterns: string[]): string[] => globSync(patterns, { cwd: root }).sort();
const source = new Map(
  files('{infra,functions,shared,scripts,test}/**/*.{ts,mjs}').map((file) => [
    file,
    readFileSync(join(root, file), 'utf8'),
  ]),
);
const linesOf = (file: string): string[] => (source.get(file) ?? '').trimEnd().split('\n');

const FILE_LINES_MAX = 300;
/** Tables of cases may run longer than what they test. */
const TEST_LINES_MAX = 400;
const HANDLER_LINES_MAX = 40;

/** Rules by what they forbid in which files, and what to write instead. */
const FORBIDDEN: readonly { readonly in: RegExp; readonly pattern: RegExp; readonly instead: string }[] = [
  {
    in: /^shared\/(?!aws\/|lambda\/).*\.ts$/,
    pattern: /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bprocess\.|\bconsole\./,
    instead: 'pure folders take the clock, randomness and the environment as arguments',
  },
  {
    in: /\.ts$/,
    pattern: /@ts-ignore|@ts-nocheck/,
    instead: 'mend the type, or expect the error where a test proves it',
  },
  {
    in: /^(shared|functions|infra)\/.*\.ts$/,
    pattern: /\b(TODO|FIXME|XXX)\b/,
    instead: 'do it now, or say in ARCHITECTURE.md that it is not done',
  },
  {
    in: /^(shared\/(?!scenario\/compile|model\/)|functions\/).*\.ts$/,
    pattern: /\b(?:Number|parseFloat|Number\.parseFloat)\([^)]*(?:[aA]mount|Minor)\b/,
    instead:
      'money is bigint minor units or a decimal string; it becomes a float only where it enters the engine',
  },
];

test('files stay short enough to read in one sitting', () => {
  const long = [...source.keys()].filter(
    (file) => linesOf(file).length > (file.startsWith('test/') ? TEST_LINES_MAX : FILE_LINES_MAX),
  );
  assert.deepEqual(long, [], `over ${FILE_LINES_MAX} lines: split by noun`);
});

test('handlers only wire', () => {
  const long = files('functions/*/handler.ts').filter((file) => linesOf(file).length > HANDLER_LINES_MAX);
  assert.deepEqual(long, [], `over ${HANDLER_LINES_MAX} lines: move the step to a file beside it`);
});

test('no drawer, no barrel', () => {
  const drawers = [...source.keys()].filter((file) =>
    /(^|\/)(utils?|helpers?|common|misc|index)(\.ts|\/)/.test(file),
  );
  assert.deepEqual(drawers, [], 'a name that fits nowhere is a missing noun');
});

for (const { in: where, pattern, instead } of FORBIDDEN)
  test(`${pattern.source} is not in ${where.source}`, () => {
    const found = [...source.keys()]
      .filter((file) => where.test(file) && file !== relative(root, import.meta.filename))
      .flatMap((file) =>
        linesOf(file).flatMap((line, index) =>
          pattern.test(line) && !/^\s*(\*|\/\/|\/\*)/.test(line)
            ? [`${file}:${index + 1}: ${line.trim()}`]
            : [],
        ),
      );
    assert.deepEqual(found, [], instead);
  });

test('every file is used', () => {
  const entries =
    /^(infra\/app\.ts|functions\/[^/]+\/handler\.ts|scripts\/[^/]+\.(ts|mjs)|scripts\/cli\/main\.ts|scripts\/local\/(start|lambda-worker)\.ts|.*\.test\.ts|test\/local\/toy\/.*|.*\.types\.ts)$/;
  const imported = new Set<string>();
  for (const [file, text] of source)
    for (const [, target] of text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g))
      if (target !== undefined) imported.add(relative(root, resolve(root, dirname(file), target)));
  const dead = [...source.keys()].filter((file) => !entries.test(file) && !imported.has(file));
  assert.deepEqual(dead, [], 'delete it, or import it where it is needed');
});

/** Types and constants, and the intake, which is tested through the functions that take in. */
const ELSEWHERE = new Set(['shared/contract', 'shared/event', 'shared/intake']);

test('every domain module has a test of its own or beside it', () => {
  const tested = new Set(files('test/shared/**/*.test.ts').map((file) => dirname(relative('test', file))));
  const nouns = new Set(files('shared/*/**/*.ts').map((file) => file.split('/').slice(0, 2).join('/')));
  const untested = [...nouns].filter((noun) => ![...tested].some((folder) => folder.startsWith(noun)));
  assert.deepEqual(
    untested.filter((noun) => !ELSEWHERE.has(noun)),
    [],
    'add test/<folder>/',
  );
});
