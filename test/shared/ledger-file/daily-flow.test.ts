import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { dailyFlows } from '../../../shared/ledger-file/daily-flow.ts';
import { fromEpochDay } from '../../../shared/time/civil-date.ts';

test('a day nets its lines and keeps both directions', () => {
  const date = fromEpochDay(20_000);
  const lines = [5n, -7n, -1n, 0n].map((amountMinor, index) => ({ line: index + 2, date, amountMinor }));
  assert.deepEqual(dailyFlows(lines), [
    {
      date,
      netMinor: -3n,
      inflowMinor: 5n,
      outflowMinor: 8n,
      outflowCount: 2,
      streams: [{ stream: '', inflowMinor: 5n, outflowMinor: 8n, inflowCount: 1, outflowCount: 2 }],
    },
  ]);
});

test('a line belongs to the stream of its category, else of what its description says beside numbers', () => {
  const date = fromEpochDay(20_000);
  const line = (category: string, description: string) => ({
    line: 2,
    date,
    amountMinor: -1n,
    category,
    description,
  });
  const [day] = dailyFlows([
    line('Office Rent', 'ACME 12/2025'),
    line('', 'ACH ACME PROPERTIES 12/2025 #4711'),
    line('', 'ACH Acme Properties 01/2026 #4823'),
  ]);
  assert.deepEqual(
    day?.streams.map(({ stream, outflowCount }) => [stream, outflowCount]),
    [
      ['ach_acme_properties', 2],
      ['office_rent', 1],
    ],
  );
});

test('law: the days sum to the lines, in date order, whatever order the lines came in', () => {
  const line = fc.record({ day: fc.integer({ min: 0, max: 30 }), amountMinor: fc.bigInt() });
  fc.assert(
    fc.property(fc.array(line), (raw) => {
      const lines = raw.map(({ day, amountMinor }, index) => ({
        line: index + 2,
        date: fromEpochDay(day),
        amountMinor,
      }));
      const days = dailyFlows(lines);
      const total = lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
      assert.equal(
        days.reduce((sum, { netMinor }) => sum + netMinor, 0n),
        total,
      );
      assert(days.every((day) => day.netMinor === day.inflowMinor - day.outflowMinor));
      assert.deepEqual(
        days.map(({ date }) => date),
        [...new Set(lines.map(({ date }) => date))].sort(),
      );
      assert.deepEqual(dailyFlows(lines.toReversed()), days);
    }),
  );
});

test('money raised and an opening balance are days of the ledger, and no part of its pattern', () => {
  const date = fromEpochDay(20_000);
  const flows = dailyFlows([
    { line: 2, date, amountMinor: 900n, category: 'Opening balance' },
    { line: 3, date: fromEpochDay(20_001), amountMinor: 800n, category: 'funding' },
    { line: 4, date: fromEpochDay(20_001), amountMinor: -7n, category: 'rent' },
  ]);
  assert.deepEqual(flows, [
    { date, netMinor: 0n, inflowMinor: 0n, outflowMinor: 0n, outflowCount: 0, streams: [] },
    {
      date: fromEpochDay(20_001),
      netMinor: -7n,
      inflowMinor: 0n,
      outflowMinor: 7n,
      outflowCount: 1,
      streams: [{ stream: 'rent', inflowMinor: 0n, outflowMinor: 7n, inflowCount: 0, outflowCount: 1 }],
    },
  ]);
});
