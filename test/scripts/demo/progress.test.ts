import assert from 'node:assert/strict';
import { test } from 'node:test';
import { progressOf } from '../../../scripts/demo/progress.ts';

const printed = (total: number, isTTY: boolean, advances = total): string => {
  let text = '';
  const progress = progressOf('loading', total, {
    isTTY,
    write: (more) => {
      text += more;
    },
  });
  for (let done = 0; done < advances; done += 1) progress.advance();
  progress.end();
  return text;
};

test('a log gets a line for each quarter', () => {
  assert.equal(
    printed(10, false),
    'loading: 3 of 10\nloading: 5 of 10\nloading: 8 of 10\nloading: 10 of 10\n',
  );
  assert.equal(printed(10, false, 2), '');
});

test('a terminal gets one line, redrawn up to the last and then ended', () => {
  const text = printed(1_000, true);
  assert.match(text, /^(\rloading \[[#.]{30}\] \d+\/1000)+\n$/);
  assert.ok(text.endsWith(`\rloading [${'#'.repeat(30)}] 1000/1000\n`));
  assert.ok(text.startsWith(`\rloading [${'.'.repeat(30)}] 1/1000`));
});

test('a job that never began leaves no line', () => {
  assert.equal(printed(5, true, 0), '');
});
