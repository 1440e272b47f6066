import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as v from 'valibot';
import { parsePlanItem, recurringSchema, renewalOf } from '../../../shared/scenario/items.ts';
import { sentenceOf } from '../../../shared/scenario/problems.ts';

const lines = (json: unknown): string[] => {
  const parsed = parsePlanItem(json);
  return parsed.ok ? [] : parsed.problems.map(sentenceOf);
};

test('an item of each kind, with its defaults filled in', () => {
  for (const [json, value] of [
    [{ kind: 'scheduled', date: '2026-01-15', amount: '-98000.00' }, { amount: '-98000' }],
    [
      { kind: 'recurring', id: 'payroll', every: 'semi-monthly', days: [15, -1], amount: '-98000' },
      { days: [-1, 15], jitter_std: '0', business_day: 'none', holidays: [] },
    ],
    [
      {
        kind: 'tranche',
        id: 'series-a',
        date: '2026-04-01',
        amount: '1500000',
        probability: 0.8,
        label: 'Series A',
      },
      {},
    ],
    [
      {
        kind: 'credit',
        id: 'aws-activate',
        remaining: '92000',
        expires_on: '2026-03-15',
        daily_gross_cost: '1100',
      },
      {},
    ],
  ] as const)
    assert.deepEqual(parsePlanItem(json), { ok: true, value: { ...json, ...value } });
});

test('what is wrong is named, with the envelope and the fields together', () => {
  assert.deepEqual(lines({ kind: 'scheduled', id: 'a/b', date: '2026-01-15', amount: 3 }), [
    'id must be 1 to 64 letters, digits, dots, dashes or underscores, and start with a letter or digit',
    'amount is money: write it as a decimal string such as "3", because JSON numbers round',
  ]);
  assert.deepEqual(lines({ kind: 'loan' }), ['kind must be "scheduled", "recurring", "tranche" or "credit"']);
  assert.deepEqual(lines({ kind: 'scheduled', date: '2026-01-15', amount: '3', until: 'x' }), [
    'until is not a known key here: remove it or correct its spelling',
  ]);
  for (const json of [null, undefined, 'x', 3, [], {}, { kind: 'toString' }])
    assert.equal(lines(json).length, 1);
});

test('a plan keeps a delay that is not stated apart from none', () => {
  const tranche = { kind: 'tranche', date: '2026-04-01', amount: '5', probability: 1 };
  const none = { ...tranche, delay_days: { kind: 'none' } };
  assert.deepEqual(parsePlanItem(none), { ok: true, value: none });
  assert.deepEqual(parsePlanItem(tranche), { ok: true, value: tranche });
  const own = { ...tranche, delay_days: { kind: 'gamma', mean: 24, std: 21, on_time: 0.15 } };
  assert.equal(parsePlanItem(own).ok, false);
});

test('a yearly payment of a plan may say how firm it is; no other does, and no scenario', () => {
  const contract = { kind: 'recurring', every: 'yearly', month: 4, day: 1, amount: '-5' };
  const defaults = { jitter_std: '0', business_day: 'none', holidays: [] };
  for (const renewal_probability of [0, 0.5, 1])
    assert.deepEqual(parsePlanItem({ ...contract, renewal_probability }), {
      ok: true,
      value: { ...contract, ...defaults, renewal_probability },
    });
  assert.deepEqual(lines({ ...contract, renewal_probability: 2 }), [
    'renewal_probability must be a number from 0 to 1',
  ]);
  assert.deepEqual(lines({ ...contract, amount: '5', renewal_probability: 0.5 }), [
    'renewal_probability is for money out: leave it out',
  ]);
  assert.deepEqual(lines({ ...contract, jitter_std: '1', renewal_probability: 0.5 }), [
    'renewal_probability and jitter_std say two things of one amount: leave one of them out',
  ]);
  assert.deepEqual(
    lines({ kind: 'recurring', every: 'monthly', day: 1, amount: '-5', renewal_probability: 0.5 }),
    ['renewal_probability is not a known key here: remove it or correct its spelling'],
  );
  const { kind: _kind, ...fields } = contract;
  assert.equal(v.safeParse(recurringSchema, { ...fields, renewal_probability: 1 }).success, false);
  const renewal = (changes: object): number => {
    const parsed = parsePlanItem({ ...contract, ...changes });
    return parsed.ok && parsed.value.kind === 'recurring' ? renewalOf(parsed.value) : Number.NaN;
  };
  assert.deepEqual(
    [{}, { renewal_probability: 0.5 }, { renewal_probability: 1 }, { jitter_std: '1' }, { amount: '5' }].map(
      renewal,
    ),
    [0.94, 0.5, 1, 1, 1],
  );
});
