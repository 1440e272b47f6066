import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Answer, patient } from '../../../shared/providers/patience.ts';

const answer = (status: number, retryAfter?: string): Answer => ({
  status,
  headers: { get: (name) => (name === 'retry-after' ? (retryAfter ?? null) : null) },
  text: async () => '',
});

const asked = async (answers: readonly Answer[]) => {
  const waits: number[] = [];
  let calls = 0;
  const ask = patient(
    async () => answers[calls++] ?? answer(500),
    async (ms) => {
      waits.push(ms);
    },
  );
  const { status } = await ask('https://provider.test', {
    headers: {},
    signal: new AbortController().signal,
  });
  return { status, waits, calls };
};

test('waits as long as it is told, then asks again', async () => {
  const { status, waits } = await asked([answer(429, '3'), answer(429), answer(200)]);
  assert.deepEqual([status, waits], [200, [3_000, 2_000]]);
});

test('leaves it to the next run where the wait is long or the tries are used up', async () => {
  assert.deepEqual(await asked([answer(429, '21'), answer(200)]), { status: 429, waits: [], calls: 1 });
  const busy = Array.from({ length: 9 }, () => answer(429, '0'));
  assert.deepEqual(await asked(busy), { status: 429, waits: [0, 0, 0], calls: 4 });
});

test('hands on every other answer at once', async () => {
  assert.deepEqual(await asked([answer(503, '1')]), { status: 503, waits: [], calls: 1 });
  assert.deepEqual(await asked([answer(429, 'Wed, 21 Oct 2026 07:28:00 GMT'), answer(200)]), {
    status: 200,
    waits: [2_000],
    calls: 2,
  });
});
