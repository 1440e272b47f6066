import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as v from 'valibot';
import { parsedWith, sentenceOf } from '../../../shared/scenario/problems.ts';

const schema = v.strictObject({
  list: v.array(v.strictObject({ days: v.array(v.number('must be a number')) })),
  pick: v.variant('kind', [
    v.strictObject({ kind: v.literal('a') }),
    v.strictObject({ kind: v.literal('b') }),
  ]),
});

const lines = (json: unknown): string[] => {
  const parsed = parsedWith(schema, json);
  return parsed.ok ? [] : parsed.problems.map(sentenceOf);
};

test('every problem is a line with its place and what to do', () => {
  assert.deepEqual(lines({ list: [{ days: [1, 'x'] }], pick: { kind: 'c' } }), [
    'list[0].days[1] must be a number',
    'pick.kind must be one of "a", "b"',
  ]);
  assert.deepEqual(lines({ list: [{ days: [], nights: [] }], pick: {} }), [
    'list[0].nights is not a known key here: remove it or correct its spelling',
    'pick.kind is missing: it must be one of "a", "b"',
  ]);
  assert.deepEqual(lines({ list: [3], pick: 3 }), [
    'list[0] must be a JSON object',
    'pick must be a JSON object',
  ]);
  assert.deepEqual(lines({ pick: { kind: 'a' } }), ['list is missing: add it']);
  assert.deepEqual(lines(7), ['the input must be a JSON object']);
});

test('a value comes out as the schema makes it', () => {
  const value = { list: [], pick: { kind: 'b' } };
  assert.deepEqual(parsedWith(schema, value), { ok: true, value });
});
