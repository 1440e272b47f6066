import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { openDurable } from '../../scripts/local/durable.ts';

const directory = mkdtempSync(join(tmpdir(), 'capstack-durable-'));
after(() => rmSync(directory, { recursive: true, force: true }));

/** Runs code with `durable` open on the file, in a process that is killed once it has printed something. */
const runKilled = async (file: string, code: string): Promise<void> => {
  const module = new URL('../../scripts/local/durable.ts', import.meta.url);
  const script = `
    const { writeSync } = await import('node:fs');
    const { openDurable } = await import(${JSON.stringify(module.href)});
    const durable = openDurable(${JSON.stringify(file)});
    ${code}
    setInterval(() => {}, 1000);
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  child.kill('SIGKILL');
  await once(child, 'exit');
};

test('what a killed process wrote is there for the next one', async () => {
  const file = join(directory, 'new', 'killed.sqlite');
  await runKilled(
    file,
    `durable.records('seen').put('key', { amountMinor: 12n, bytes: Buffer.from([0, 255]) });
     for (let n = 0; n < 100; n += 1) durable.queue('q').send('message ' + n, 0);
     durable.queue('q').remove(durable.queue('q').receive(1, 1000, 0)[0].receipt);
     writeSync(1, 'written');`,
  );
  const durable = openDurable(file);
  const bodies = durable
    .queue('q')
    .receive(1000, 1000, 0)
    .map(({ body }) => body);
  assert.deepEqual(
    bodies,
    Array.from({ length: 99 }, (_, index) => `message ${index + 1}`),
  );
  const seen = durable.records<{ amountMinor: bigint; bytes: Uint8Array }>('seen').get('key');
  assert.deepEqual([seen?.amountMinor, [...(seen?.bytes ?? [])]], [12n, [0, 255]]);
  durable.close();
});

test('work that a kill interrupts leaves nothing, however much of it had reached the disk', async () => {
  const file = join(directory, 'interrupted.sqlite');
  await runKilled(
    file,
    `durable.records('r').put('before', 'kept');
     durable.atomically(() => {
       durable.records('r').put('before', 'lost');
       for (let n = 0; n < 2000; n += 1) durable.records('r').put('k' + n, 'x'.repeat(10_000));
       writeSync(1, 'working');
       for (;;) ;
     });`,
  );
  const durable = openDurable(file);
  assert.deepEqual(durable.records('r').entries(), [['before', 'kept']]);
  durable.close();
});

test('records are kept apart by collection and listed in key order', () => {
  const durable = openDurable(undefined);
  const [a, b] = [durable.records<number>('a'), durable.records<number>('b')];
  for (const [key, value] of [
    ['2', 2],
    ['10', 10],
    ['1', 1],
  ] as const)
    a.put(key, value);
  b.put('1', 100);
  a.put('2', 20);
  assert.deepEqual(a.entries(), [
    ['1', 1],
    ['10', 10],
    ['2', 20],
  ]);
  assert.deepEqual([a.remove('2'), a.remove('2'), a.get('2')], [true, false, undefined]);
  assert.equal(b.get('1'), 100);
});

test('work that throws leaves nothing behind; nested work is undone alone', () => {
  const durable = openDurable(undefined);
  const numbers = durable.records<number>('numbers');
  const fail = () => {
    throw new Error('no');
  };
  assert.throws(() =>
    durable.atomically(() => {
      numbers.put('outer', 1);
      fail();
    }),
  );
  durable.atomically(() => {
    numbers.put('kept', 1);
    assert.throws(() =>
      durable.atomically(() => {
        numbers.put('inner', 1);
        fail();
      }),
    );
  });
  assert.deepEqual(numbers.entries(), [['kept', 1]]);
});

test('a delayed message is neither handed out nor visible before its time', () => {
  const queue = openDurable(undefined).queue('q');
  queue.send('later', 0, { delayMs: 10 });
  assert.deepEqual([queue.receive(1, 10, 9), queue.depth(9)], [[], { visible: 0, hidden: 1 }]);
  assert.equal(queue.receive(1, 10, 10)[0]?.body, 'later');
});
