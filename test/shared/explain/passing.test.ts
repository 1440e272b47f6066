import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explanation } from '../../../shared/explain/explanation.ts';
import { timePassed } from '../../../shared/explain/passing.ts';
import type { HistoryDay } from '../../../shared/model/history.ts';
import type { RunwayInput } from '../../../shared/model/runway.ts';
import { addDays, type CivilDate, epochDay, weekday } from '../../../shared/time/civil-date.ts';
import { live } from './pairs.ts';

const BEGIN = '2025-06-01' as CivilDate;

/** Payroll twice a month, rent, a cloud bill and revenue on weekdays, with some noise. */
const movedOn = (date: CivilDate): readonly (readonly [stream: string, minor: bigint])[] => {
  const k = epochDay(date);
  return [
    ...(/-(15|28)$/.test(date) ? ([['payroll', -9_800_000n]] as const) : []),
    ...(date.endsWith('-01') ? ([['rent', -1_200_000n]] as const) : []),
    ['cloud', -110_000n - BigInt((k * k * 37) % 20_000)],
    ...(weekday(date) < 6 ? ([['revenue', 350_000n + BigInt((k * k * 91) % 90_000)]] as const) : []),
  ];
};

const dayOf = (date: CivilDate): HistoryDay => {
  const streams = movedOn(date).map(([stream, minor]) => ({
    stream,
    inflowMinor: minor > 0n ? minor : 0n,
    outflowMinor: minor < 0n ? -minor : 0n,
    inflowCount: minor > 0n ? 1 : 0,
    outflowCount: minor < 0n ? 1 : 0,
  }));
  const inflowMinor = streams.reduce((sum, each) => sum + each.inflowMinor, 0n);
  const outflowMinor = streams.reduce((sum, each) => sum + each.outflowMinor, 0n);
  const outflowCount = streams.reduce((sum, each) => sum + each.outflowCount, 0);
  return { date, netMinor: inflowMinor - outflowMinor, inflowMinor, outflowMinor, outflowCount, streams };
};

const inputOn = (asOf: CivilDate): RunwayInput => {
  const days: HistoryDay[] = [];
  for (let date = BEGIN; date <= asOf; date = addDays(date, 1)) days.push(dayOf(date));
  return live({
    asOf,
    historyThrough: addDays(asOf, -1),
    historyFrom: BEGIN,
    days,
    balanceMinor: days.reduce((sum, { netMinor }) => sum + netMinor, 250_000_000n),
    paths: 2_000,
    horizonDays: 365,
    currency: live().currency,
  });
};

/** Over a payday, a week, the turn of a month, and a month. */
const PASSAGES = [
  ['2026-06-14', '2026-06-15'],
  ['2026-06-10', '2026-06-17'],
  ['2026-05-28', '2026-06-04'],
  ['2026-05-20', '2026-06-20'],
] as const;

for (const [from, to] of PASSAGES)
  test(`from ${from} to ${to} everything came as expected: the change is time, and hardly anything is news`, () => {
    const [older, newer] = [inputOn(from as CivilDate), inputOn(to as CivilDate)];
    const { effects, change } = explanation({ input: older }, newer).moved.p50;
    assert.equal(effects[0]?.driver, 'time');
    const news = effects.filter(({ driver }) => driver !== 'time');
    assert.ok(
      news.every(({ effect }) => Math.abs(effect) <= 2),
      JSON.stringify(effects),
    );
    assert.ok((change ?? 0) < 0);
  });

test('expected days move the cash that they say, and what was planned for them is over', () => {
  const due: RunwayInput['plan']['items'] = [
    { kind: 'scheduled', id: 'fee', date: '2026-06-12' as CivilDate, amount: '-900.00', label: 'Fee' },
    { kind: 'scheduled', id: 'later', date: '2026-09-12' as CivilDate, amount: '-1.00' },
  ];
  const input = { ...inputOn('2026-06-10' as CivilDate), plan: { items: due, reasons: [] } };
  const passed = timePassed(input, '2026-06-17' as CivilDate);
  const since = passed.days.filter(({ date }) => date > input.asOf);
  assert.equal(since.length, 7);
  assert.equal(
    passed.balanceMinor - input.balanceMinor,
    since.reduce((sum, { netMinor }) => sum + netMinor, 0n),
  );
  assert.deepEqual(
    passed.plan.items.map(({ id }) => id),
    ['later'],
  );
  assert.ok(since.some(({ streams }) => streams?.some(({ stream }) => stream === 'fee')));
});
