import assert from 'node:assert/strict';
import { test } from 'node:test';
import { movedOn, type PlanAhead, parsePlan, planAhead } from '../../../shared/model/plan.ts';
import { type PlanItem, type Recurring, USUAL_DELAY } from '../../../shared/scenario/items.ts';
import { addDays } from '../../../shared/time/civil-date.ts';
import { AS_OF, movement, USD } from './ledgers.ts';

const TOMORROW = addDays(AS_OF, 1);

const ahead = (items: readonly PlanItem[], inflowMinor = 0n, outflowMinor = 0n): PlanAhead =>
  planAhead({ items, reasons: [] }, AS_OF, { inflowMinor, outflowMinor }, USD);

const payment = (days: number, amount: string, id = 'rent'): PlanItem => ({
  kind: 'scheduled',
  id,
  date: addDays(AS_OF, days),
  amount,
});

test('items are read as the ledger keeps them, and those not understood are named', () => {
  const { items, reasons } = parsePlan([
    { id: 'rent', item: '{"amount":"-10.50","date":"2026-07-01","kind":"scheduled"}' },
    { id: 'odd', item: '{"amount":10.5,"date":"2026-07-01","kind":"scheduled"}' },
  ]);
  assert.deepEqual(items, [{ kind: 'scheduled', id: 'rent', date: '2026-07-01', amount: '-10.5' }]);
  assert.equal(reasons.length, 1);
  assert.match(reasons[0] ?? '', /^plan item odd is left out, because it is not understood: amount /);
});

test('what lies ahead keeps its date', () => {
  assert.deepEqual(ahead([payment(3, '-10')]).scheduled, [{ date: addDays(AS_OF, 3), amount: '-10' }]);
});

test('what is due today is due tomorrow until it has arrived', () => {
  const rent = payment(0, '-100');
  assert.deepEqual(ahead([rent]).scheduled, [{ date: TOMORROW, amount: '-100' }]);
  assert.deepEqual(ahead([rent], 10_000n).scheduled, [{ date: TOMORROW, amount: '-100' }]);
  assert.deepEqual(ahead([rent], 0n, 10_000n).scheduled, []);
  assert.deepEqual(ahead([rent], 0n, 9_500n).scheduled, [], 'a fee may be missing');
  assert.equal(ahead([rent], 0n, 9_499n).scheduled.length, 1);
});

test('one movement answers for one item', () => {
  const two = [payment(0, '-100', 'a'), payment(0, '-100', 'b')];
  assert.equal(ahead(two, 0n, 10_000n).scheduled.length, 1);
  assert.equal(ahead(two, 0n, 20_000n).scheduled.length, 0);
});

test('what was due earlier is told apart, for the ledger may show it', () => {
  const late = ahead([payment(-1, '-100')]);
  assert.deepEqual([late.scheduled, late.reasons], [[], []]);
  assert.deepEqual(late.overdue, [{ id: 'rent', date: '2026-06-29', amount: '-100' }]);
});

test('a tranche that was due earlier is left out, and its owner is told', () => {
  const terms = { amount: '1500000', probability: 0.8, delay_days: { kind: 'none' } } as const;
  const late = ahead([{ kind: 'tranche', id: 'a', date: addDays(AS_OF, -1), ...terms }]);
  assert.deepEqual(late.tranches, []);
  assert.deepEqual(late.reasons, [
    'plan item a was due on 2026-06-29 and is left out: give it a new date if it is still to come, else remove it',
  ]);
});

test('a tranche of today waits for its wire', () => {
  const terms = { amount: '1500000', probability: 0.8, delay_days: { kind: 'none' } } as const;
  const tranche: PlanItem = { kind: 'tranche', id: 'a', date: AS_OF, ...terms };
  assert.deepEqual(ahead([tranche]).tranches, [{ date: TOMORROW, ...terms }]);
  assert.deepEqual(ahead([tranche], 149_997_500n).tranches, []);
});

test('a recurring payment of today is due tomorrow once, and recurs', () => {
  const rule = (weekday: number): Recurring => ({
    every: 'weekly',
    weekday,
    amount: '-7',
    jitter_std: '0',
    business_day: 'none',
    holidays: [],
  });
  const payroll: PlanItem = { kind: 'recurring', id: 'payroll', label: 'payroll', ...rule(2) };
  assert.deepEqual(ahead([payroll]).recurring, [rule(2)]);
  assert.deepEqual(ahead([payroll]).scheduled, [{ date: TOMORROW, amount: '-7' }]);
  assert.deepEqual(ahead([payroll], 0n, 700n).scheduled, []);
  assert.deepEqual(ahead([{ kind: 'recurring', ...rule(3) }]).scheduled, []);
});

test('a day is summed over all its records', () => {
  assert.deepEqual(movedOn([movement(0, -5n), movement(0, 7n), movement(1, -9n)], AS_OF), {
    inflowMinor: 7n,
    outflowMinor: 5n,
  });
});

test('money raised today is a tranche that arrived, though no income', () => {
  const day = { date: AS_OF, netMinor: 0n, inflowMinor: 0n, outflowMinor: 0n, outflowCount: 0 };
  assert.deepEqual(movedOn([{ ...day, fundingMinor: 9n }], AS_OF), { inflowMinor: 9n, outflowMinor: 0n });
  assert.deepEqual(movedOn([{ ...day, fundingMinor: -4n }], AS_OF), { inflowMinor: 0n, outflowMinor: 4n });
});

test('a tranche of which no delay is stated has the usual one, and its owner is told', () => {
  const tranche: PlanItem = { kind: 'tranche', id: 'a', date: TOMORROW, amount: '9', probability: 1 };
  const { tranches, reasons } = ahead([tranche]);
  assert.deepEqual(tranches[0]?.delay_days, USUAL_DELAY);
  assert.match(reasons.join(), /^plan item a states no delay/);
  const stated = ahead([{ ...tranche, delay_days: { kind: 'none' } }]);
  assert.deepEqual([stated.tranches[0]?.delay_days, stated.reasons], [{ kind: 'none' }, []]);
});
