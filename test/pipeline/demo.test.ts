/** The first thing a newcomer does, to its end: the demo company through the front door of the whole pipeline. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';

const START = resolve(import.meta.dirname, '../../scripts/local/start.ts');

test('npm start -- --once loads the demo company, prints its forecast and ends well', async () => {
  const child = spawn(process.execPath, [
    '--disable-warning=ExperimentalWarning',
    START,
    '--once',
    '--port',
    '0',
  ]);
  const [said, complaints, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  assert.equal(code, 0, complaints);
  assert.match(said, /demo company loaded: \d+ accepted/);
  assert.doesNotMatch(said, /denied:/, 'no function asked for what its role lacks');
  const [, p5 = ''] = /p5\s+│\s+(\d+)/.exec(said) ?? [];
  assert.ok(Number(p5) > 60 && Number(p5) < 730, said);
});
