import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { atMost } from '../../../shared/concurrency/at-most.ts';

const turns = async (count: number): Promise<void> => {
  for (let turn = 0; turn < count; turn += 1) await Promise.resolve();
};

test('law: every item is worked on once, begun in order, never more than the limit at a time', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 5 }), fc.array(fc.nat(9)), async (limit, waits) => {
      const begun: number[] = [];
      let running = 0;
      let most = 0;
      await atMost(
        limit,
        waits.map((wait, index) => ({ wait, index })),
        async ({ wait, index }) => {
          begun.push(index);
          running += 1;
          most = Math.max(most, running);
          await turns(wait);
          running -= 1;
        },
      );
      assert.deepEqual(begun, [...waits.keys()]);
      assert.equal(running, 0);
      assert.equal(most, Math.min(limit, waits.length));
    }),
  );
});

test('a failure is thrown when what was begun has ended, and nothing else begins', async () => {
  const begun: number[] = [];
  const ended: number[] = [];
  const run = atMost(2, [0, 1, 2, 3], async (item) => {
    begun.push(item);
    if (item === 0) throw new Error('broken');
    await turns(20);
    ended.push(item);
  });
  await assert.rejects(run, /broken/);
  assert.deepEqual([begun, ended], [[0, 1], [1]]);
});
