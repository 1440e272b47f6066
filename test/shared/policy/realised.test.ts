import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Statement } from '../../../shared/event/statement.ts';
import type { Decision, Outcome } from '../../../shared/policy/decision.ts';
import { savingsOf } from '../../../shared/policy/realised.ts';
import { addDays, type CivilDate } from '../../../shared/time/civil-date.ts';

const CHANGED = '2026-06-15' as CivilDate;
const sizes = (desired: number) => ({ min: 1, max: 8, desired });
const decision = (
  id: string,
  stance: Decision['stance'],
  amount: string,
  from: number,
  to: number,
): Decision =>
  ({
    ...{ decision_id: id, stance, from: sizes(from), to: sizes(to) },
    expected: { cost: { monthly: { amount, currency: 'USD' } }, p5_days: null },
  }) as unknown as Decision;
const applied = (id: string, at: string, from: number, to: number): Outcome => ({
  ...{ decision_id: id, planned_at: at, at, status: 'applied' },
  ...{ before: sizes(from), after: sizes(to) },
});
const cost = (
  date: CivilDate,
  amount: string,
  fields: Partial<Statement<'cost'>['body']> = {},
): Statement<'cost'> => ({
  ...{ key: date + amount, date, source: 'aws' },
  body: {
    ...{ provider: 'aws', service: 'Amazon Elastic Compute Cloud - Compute', recordType: 'usage' },
    ...{ amount, currency: 'USD', estimated: false, ...fields },
  },
});
const days = (from: number, to: number, amount: string): Statement<'cost'>[] =>
  Array.from({ length: to - from + 1 }, (_, index) => cost(addDays(CHANGED, from + index), amount));

const SAVED = [decision('a', 'CRITICAL', '-90.00', 4, 1)];
/** Two steps of one decision: 4 to 2, then 2 to 1. */
const STEPS = [
  applied('a', '2026-06-15T09:17:00.000Z', 4, 2),
  applied('a', '2026-06-15T15:17:00.000Z', 2, 1),
];
const TODAY = addDays(CHANGED, 20);

test('what was saved is the use of the settled days since, against that of the two weeks before', () => {
  const costs = [
    ...days(-14, -1, '10.00'),
    cost(CHANGED, '8.00'),
    ...days(1, 18, '7.00'),
    ...days(19, 20, '999'),
  ];
  assert.deepEqual(savingsOf(SAVED, STEPS, costs, TODAY), {
    since: CHANGED,
    until: null,
    predicted: { amount: '-90.00', currency: 'USD' },
    /** $3 a day, 365 days in twelve months. */
    realised: { status: 'measured', monthly: { amount: '-91.25', currency: 'USD' }, days: 18 },
  });
});

test('credits, taxes, estimates and what is no computing do not count', () => {
  const noise = [-3, 5].flatMap((day) => [
    cost(addDays(CHANGED, day), '-10.00', { recordType: 'credit' }),
    cost(addDays(CHANGED, day), '5.00', { recordType: 'tax' }),
    cost(addDays(CHANGED, day), '5.00', { estimated: true }),
    cost(addDays(CHANGED, day), '5.00', { service: 'Amazon Simple Storage Service' }),
  ]);
  const costs = [...days(-14, -1, '10.00'), ...days(1, 18, '7.00')];
  assert.deepEqual(
    savingsOf(SAVED, STEPS, [...costs, ...noise], TODAY),
    savingsOf(SAVED, STEPS, costs, TODAY),
  );
});

test('what cannot be measured is not made up', () => {
  const reason = (costs: Statement<'cost'>[], today = TODAY): string => {
    const realised = savingsOf(SAVED, STEPS, costs, today)?.realised;
    return realised?.status === 'not measured yet' ? realised.reason : assert.fail('it was measured');
  };
  assert.match(reason([]), /no cloud cost/);
  assert.match(reason(days(-5, 18, '1.00')), /of the 14 days before, 5/);
  assert.match(reason(days(-14, 18, '1.00'), addDays(CHANGED, 5)), /3 days since/);
  assert.equal(savingsOf(SAVED, [], days(-14, 18, '1.00'), TODAY), undefined);
});

test('the days after the first group got its sizes back belong to no saving', () => {
  const back = decision('b', 'NORMAL', '90.00', 1, 4);
  const outcomes = [...STEPS, applied('b', '2026-06-25T09:17:00.000Z', 1, 4)];
  const costs = [...days(-14, -1, '10.00'), ...days(1, 9, '7.00'), ...days(10, 18, '10.00')];
  const savings = savingsOf([...SAVED, back], outcomes, costs, TODAY);
  assert.equal(savings?.until, '2026-06-24');
  assert.deepEqual(savings?.realised, {
    ...{ status: 'measured', days: 9 },
    monthly: { amount: '-91.25', currency: 'USD' },
  });
});
