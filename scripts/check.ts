/** `npm run check`: types, lint and format. `npm run format` writes the fixes. */
import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const write = process.argv.includes('--write');

const run = (tool: string, args: readonly string[]): boolean =>
  spawnSync(join(root, 'node_modules', '.bin', tool), args, { cwd: root, stdio: 'inherit' }).status === 0;

const lint = write
  ? run('biome', ['check', '--write', '--error-on-warnings', '.'])
  : run('biome', ['check', '--error-on-warnings', '.']);
const types = run('tsc', ['--pretty']);
process.exit(lint && types ? 0 : 1);
