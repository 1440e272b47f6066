import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HistoryDay } from '../../../shared/model/history.ts';
import { forecastRunway, type RunwayForecast, type RunwayInput } from '../../../shared/model/runway.ts';
import type { PlanItem } from '../../../shared/scenario/items.ts';
import { addDays } from '../../../shared/time/civil-date.ts';
import { AS_OF, runwayInput } from './ledgers.ts';

/** A day `ago` on which streams paid these amounts. */
const day = (ago: number, paid: Readonly<Record<string, bigint>>): HistoryDay => {
  const outflowMinor = Object.values(paid).reduce((sum, amount) => sum + amount, 0n);
  return {
    date: addDays(AS_OF, -ago),
    netMinor: -outflowMinor,
    inflowMinor: 0n,
    outflowMinor,
    outflowCount: Object.keys(paid).length,
    streams: Object.entries(paid).map(([stream, amount]) => ({
      stream,
      inflowMinor: 0n,
      outflowMinor: amount,
      inflowCount: 0,
      outflowCount: 1,
    })),
  };
};

const isFirst = (ago: number): boolean => addDays(AS_OF, -ago).endsWith('-01');

/** 3,000.00 of rent on the first of each month, 20.00 of cards every day, for a year. */
const rented = Array.from({ length: 364 }, (_, ago) =>
  day(ago, isFirst(ago) ? { rent: 300_000n, card: 2_000n } : { card: 2_000n }),
);

const runway = (changes: Partial<RunwayInput> = {}): RunwayForecast =>
  forecastRunway(runwayInput({ days: rented, balanceMinor: 2_000_000n, paths: 1_000, ...changes }));

const p50 = (changes: Partial<RunwayInput> = {}): number =>
  runway(changes).days.p50 ?? Number.POSITIVE_INFINITY;

const plan = (...items: readonly PlanItem[]): Partial<RunwayInput> => ({ plan: { items, reasons: [] } });

const rent = (amount: string, label = 'Rent'): PlanItem => ({
  kind: 'recurring',
  id: 'r',
  label,
  every: 'monthly',
  day: 1,
  amount,
  jitter_std: '0',
  business_day: 'none',
  holidays: [],
});

test('a recurring payment that the ledger shows as well counts once', () => {
  assert.ok(Math.abs(p50(plan(rent('-3000'))) - p50()) <= 4, `${p50(plan(rent('-3000')))} ${p50()}`);
  assert.ok(Math.abs(p50(plan(rent('-3000', 'the office'))) - p50()) <= 4, 'by its days and amounts');
});

test('what is declared wins over what the ledger repeats', () => {
  assert.ok(p50(plan(rent('-2000'))) > p50() + 20);
  assert.ok(p50(plan(rent('-4500'))) < p50() - 20);
});

test('a recurring payment that the ledger does not show comes on top', () => {
  assert.ok(p50(plan({ ...rent('-3000', 'second office'), day: 17 } as PlanItem)) < p50() - 50);
});

/** Monthly on the day that was `ago` days ago; of a year of payments, the ledger lacks the one that was due then. */
const missing = (ago: number, changes: Partial<PlanItem> = {}) => {
  const due = addDays(AS_OF, -ago);
  const days = Array.from({ length: 364 }, (_, past) => {
    const date = addDays(AS_OF, -past);
    return day(past, date !== due && date.endsWith(due.slice(-3)) ? { rent: 300_000n } : { card: 2_000n });
  });
  const item = { ...rent('-3000'), day: Number(due.slice(-2)), ...changes } as PlanItem;
  return { due, days, ...plan(item) };
};

test('what merely resembles a payment of the ledger comes on top of it, and takes its place where it has its name', () => {
  const more = plan(rent('-3300', 'a second office'));
  assert.ok(p50(more) < p50() - 50, `${p50(more)} ${p50()}`);
  assert.ok(p50(plan(rent('-3300'))) > p50(more) + 50);
  const next = addDays(AS_OF, Array.from({ length: 31 }, (_, k) => k + 1).find((k) => isFirst(-k)) ?? 0);
  const oneOff = (label: string): Partial<RunwayInput> =>
    plan({ kind: 'scheduled', id: 's', date: next, amount: '-3000', label });
  assert.ok(
    p50(oneOff('moving')) < p50(oneOff('rent')) - 15,
    `${p50(oneOff('moving'))} ${p50(oneOff('rent'))}`,
  );
  assert.ok(Math.abs(p50(oneOff('rent')) - p50()) <= 3);
});

test('a recurring payment that is some days late is still to come, and is not once it came', () => {
  const { due, days, ...planned } = missing(2);
  const paid = days.map((one) => (one.date === due ? day(2, { rent: 300_000n }) : one));
  const late = p50({ days, ...planned });
  const came = p50({ days: paid, ...planned, balanceMinor: 1_700_000n });
  assert.ok(Math.abs(late - came) <= 5, `late ${late}, came ${came}`);
  assert.ok(p50({ days: paid, ...planned }) > late + 15, 'what came is owed no more');
  const isSaidOf = ({ due: _due, ...changes }: ReturnType<typeof missing>): boolean =>
    runway(changes).reasons.some((reason) => /was due on .* and has not been seen/.test(reason));
  assert.ok(isSaidOf(missing(2)));
  assert.ok(!isSaidOf(missing(5)));
  const begun = missing(2, { label: 'a desk that is rented from now on', amount: '-900' });
  assert.ok(!isSaidOf(begun), 'the ledger never showed it');
});

test('a yearly contract whose anniversary was two days ago is still to come', () => {
  const due = addDays(AS_OF, -2);
  const contract = (renewal_probability: number): PlanItem => {
    const {
      day: _day,
      every: _every,
      ...base
    } = rent('-15000', 'insurance') as PlanItem & { day: number; every: string };
    const yearly = { every: 'yearly', month: Number(due.slice(5, 7)), day: Number(due.slice(-2)) };
    return { ...base, ...yearly, renewal_probability } as PlanItem;
  };
  for (const probability of [0.94, 1])
    assert.ok(p50(plan(contract(probability))) < p50() - 60, `${p50(plan(contract(probability)))} ${p50()}`);
});

test('a promised payment of a stream takes the place of the one its rhythm would name', () => {
  const expected = [
    { id: 'a', dueDate: addDays(AS_OF, 1), amountMinor: -300_000n, stream: 'rent', label: 'July rent' },
  ];
  assert.ok(Math.abs(p50({ expected }) - p50()) <= 3, `${p50({ expected })} ${p50()}`);
  const nameless = [{ id: 'a', dueDate: addDays(AS_OF, 1), amountMinor: -300_000n, label: 'somebody' }];
  assert.ok(Math.abs(p50({ expected: nameless }) - p50()) <= 3, 'by its day and amount');
});

test('a promised payment retires when the ledger shows it, and is believed less the longer it is late', () => {
  const due = (ago: number, amountMinor: bigint) => ({
    expected: [{ id: 'a', dueDate: addDays(AS_OF, -ago), amountMinor, label: 'a bill' }],
  });
  assert.equal(p50(due(29, -300_000n)), p50(), 'paid on the first');
  const survived = [1, 8, 30, 80].map((ago) => runway(due(ago, -900_000n)).survival[90] ?? 0);
  assert.deepEqual(
    survived.toSorted((a, b) => a - b),
    survived,
  );
  assert.ok((survived[0] ?? 0) < (survived[3] ?? 0) - 0.2, `${survived}`);
  assert.match(
    runway(due(8, -900_000n)).reasons.join(),
    /^a bill was due on 2026-06-22 and has not been seen/,
  );
  assert.equal(p50(due(200, -900_000n)), p50(), 'nobody waits for ever');
});

test('a one-off is not repeated', () => {
  const once = rented.map((one, ago) => (ago === 40 ? day(ago, { card: 2_000n, lawsuit: 3_000_000n }) : one));
  const often = p50({
    days: rented.map((one, ago) => (ago % 40 === 0 ? day(ago, { card: 2_000n, lawsuit: 3_000_000n }) : one)),
  });
  assert.ok(p50({ days: once }) > 2 * often, `${p50({ days: once })} ${often}`);
});

test('credits leave an invoice on the third, when a month is over', () => {
  const credit: PlanItem = {
    kind: 'credit',
    remaining: '0',
    expires_on: AS_OF,
    daily_gross_cost: '1000',
  };
  // 31,000.00 for July are due on August 3, the 34th day.
  assert.equal(p50({ ...plan(credit), balanceMinor: 3_000_000n }), 34);
});

test('the payment that breaks the bank is named', () => {
  const { breaking } = runway({ balanceMinor: 1_000_000n, ...plan(rent('-3000', 'Rent of the loft')) });
  assert.deepEqual([breaking?.label, breaking?.date.slice(8)], ['Rent of the loft', '01']);
  assert.equal(breaking?.amountMinor, 300_000n);
  assert.equal(runway({ balanceMinor: 850_000n }).breaking?.label, 'rent');
});
