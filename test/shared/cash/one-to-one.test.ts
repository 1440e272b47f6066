import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Candidate, oneToOne } from '../../../shared/cash/one-to-one.ts';

const candidate: fc.Arbitrary<Candidate> = fc.record({
  left: fc.constantFrom('a', 'b', 'c', 'd'),
  right: fc.constantFrom('w', 'x', 'y', 'z'),
  score: fc.integer({ min: 0, max: 2 }),
  gapDays: fc.integer({ min: 0, max: 2 }),
});
const candidates = fc.uniqueArray(candidate, { selector: ({ left, right }) => left + right, maxLength: 12 });

test('nobody stands in two pairs, and whoever is left alone had no free partner', () => {
  fc.assert(
    fc.property(candidates, (all) => {
      const pairs = oneToOne(all);
      const lefts = new Set(pairs.map(({ left }) => left));
      const rights = new Set(pairs.map(({ right }) => right));
      assert.deepEqual([lefts.size, rights.size], [pairs.length, pairs.length]);
      for (const { left, right } of all) assert.ok(lefts.has(left) || rights.has(right));
    }),
  );
});

test('the order in which candidates are found changes no pair', () => {
  const shuffledToo = candidates.chain((all) =>
    fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
  );
  fc.assert(
    fc.property(shuffledToo, ([all, shuffled]) => {
      assert.deepEqual(oneToOne(shuffled), oneToOne(all));
    }),
  );
});

test('what more speaks for goes first, then what is nearer', () => {
  const pair = (left: string, right: string, score: number, gapDays: number): Candidate => ({
    left,
    right,
    score,
    gapDays,
  });
  assert.deepEqual(
    oneToOne([pair('a', 'x', 1, 0), pair('b', 'x', 2, 5), pair('a', 'y', 0, 3), pair('c', 'y', 0, 1)]).map(
      ({ left, right }) => left + right,
    ),
    ['bx', 'cy'],
  );
});
