import assert from 'node:assert/strict';
import { test } from 'node:test';
import { draw, randomStream, STREAM, threefry, uniformOf } from '../../../shared/forecast/random.ts';

test('the cipher gives the known answers of its authors (Random123, threefry2x32, 20 rounds)', () => {
  const words = new Uint32Array(2);
  for (const [k0, k1, x, y, expected] of [
    [0, 0, 0, 0, [0x6b200159, 0x99ba4efe]],
    [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, [0x1cb996fc, 0xbb002be7]],
    [0x13198a2e, 0x03707344, 0x243f6a88, 0x85a308d3, [0xc4923a9c, 0x483df7a0]],
  ] as const) {
    threefry(k0, k1, x, y, words);
    assert.deepEqual([...words], expected);
  }
});

test('every part of an address matters, and nothing else does', () => {
  const at = (seed: number, stream: number, path: number, index: number): string => {
    const random = randomStream(seed, stream);
    draw(random, path, index);
    return random.words.join();
  };
  const addresses = [0, 1, 2 ** 32, 2 ** 53 - 1].flatMap((seed) =>
    Object.values(STREAM).flatMap((stream) =>
      [0, 1, 199_999].flatMap((path) => [0, 1, 1824].map((index) => [seed, stream, path, index] as const)),
    ),
  );
  const seen = new Set(addresses.map((address) => at(...address)));
  assert.equal(seen.size, addresses.length);
  assert.equal(at(42, 0, 7, 3), at(42, 0, 7, 3));
});

test('uniform numbers stay inside the open interval', () => {
  assert.ok(uniformOf(0) > 0);
  assert.ok(uniformOf(0xffffffff) < 1);
});
