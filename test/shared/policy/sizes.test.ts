import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { baselineText, parseBaseline, smallerOf } from '../../../shared/policy/sizes.ts';
import { sizes } from '../../support/policy.ts';

test('a baseline is min-desired-max in order, and anything else is none', () => {
  assert.deepEqual(parseBaseline('2-4-8'), { min: 2, desired: 4, max: 8 });
  assert.deepEqual(parseBaseline('0-0-0'), { min: 0, desired: 0, max: 0 });
  for (const text of [
    '',
    '2-4',
    '2-4-8-101',
    '2-4-8-9-1',
    '4-2-8',
    '2-9-8',
    '2/4/8',
    ' 2-4-8',
    '-1-2-3',
    '2-4-8.5',
    'a-b-c',
  ])
    assert.equal(parseBaseline(text), undefined, text);
});

test('every baseline is read back as it was written', () => {
  fc.assert(
    fc.property(sizes, ({ min, max, desired }) => {
      assert.deepEqual(parseBaseline(`${min}-${desired}-${max}`), { min, max, desired });
      const mixed = { min, max, desired, onDemandPercent: max };
      assert.deepEqual(parseBaseline(baselineText(mixed)), mixed);
    }),
  );
});

test('the smaller of two sizes is in order and above neither', () => {
  fc.assert(
    fc.property(sizes, sizes, (a, b) => {
      const { min, max, desired } = smallerOf(a, b);
      assert.ok(min <= desired && desired <= max);
      assert.ok(min <= a.min && min <= b.min && max <= a.max && max <= b.max);
      assert.ok(desired <= a.desired && desired <= b.desired);
    }),
  );
});
