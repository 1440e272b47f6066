/**
 * `npm test`: makes sure that the engines are there, then runs every test. `npm test -- PATTERN...` runs only the files
 * that match.
 */
import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { ensurePrerequisites } from './local/prerequisites.ts';

const root = resolve(import.meta.dirname, '..');
const patterns = process.argv.slice(2);
const files = globSync(patterns.length > 0 ? patterns : ['test/**/*.test.ts'], { cwd: root }).sort();
if (files.length === 0) {
  process.stderr.write(`no test file matches ${patterns.join(' ')}\n`);
  process.exit(1);
}
await ensurePrerequisites((line) => process.stderr.write(`${line}\n`));
const { status } = spawnSync(
  process.execPath,
  [
    '--disable-warning=ExperimentalWarning',
    '--test',
    /** By itself the runner leaves a core to whoever watches; of two that is half. */
    `--test-concurrency=${availableParallelism()}`,
    ...files,
  ],
  {
    cwd: root,
    stdio: 'inherit',
  },
);
process.exit(status ?? 1);
