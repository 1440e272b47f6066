import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expectedDays } from '../../../shared/model/expected-days.ts';
import type { HistoryDay } from '../../../shared/model/history.ts';
import type { RunwayInput } from '../../../shared/model/runway.ts';
import { addDays, type CivilDate, weekday } from '../../../shared/time/civil-date.ts';
import { AS_OF, runwayInput } from './ledgers.ts';

const spent = (date: CivilDate): Readonly<Record<string, bigint>> => ({
  ...(date.endsWith('-15') && { payroll: 900_000n }),
  ...(date.endsWith('-01') && { rent: 120_000n }),
  ...(weekday(date) === 1 && { tools: 7_000n }),
});

/** A year of three streams, each with its rhythm. */
const days: readonly HistoryDay[] = Array.from({ length: 364 }, (_, ago) => {
  const date = addDays(AS_OF, -1 - ago);
  const streams = Object.entries(spent(date)).map(([stream, outflowMinor]) => ({
    stream,
    inflowMinor: 0n,
    outflowMinor,
    inflowCount: 0,
    outflowCount: 1,
  }));
  const outflowMinor = streams.reduce((sum, each) => sum + each.outflowMinor, 0n);
  return {
    date,
    netMinor: -outflowMinor,
    inflowMinor: 0n,
    outflowMinor,
    outflowCount: streams.length,
    streams,
  };
});
const input = runwayInput({ days, historyThrough: addDays(AS_OF, -1) });

const paid = (of: RunwayInput, within: number): readonly (readonly [string, string, bigint])[] =>
  expectedDays(of, within).flatMap(({ date, streams = [] }) =>
    streams.map(({ stream, outflowMinor }) => [date, stream, outflowMinor] as const),
  );

test('payments come on their days, in their streams, at their usual size', () => {
  const found = paid(input, 16);
  assert.deepEqual(
    found.filter(([, stream]) => stream !== 'tools').map(([date, stream]) => [date, stream]),
    [
      ['2026-07-01', 'rent'],
      ['2026-07-15', 'payroll'],
    ],
  );
  const sizes = { rent: 120_000, payroll: 900_000, tools: 7_000 };
  for (const [, stream, minor] of found) {
    const usual = sizes[stream as keyof typeof sizes];
    assert.ok(Math.abs(Number(minor) - usual) < usual * 0.05, `${stream} ${minor}`);
  }
  assert.deepEqual(
    found.filter(([, stream]) => stream === 'tools').map(([date]) => date),
    ['2026-07-06', '2026-07-13'],
  );
});

test('the days are those after the forecast, and each adds up', () => {
  const expected = expectedDays(input, 5);
  assert.deepEqual(
    expected.map(({ date }) => date),
    [1, 2, 3, 4, 5].map((day) => addDays(AS_OF, day)),
  );
  for (const day of expected) assert.equal(day.netMinor, day.inflowMinor - day.outflowMinor);
});

test('what is planned comes too: payments in the pattern of their label, likely tranches as money raised', () => {
  const plan: RunwayInput['plan'] = {
    reasons: [],
    items: [
      { kind: 'scheduled', date: addDays(AS_OF, 2), amount: '-250', label: 'Audit fee' },
      {
        kind: 'tranche',
        date: addDays(AS_OF, 3),
        amount: '5000',
        probability: 0.6,
        delay_days: { kind: 'fixed', days: 1 },
      },
      {
        kind: 'tranche',
        date: addDays(AS_OF, 3),
        amount: '7000',
        probability: 0.4,
        delay_days: { kind: 'none' },
      },
    ],
  };
  assert.deepEqual(
    paid({ ...input, plan }, 4).filter(([, stream]) => stream === 'audit_fee'),
    [[addDays(AS_OF, 2), 'audit_fee', 25_000n]],
  );
  const raised = expectedDays({ ...input, plan }, 6).filter(({ fundingMinor }) => fundingMinor !== undefined);
  assert.deepEqual(
    raised.map(({ date, fundingMinor }) => [date, fundingMinor]),
    [[addDays(AS_OF, 4), 500_000n]],
  );
});

test('without a forecast nothing is expected', () => {
  assert.deepEqual(expectedDays(runwayInput({ days: [] }), 7), []);
});
