import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reconstructed } from '../../../shared/explain/reconstruct.ts';
import { addDays } from '../../../shared/time/civil-date.ts';
import { AS_OF, daily } from '../model/ledgers.ts';
import { live, rent } from './pairs.ts';

test('an earlier day has the money of that day, its closed days, and the plan of now', () => {
  const raised = {
    ...(daily(1, () => 0n)[0] ?? assert.fail()),
    date: addDays(AS_OF, -2),
    fundingMinor: 900n,
  };
  const days = [...daily(100, () => -10n).filter(({ date }) => date !== raised.date), raised];
  const later = live({ days, balanceMinor: 5_000n, plan: { items: [rent('-1')], reasons: [] } });
  const before = reconstructed(later, addDays(AS_OF, -3)) ?? assert.fail();
  assert.equal(before.balanceMinor, 5_000n + 20n - 900n);
  assert.deepEqual([before.asOf, before.historyThrough], [addDays(AS_OF, -3), addDays(AS_OF, -4)]);
  assert.equal(before.days.length, 97);
  assert.equal(before.plan, later.plan);
});

test('the same day is the same input', () => {
  const later = live({ historyFrom: addDays(AS_OF, -363) });
  assert.deepEqual(reconstructed(later, AS_OF), later);
});

test('what the input does not look back to is not taken for quiet days', () => {
  const later = live({ historyFrom: addDays(AS_OF, -2_000) });
  assert.equal(reconstructed(later, addDays(AS_OF, -7))?.historyFrom, addDays(AS_OF, -363));
});

test('before the ledger there is nothing to make a forecast from', () => {
  assert.equal(reconstructed(live(), addDays(AS_OF, -400)), undefined);
  assert.equal(reconstructed(live({ days: [] }), addDays(AS_OF, -1)), undefined);
});
